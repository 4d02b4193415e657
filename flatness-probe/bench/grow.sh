#!/bin/sh
# Makes a network of 9.6 million parameters from one of 0.8 million: embeds it in twice the width and twelve layers, then
# continues its training.
#   PYTHON=/path/to/python flatness-probe/bench/grow.sh MODEL TO [STEPS]
# MODEL is an export of the study tree-5.yaml beside this file. Needs a Python with torch, transformers, safetensors and
# numpy. The default of 700 steps takes 20 minutes on one core.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(bench basin.flatness.bench.Enlarged "$1" "$work/larger" 2 12)
HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 "${PYTHON:-python3}" "$home/../flatness-probe/bench/grow.py" "$work/larger" "$2" "${3:-700}"
