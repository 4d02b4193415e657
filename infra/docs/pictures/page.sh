#!/usr/bin/env bash
# Draws page.png, the live page at the end of the study quick. The study is run in FOLDER first if its record is not there.
#   infra/docs/pictures/page.sh FOLDER
set -euo pipefail
folder=${1:?give a folder for the record of the study quick}
home=$(cd -- "$(dirname -- "$0")/../.." && pwd)
log=$(mktemp)
"$home/basin" run quick --data "$folder" --port 0 >"$log" 2>&1 &
run=$!
trap 'kill "$run" 2>/dev/null || true; rm -f "$log"' EXIT
trap 'exit 130' INT TERM
until page=$(grep -o -m 1 'http://127.0.0.1:[0-9]*' "$log") && curl -fs "$page/api/studies" | grep -q '"done"'; do
  kill -0 "$run"
  sleep 1
done
chromium --headless --no-sandbox --hide-scrollbars --window-size=1280,1500 --timeout=20000 \
  --screenshot="$home/docs/pictures/page.png" "$page/"
