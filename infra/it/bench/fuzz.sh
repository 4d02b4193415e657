#!/bin/sh
# Fuzzes every reader of input from outside, one after the other, and prints for each the executions and the crashes. Inputs that crash
# a reader are written to infra/it/target/fuzz; mend the reader and move them to infra/it/src/test/resources/fuzz.
#   infra/it/bench/fuzz.sh [MINUTES] [SEED] [READER...]
. "$(dirname -- "$0")/bench"
minutes=${1:-10}
seed=${2:-1}
[ $# -gt 2 ] && shift 2 || shift $#
BASIN_HEAP=${BASIN_HEAP:-1g}
bench basin.it.fuzz.FuzzBench "$minutes" "$seed" "$home/it/target/fuzz" "$@"
