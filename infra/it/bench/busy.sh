#!/bin/sh
# Runs a study of four runs undisturbed, then again in a process that competes with busy ones, is stopped for a while (a laptop's
# lid) and, where libfaketime is installed, sees its wall clock jump an hour forth and back; compares the tables byte for byte.
#   [BUSY=30] infra/it/bench/busy.sh [BUSY_SECONDS] [STOP_SECONDS] [STUDY.yaml]
. "$(dirname -- "$0")/bench"
bench BusyBench "${3:-$home/it/bench/busy.yaml}" "${BUSY:-30}" "${1:-600}" "${2:-120}"
