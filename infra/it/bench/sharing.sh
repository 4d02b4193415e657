#!/bin/sh
# How well workers share simulated work: beside greedy list scheduling, with one and four workers, and while they come and go.
. "$(dirname -- "$0")/bench"
bench SharingBench
