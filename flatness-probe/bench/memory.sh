#!/bin/sh
# The most memory that one evaluation takes beyond what the process holds before it, each in a process of its own: a forward pass, an
# ordinary gradient, tr F from per-example norms, and v'Hv from forward passes, over one batch.
#   flatness-probe/bench/memory.sh MODEL [BATCH]
# MODEL is a folder that infra/basin export wrote.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
# One arena, and every large array a mapping of its own that goes back when it is freed; the heap is there from the start. Resident memory
# is then what arrays take.
export MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=131072
BASIN_HEAP=256m
BASIN_FLAGS='-Xms256m -XX:+AlwaysPreTouch'
for what in forward gradient fisher hessian; do
  (bench basin.flatness.bench.PeakMemory "$1" "$what" "${2:-128}")
done
