#!/bin/sh
# Measures how fast a log with 1 % poison records is folded, compared with a clean one, and checks that all poison is dead-lettered.
#   infra/it/bench/poison.sh [RECORDS] [ROUNDS]
. "$(dirname -- "$0")/bench"
bench PoisonBench "$home/studies/quick.yaml" "${1:-100000}" "${2:-3}"
