#!/bin/sh
# Prints a Markdown table of every trace estimator's cost to reach a relative standard error: seconds, and gradients of one
# example, which do not depend on the machine's load.
#   flatness-probe/bench/costs.sh MODEL [ERROR] [LIMIT]
# MODEL is a folder that infra/basin export wrote. ERROR is 2% by default, LIMIT 60s. An estimator that has not
# reached the error by then is listed at its current error, with the extrapolated cost (quadratic in the error) in brackets.
# Needs a Python.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
model=$1
error=${2:-2%}
limit=${3:-60s}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
estimators=${ESTIMATORS:-fisher.output fisher.sampled fisher.batch fisher.selected fisher.forward hessian.split hessian.forward hessian.refined hessian.hutchinson hessian.hutchpp hessian.xtrace adaptive.forward adaptive.exact paired layers.exact}
for estimator in $estimators; do
  echo "$estimator" >&2
  "$home/infra/basin" probe "$model" --estimator "$estimator" --precision "$error" --at-most "$limit" --batch 32 --device cpu \
    --json >"$folder/$estimator.json" 2>"$folder/$estimator.err" \
    || cat "$folder/$estimator.err" >&2
done
"${PYTHON:-python3}" - "$folder" "$error" $estimators <<'PYTHON'
import json, os, sys
folder, wanted, estimators = sys.argv[1], float(sys.argv[2].rstrip('%')) / 100, sys.argv[3:]
print(f'| estimator | quantity | value ± standard error, nats | reached | gradients of an example to {wanted:.0%} | seconds to {wanted:.0%} |')
print('|---|---|---|---|---|---|')
for estimator in estimators:
    path = os.path.join(folder, estimator + '.json')
    if not os.path.exists(path):
        said = open(os.path.join(folder, estimator + '.err')).read().strip().replace('\n', ' ')
        print(f'| `{estimator}` | | refused: {said.removeprefix("basin: ")} | | | |')
        continue
    told = json.load(open(path))
    for reading in told['readings']:
        if reading['quantity'] == 'hessian.fisher.gap':
            continue
        value, error = reading['value']['value'], reading['value']['stderr']
        reached = error / abs(value)
        # The error falls with the square root of the examples; the minimum number of pairs may exceed what is needed.
        factor = (reached / wanted) ** 2
        def cost(amount):
            return f'{amount:,.3g}' if factor <= 1.21 else f'({amount * factor:,.3g})'
        gradients = told['gradients']
        gradients = 'not counted' if not gradients else (f'{gradients:,.0f}' if factor <= 1.21 else f'({gradients * factor:,.0f})')
        print(f"| `{estimator}` | {reading['quantity']} | {value:.3g} ± {error:.2g} | {reached:.1%} | {gradients} | {cost(told['seconds'])} |")
PYTHON
