#!/bin/sh
# Runs the same measurements on the CPU and on every CUDA device of this machine. Prints seconds, their ratio, and the distance
# of the values from float64 on the CPU.
#   flatness-probe/bench/devices.sh MODEL [BATCH]
# MODEL is a folder that infra/basin export wrote. infra/docs/operating.md lists the requirements of a GPU machine.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
bench basin.flatness.bench.DeviceSpeed "$1" "${2:-64}" fisher.output hessian.split hessian.forward paired
