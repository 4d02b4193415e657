#!/bin/sh
# Stops the broker, fills its disk and exhausts a probe's memory while a study runs; compares with an undisturbed run (needs util-linux).
#   infra/it/bench/surroundings.sh [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench SurroundingsBench "${1:-$home/studies/quick.yaml}"
