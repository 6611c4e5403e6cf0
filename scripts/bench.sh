#!/usr/bin/env bash
# scripts/bench.sh [--quick] [TMPFS_DIR]: how fast the engine loads 1,000 generated scripts of 50 KB
# each, beside the floor and the predecessor; writes docs/bench/throughput.md. Then how long the
# catalogue takes to be brought up for 250, 500 and 1,000 of them.
#
# --quick      100 files, 2 rounds, and nothing is written to docs/
# TMPFS_DIR    where input and output lie while it runs; default /dev/shm
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

catalogue=(--files=250,500,1000)
options=(--files=1000 --rounds=5 "--report=$root/docs/bench/throughput.md")
if [[ ${1-} == --quick ]]; then
  options=(--files=100 --rounds=2)
  catalogue=(--files=25,50,100 --rounds=1)
  shift
fi
place=${1:-/dev/shm}
[[ -d $place && -w $place ]] || die "$place: not a folder that can be written to; name another"

install_packages test
build bench
work=$(mktemp -d "$place/engine-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
python3 -B "$root/bench/throughput.py" --bin="$root/build/bench/bin" --work="$work" --micro \
  "${options[@]}"
python3 -B "$root/bench/catalogue.py" --bin="$root/build/bench/bin" --work="$work" "${catalogue[@]}"
