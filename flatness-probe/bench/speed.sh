#!/bin/sh
# Time to 2 % for tr F and tr H beside other tools and plain PyTorch: same checkpoint, same examples, one thread each, in turn.
#   PYTHON=/path/to/python flatness-probe/bench/speed.sh MODEL [EXAMPLES] [FOLDER]
# MODEL is a folder that infra/basin export wrote, of the study tree-5.yaml beside this file say, or what grow.sh made of that. How a
# method varies comes from 30 repetitions of EXAMPLES (default 640) each, the same examples for every method; what an example costs, in
# processor time of the one thread, is taken in five rounds in turn (ROUNDS). What FOLDER holds already is not computed again: spreads do
# not depend on how busy the machine is, times do. OURS names settings of ours (estimator:batch), SIZES batches of the others. Needs a
# Python with torch, transformers, numpy, PyHessian and curvlinops-for-pytorch.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
here=$home/../flatness-probe/bench
python=${PYTHON:-python3}
model=$1
examples=${2:-640}
folder=${3:-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
export HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1
settings=${OURS:-fisher.output:64 fisher.output:16 fisher.output:8 fisher.forward:16 fisher.batch:64 hessian.split:64 hessian.split:16 hessian.split:8 hessian.forward:64 hessian.forward:16 hessian.forward:8 hessian.refined:64}

mkdir -p "$folder"
ours() { (bench basin.flatness.bench.TimeToError "$@" 2>>"$folder/errors"); }
peers() { "$python" "$here/peers.py" "$@" 2>>"$folder/errors"; }
# Runs a command into a file, whole or not at all.
into() {
  file=$folder/$1
  shift
  [ -s "$file" ] || { "$@" >"$file.part" && mv "$file.part" "$file"; }
}
failed() { cat "$folder/errors" >&2; }
trap 'code=$?; [ $code = 0 ] || failed; [ -n "${3:-}" ] || rm -rf "$folder"; exit $code' EXIT

[ -s "$folder/data.json" ] || ours data "$model" "$folder" $((30 * examples))
# shellcheck disable=SC2086
into spread-ours ours spread "$model" "$folder" "$examples" $settings
into spread-peers peers spread "$model" "$folder" "$examples"
for round in $(seq "${ROUNDS:-5}"); do
  # shellcheck disable=SC2086
  into "time-ours-$round" ours time "$model" "$folder" $settings
  into "time-peers-$round" peers time "$model" "$folder"
done
"$python" "$here/table.py" "$folder"
