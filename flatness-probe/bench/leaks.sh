#!/bin/sh
# Many measurements in a row: live native arrays and resident memory after each.
#   flatness-probe/bench/leaks.sh MODEL [MEASUREMENTS]
# MODEL is a folder that infra/basin export wrote; the program is built (infra/basin help builds it).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "${JAVA:-java}" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dai.djl.offline=true -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 \
  -cp "$here/../../infra/local/target/program/*" basin.flatness.bench.Leaks "$1" "${2:-1000}"
