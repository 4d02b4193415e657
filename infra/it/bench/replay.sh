#!/bin/sh
# Measures how fast a log is folded, compared with a consumer that only parses each record, how much heap an event takes,
# and the time from the start of an aggregator until it serves all events from a snapshot.
#   infra/it/bench/replay.sh [EVENTS] [ROUNDS]
. "$(dirname -- "$0")/bench"
bench ReplayBench "$home/studies/quick.yaml" "${1:-1000000}" "${2:-3}"
