#!/bin/sh
# Measures the transfer of a 20 MiB checkpoint; baseline: a plain producer and consumer with the same bytes in chunks of the same size.
#   infra/it/bench/blobs.sh [ROUNDS]
. "$(dirname -- "$0")/bench"
bench BlobBench "$home/studies/quick.yaml" "${1:-20}"
