#!/bin/sh
# The same measurements on the CPU and on every CUDA device of this machine: seconds, their ratio, and how far the values are from float64
# on the CPU.
#   flatness-probe/bench/devices.sh MODEL [BATCH]
# MODEL is a folder that infra/basin export wrote. What a machine with a GPU needs is in infra/docs/operating.md.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
bench basin.flatness.bench.DeviceSpeed "$1" "${2:-64}" fisher.output hessian.split hessian.forward paired
