#!/bin/sh
# Runs many consecutive measurements and prints live native arrays and resident memory after each.
#   flatness-probe/bench/leaks.sh MODEL [MEASUREMENTS]
# MODEL is a folder that infra/basin export wrote.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
BASIN_HEAP=1g
bench basin.flatness.bench.Leaks "$1" "${2:-1000}"
