#!/bin/sh
# How long after the last chunk of a small checkpoint is acknowledged /metrics has its values and points, and then the intervals.
#   infra/it/bench/latency.sh [CHECKPOINTS]
. "$(dirname -- "$0")/bench"
bench LatencyBench "$home/it/bench/latency.yaml" "${1:-1000}"
