#!/bin/sh
# How fast a log is taken of which one record in a hundred is poison, beside a clean one; and that all poison is dead-lettered.
#   infra/it/bench/poison.sh [RECORDS] [ROUNDS]
. "$(dirname -- "$0")/bench"
bench PoisonBench "$home/studies/quick.yaml" "${1:-100000}" "${2:-3}"
