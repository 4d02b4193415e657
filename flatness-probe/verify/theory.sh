#!/bin/sh
# Checks theoretical predictions about flatness numerically; infra/docs/theory quotes the results.
#   flatness-probe/verify/theory.sh drift [CHAINS] [SEED]
#   flatness-probe/verify/theory.sh brackets
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
. "$home/it/bench/bench"
[ $# -gt 0 ] || set -- drift
[ "$1" = drift ] || set -- brackets 0 "${3:-1}"
bench basin.flatness.theory.TheoryReport "$@"
