#!/bin/sh
# Kills services and broker with SIGKILL while a study runs, and compares the record with that of the same study undisturbed.
#   infra/it/bench/kills.sh [KILLS] [SEED] [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench KillBench "${3:-$home/studies/quick.yaml}" "${1:-100}" "${2:-1}"
