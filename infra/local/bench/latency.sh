#!/bin/sh
# How long after the last chunk of a small checkpoint is acknowledged /metrics has its values and points, and then the intervals.
#   infra/local/bench/latency.sh [CHECKPOINTS]
. "$(dirname -- "$0")/bench"
bench LatencyBench "$home/local/bench/latency.yaml" "${1:-1000}"
