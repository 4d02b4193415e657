#!/bin/sh
# Prints the peak memory that one evaluation adds to its process, each in a separate process: a forward pass, an ordinary
# gradient, tr F from per-example norms, and v'Hv from forward passes, over one batch.
#   flatness-probe/bench/memory.sh MODEL [BATCH]
# MODEL is a folder that infra/basin export wrote.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
# One arena, and a separate mapping for every large array, which is returned when it is freed. The heap is allocated at the start.
# Resident memory then shows the arrays.
export MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=131072
BASIN_HEAP=256m
BASIN_FLAGS='-Xms256m -XX:+AlwaysPreTouch'
for what in forward gradient fisher hessian; do
  (bench basin.flatness.bench.PeakMemory "$1" "$what" "${2:-128}")
done
