#!/bin/sh
# Measures a folder that infra/basin export wrote, and checks it against plain PyTorch: verify.sh FOLDER [--pairs N] [--batch N] ...
# PYTHON names a Python with torch, transformers, safetensors and numpy, LIMIT the maximum seconds of the measurement (900). The
# arguments after the folder are passed to infra/basin probe.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ $# -lt 1 ] || [ ! -d "$1" ]; then
  printf '%s\n' "verify: give a folder that infra/basin export RUN STEP --out FOLDER wrote." >&2
  exit 2
fi
folder=$1
shift
python=${PYTHON:-python3}
"$python" -c 'import numpy, safetensors, torch, transformers' 2>/dev/null || {
  printf '%s\n' "verify: $python lacks torch, transformers, safetensors or numpy: set PYTHON to one that has them." >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

[ $# -gt 0 ] || set -- --estimator hessian.split --pairs 1000 --batch 32
"$here/../../infra/basin" probe "$folder" "$@" --json --logits "$work/logits.json" >"$work/measured.json"
OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} HF_HUB_OFFLINE=1 "$python" "$here/verify.py" "$folder" \
  --measured "$work/measured.json" --logits "$work/logits.json" --limit "${LIMIT:-900}"
