#!/bin/sh
# Compares this machine's first CUDA device with its CPU and writes a page: versions, every estimator against float64 on the CPU, speeds,
# and a small study through the services of run, whose traces must be within three standard errors of the CPU's. Takes some minutes and no
# network once the program is built.
#   flatness-probe/bench/devices.sh [--device DEVICE] [--out FILE]
# DEVICE is auto (the default, the first CUDA device), cuda:N, or cpu, which compares the CPU with itself and so tests the benchmark alone.
# FILE (default devices.md) is the page. Exit status 1 if something differs or there is no CUDA device, 2 for wrong options.
# infra/docs/operating.md lists the requirements of a GPU machine.
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../infra" && pwd)
here=$home/../flatness-probe/bench
device=auto
page=devices.md
while [ $# -gt 0 ]; do
  case $1 in
    --device) device=${2:?} ;;
    --out) page=${2:?} ;;
    *)
      printf '%s\n' "devices: '$1' is no option: give --device DEVICE or --out FILE." >&2
      exit 2
      ;;
  esac
  shift 2
done
. "$home/it/bench/bench"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

settled=$(bench basin.flatness.bench.DeviceReport settle "$device")
if [ "$device" = auto ] && [ "$settled" = cpu ]; then
  printf '%s\n' "devices: this machine has no CUDA device that PyTorch can use: install one, or give --device cpu to test the benchmark." >&2
  exit 1
fi
status=0
(bench basin.flatness.bench.DeviceReport "$settled") >"$work/page" || status=1
# Runs the study on a device; its services are those of every run.
study() {
  sed "s/device: cpu/device: $2/" "$here/devices.yaml" >"$work/$1.yaml"
  "$home/basin" run "$work/$1.yaml" --data "$work/$1" --out "$work/$1-results" --port 0 --exit-when-done --quiet >"$work/$1.log" 2>&1 || {
    code=$?
    cat "$work/$1.log" >&2
    return $code
  }
}
study cpu cpu
study device "$settled"
(bench DeviceStudies "$settled" "$work/cpu-results" "$work/device-results") >>"$work/page" || status=1
cp "$work/page" "$page"
cat "$page"
exit $status
