#!/bin/sh
# A checkpoint of 20 MiB end to end, beside a bare producer and consumer that carry the same bytes in chunks of the same size.
#   infra/it/bench/blobs.sh [ROUNDS]
. "$(dirname -- "$0")/bench"
bench BlobBench "$home/studies/quick.yaml" "${1:-20}"
