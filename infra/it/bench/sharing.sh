#!/bin/sh
# Measures how well workers share simulated work: compared with greedy list scheduling, with 1 and 4 workers, and while they join and leave.
. "$(dirname -- "$0")/bench"
bench SharingBench
