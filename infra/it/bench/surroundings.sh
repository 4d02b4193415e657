#!/bin/sh
# Broker away, broker's disk full, no memory in a probe, while a study runs, against the study undisturbed (Linux: util-linux is needed).
#   infra/it/bench/surroundings.sh [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench SurroundingsBench "${1:-$home/studies/quick.yaml}"
