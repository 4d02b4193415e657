#!/bin/sh
# Compares the time to 2 % for tr F and tr H with other tools and plain PyTorch: same checkpoint, same examples, one thread each,
# interleaved.
#   PYTHON=/path/to/python flatness-probe/bench/speed.sh MODEL [EXAMPLES] [FOLDER]
#   TEXT=lines.txt PYTHON=/path/to/python flatness-probe/bench/speed.sh MODEL [EXAMPLES] [FOLDER]
# MODEL is a folder that infra/basin export wrote, for example of the study tree-5.yaml beside this file, or made
# from that by grow.sh; or, with TEXT, a causal model, for example made by models.py, on lines of equally many tokens. A method's spread comes
# from 30 repetitions of EXAMPLES (default 640) each, with the same examples for every method. Its time is the CPU time that 2 % takes,
# measured whole, or a part of it where it is longer than LIMIT seconds (20), in five interleaved rounds (ROUNDS), each after a warm-up.
# Results already in FOLDER are reused; spreads do not depend on the machine's load, but times do. OURS names settings of Basin
# (estimator:batch), SIZES batch sizes of the others. Exit status 1 with a sentence if a figure is below the resolution of its clock.
# Needs a Python with torch, transformers, numpy, PyHessian and curvlinops-for-pytorch.
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
# Writes the output of a command to a file, completely or not at all.
into() {
  file=$folder/$1
  shift
  [ -s "$file" ] || { "$@" >"$file.part" && mv "$file.part" "$file"; }
}
failed() { cat "$folder/errors" >&2; }
trap 'code=$?; [ $code = 0 ] || failed; [ -n "${3:-}" ] || rm -rf "$folder"; exit $code' EXIT

limit=${LIMIT:-20}
[ -s "$folder/data.json" ] || ours data "$model" "$folder" $((30 * examples)) ${TEXT:+"$TEXT"}
# shellcheck disable=SC2086
into spread-ours ours spread "$model" "$folder" "$examples" $settings
into spread-peers peers spread "$model" "$folder" "$examples"
for round in $(seq "${ROUNDS:-5}"); do
  # shellcheck disable=SC2086
  into "time-ours-$round" ours time "$model" "$folder" "$limit" $settings
  into "time-peers-$round" peers time "$model" "$folder" "$limit"
done
"$python" "$here/table.py" "$folder"
