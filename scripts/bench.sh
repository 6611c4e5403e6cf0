#!/usr/bin/env bash
# scripts/bench.sh [--quick] [TMPFS_DIR]: how fast the engine is. Writes docs/bench:
#
# throughput.md        1,000 generated scripts of 50 KB, beside the floor and the predecessor
# dumps.md, dumps.svg  one dump of 1 GiB of each kind, beside cp; the cost of a megabyte by size
# shared_blocks.md     such a dump on images of XFS and btrfs, beside a real copy (needs root)
# folders.md, .svg     100,000 sources of 1 KB, 10,000 directories; a second run, one changed source
# Then it prints how long the catalogue takes to be brought up for 250, 500 and 1,000 scripts.
#
# --quick      a tenth of the sources, dumps of 64 MiB, 2 rounds, and nothing is written to docs/
# TMPFS_DIR    where input and output lie while it runs; default /dev/shm. It takes 3 GiB there.
#
# The plots need gnuplot (Debian: gnuplot-nox) and are left out where there is none.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

to=$root/docs/bench
throughput=(--files=1000 --rounds=5 "--report=$to/throughput.md")
dumps=(--size=$((1 << 30)) --rounds=5 "--report=$to/dumps.md" "--plot=$to/dumps.svg")
shared=(--size=$((1 << 30)) --rounds=5 "--report=$to/shared_blocks.md")
folders=(--tiny=100000 --rounds=5 "--report=$to/folders.md" "--plot=$to/folders.svg")
catalogue=(--files=250,500,1000)
if [[ ${1-} == --quick ]]; then
  throughput=(--files=100 --rounds=2)
  dumps=(--size=$((64 << 20)) --rounds=2)
  shared=(--size=$((64 << 20)) --rounds=2)
  folders=(--tiny=10000 --rounds=2)
  catalogue=(--files=25,50,100 --rounds=1)
  shift
fi
place=${1:-/dev/shm}
[[ -d $place && -w $place ]] || die "$place: not a folder that can be written to; name another"

install_packages test
build bench
work=$(mktemp -d "$place/engine-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
run() { python3 -B "$root/bench/$1.py" --bin="$root/build/bench/bin" --work="$work" "${@:2}"; }
run throughput --micro "${throughput[@]}"
run dumps "${dumps[@]}"
run shared_blocks "${shared[@]}"
run folders "${folders[@]}"
run catalogue "${catalogue[@]}"
