#!/bin/sh
# Time to 2 % for tr F and tr H beside other tools and plain PyTorch: same checkpoint, same examples, one thread each, in turn.
#   PYTHON=/path/to/python flatness-probe/bench/speed.sh MODEL [SECONDS]
# MODEL is a folder that infra/basin export wrote; SECONDS bounds one setting of one method (default 30). Needs a Python with torch,
# transformers, numpy, PyHessian and curvlinops-for-pytorch, and the program built (infra/basin help builds it). Prints one line of JSON a
# setting, and then a table.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=$here/../../infra/local/target/program
python=${PYTHON:-python3}
java=${JAVA:-java}
model=$1
seconds=${2:-30}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE MKL_CBWR="${MKL_CBWR:-AUTO}" HF_HUB_OFFLINE=1

ours() {
  "$java" -Xmx3g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Dai.djl.offline=true -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 \
    -cp "$program/*" basin.flatness.bench.TimeToError "$@" 2>/dev/null
}

ours data "$model" "$folder" "${EXAMPLES:-200000}"
"$python" "$here/peers.py" "$model" "$folder" "$seconds" ${PEERS:+"$PEERS"} 2>"$folder/errors" | tee "$folder/peers"
[ -s "$folder/peers" ] || { cat "$folder/errors" >&2; exit 1; }
# shellcheck disable=SC2086
ours time "$model" "$folder" "$seconds" ${OURS:-fisher.output:128 fisher.selected:128 fisher.forward:32 hessian.forward:32 \
  hessian.split:32 hessian.selected:128 paired:64} | tee "$folder/ours"
"$python" "$here/table.py" "$folder/peers" "$folder/ours"
