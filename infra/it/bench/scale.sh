#!/bin/sh
# Runs a study on one process of each service, then four, then two, and compares it with the same study in one JVM.
#   infra/it/bench/scale.sh [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench ScaleBench "${1:-$home/studies/quick.yaml}"
