#!/bin/sh
# One small study after another: native arrays after every work item, and memory that must not grow.
#   infra/it/bench/soak.sh [MINUTES] [STUDY.yaml]
. "$(dirname -- "$0")/bench"
export BASIN_HEAP="${BASIN_HEAP:-2g}"
bench SoakBench "${2:-$home/it/src/test/resources/tiny.yaml}" "${1:-60}"
