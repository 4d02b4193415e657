#!/bin/sh
# Compares the training throughput with eager PyTorch and transformers: same weights, same batches, one thread each,
# in alternation.
#   PYTHON=/path/to/python trainer/bench/throughput.sh
# Needs a Python with torch, transformers, safetensors and numpy.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
here=$home/../trainer/bench
python=${PYTHON:-python3}
rounds=${ROUNDS:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE MKL_CBWR="${MKL_CBWR:-AUTO}"

ours() { (bench basin.trainer.bench.TrainingThroughput "$@" 2>/dev/null); }
median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

"$python" -c 'import torch, transformers; print("torch", torch.__version__, "transformers", transformers.__version__)'
printf '%-38s %12s %12s %12s %8s %8s\n' 'network, batch' 'pytorch' 'ours full' 'shortcut' 'full' 'shortcut'
printf '%-38s %12s %12s %12s %8s %8s\n' '' 'tokens/s' 'tokens/s' 'tokens/s' 'ratio' 'ratio'
# words longest width layers heads batch steps
for setting in "18 8 32 2 4 128 220" "18 8 64 2 4 128 160" "200 32 128 4 4 128 40"; do
  ours data "$folder" $setting
  : >"$folder/pytorch"; : >"$folder/full"; : >"$folder/shortcut"
  for round in $(seq "$rounds"); do
    "$python" "$here/throughput.py" "$folder" $setting 2>/dev/null >"$folder/line"
    losses=$(cut -d' ' -f3 "$folder/line"); cut -d' ' -f2 "$folder/line" >>"$folder/pytorch"
    for mode in full shortcut; do
      ours time "$folder" $setting $mode >"$folder/line"
      losses="$losses $(cut -d' ' -f3 "$folder/line")"; cut -d' ' -f2 "$folder/line" >>"$folder/$mode"
    done
  done
  p=$(median <"$folder/pytorch"); f=$(median <"$folder/full"); s=$(median <"$folder/shortcut")
  set -- $setting
  printf '%-38s %12s %12s %12s %8s %8s\n' "words $1, T $2, width $3, layers $4, B $6" "$p" "$f" "$s" \
    "$(awk "BEGIN {printf \"%.2f\", $f / $p}")" "$(awk "BEGIN {printf \"%.2f\", $s / $p}")"
  echo "  last loss, pytorch, full, shortcut: $losses"
done
