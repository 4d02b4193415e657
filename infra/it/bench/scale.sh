#!/bin/sh
# A study on one process of each service, then four, then two, while it is under way, beside the same study in one JVM.
#   infra/it/bench/scale.sh [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench ScaleBench "${1:-$home/studies/quick.yaml}"
