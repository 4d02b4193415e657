#!/bin/sh
# Pauses and kills while a study runs, another program writes and a reader reads all along; then looks for anomalies in the history.
#   infra/it/bench/history.sh [MINUTES] [SEED] [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench HistoryBench "${3:-$home/studies/quick.yaml}" "${1:-10}" "${2:-1}"
