#!/bin/sh
# Runs one small study after another and checks that native arrays and memory do not grow.
#   infra/it/bench/soak.sh [MINUTES] [STUDY.yaml]
. "$(dirname -- "$0")/bench"
export BASIN_HEAP="${BASIN_HEAP:-2g}"
bench SoakBench "${2:-$home/cli/src/test/resources/tiny.yaml}" "${1:-60}"
