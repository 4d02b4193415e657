#!/bin/sh
# Measures the time from the acknowledgement of a small checkpoint's last chunk to its values and points, and its intervals, in /metrics.
#   infra/it/bench/latency.sh [CHECKPOINTS]
. "$(dirname -- "$0")/bench"
bench LatencyBench "$home/it/bench/latency.yaml" "${1:-1000}"
