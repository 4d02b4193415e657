#!/bin/sh
# The same measurements on the CPU and on every CUDA device of this machine: seconds, their ratio, and how far the values are from float64
# on the CPU.
#   flatness-probe/bench/devices.sh MODEL [BATCH]
# MODEL is a folder that infra/basin export wrote; the program is built (infra/basin help builds it). What a machine with a GPU needs is in
# infra/docs/operating.md.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "${JAVA:-java}" -Xmx2g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dai.djl.offline=true -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 \
  -cp "$here/../../infra/local/target/program/*" basin.flatness.bench.DeviceSpeed "$1" "${2:-64}" \
  fisher.output hessian.split hessian.forward paired
