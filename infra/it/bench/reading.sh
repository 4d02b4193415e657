#!/usr/bin/env bash
# Measures the processor time (user and system, in seconds, median of three) of the commands that read a record, on the machine as it is
# and beside busy processes that it starts and ends. Without a folder it runs the study quick first.
#   infra/it/bench/reading.sh [FOLDER] [BUSY]
set -euo pipefail
home=$(cd -- "$(dirname -- "$0")/../.." && pwd)
busy=${2:-30}
work=$(mktemp -d)
workers=()
end() {
  [ ${#workers[@]} -eq 0 ] || kill "${workers[@]}" 2>/dev/null || true
  workers=()
}
trap 'end; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The first call builds what is out of date.
"$home/basin" help >/dev/null
folder=${1:-}
if [ -z "$folder" ]; then
  folder=$work/quick
  "$home/basin" run quick --data "$folder" --port 0 --exit-when-done >/dev/null
fi
"$home/basin" status --data "$folder" >"$work/status"
# The study that was put on record first, and one of its runs.
study=$(sed -n '1s/ .*//p' "$work/status")
run=$("$home/basin" status "$study" --data "$folder" | sed -n '2s/^ *\([^ ]*\).*/\1/p')
question=(--data "$folder" --study "$study")

# once COMMAND...: the seconds that it takes.
once() {
  rm -rf "$work/out"
  mkdir "$work/out"
  local TIMEFORMAT='%U %S'
  { time "$home/basin" "$@" >"$work/told" 2>&1 || { cat "$work/told" >&2; exit 1; }; } 2>"$work/time"
  awk 'END {print $1 + $2}' "$work/time"
}

median() { for _ in 1 2 3; do once "$@"; done | sort -n | sed -n 2p; }

# Every command, a line each: name and seconds.
all() {
  printf '%s %s\n' \
    help "$(median help)" \
    status "$(median status --data "$folder")" \
    trace "$(median trace "$run" --data "$folder")" \
    replay "$(median replay "${question[@]}" --out "$work/out/answer")" \
    results "$(median results "${question[@]}" --out "$work/out/page.md")" \
    pick "$(median pick "${question[@]}")" \
    rank "$(median rank "${question[@]}")" \
    export "$(median export --study "$study" --data "$folder" --out "$work/out/record.zip")"
}

all >"$work/idle"
for _ in $(seq "$busy"); do
  (while :; do :; done) &
  workers+=("$!")
done
all >"$work/beside"
end
printf '%-8s %8s %12s %7s\n' command alone "beside $busy" ratio
paste -d ' ' "$work/idle" "$work/beside" | awk '{printf "%-8s %8.2f %12.2f %7.2f\n", $1, $2, $4, $4 / $2}'
