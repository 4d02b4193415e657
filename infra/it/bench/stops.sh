#!/bin/sh
# Stops probe, run, ingest, the services and the broker at random moments by SIGTERM, SIGINT and SIGHUP; counts what is not as documented.
#   infra/it/bench/stops.sh [STOPS] [SEED]
# A shell lets what it starts in the background ignore SIGINT, and programs inherit that (env of coreutils 8.31 or newer undoes it).
[ "${BASIN_SIGNALS:-}" = default ] || exec env --default-signal=INT,HUP BASIN_SIGNALS=default "$0" "$@"
. "$(dirname -- "$0")/bench"
bench StopBench "$home/cli/src/test/resources/tiny.yaml" "${1:-500}" "${2:-1}"
