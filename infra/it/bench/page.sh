#!/bin/sh
# Measures the live page in Chromium with 200 runs of ten checkpoints: its first drawing, a switch, an update, and the update's bytes
# compared with those of 20 runs.
#   infra/it/bench/page.sh [ROUNDS]
. "$(dirname -- "$0")/bench"
cd "$home/../aggregator"
bench PageBench "${1:-11}"
