#!/bin/sh
# Suspends and kills processes while a study runs, another program writes and a reader reads; then counts anomalies in the log's history.
#   infra/it/bench/history.sh [MINUTES] [SEED] [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench HistoryBench "${3:-$home/studies/quick.yaml}" "${1:-10}" "${2:-1}"
