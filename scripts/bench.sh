#!/usr/bin/env bash
# scripts/bench.sh [--quick] [--peers] [--big] [--parts=A,B] [--before=COMMIT] [TMPFS_DIR]:
# how fast the engine is. Writes docs/bench:
#
# throughput.md        1,000 generated scripts of 50 KB, beside the floor and the predecessor
# queues.md            the work queue beside the queues that others would take
# dumps.md, dumps.svg  one dump of 1 GiB of each kind, beside cp; the cost of a megabyte by size
# shared_blocks.md     such a dump on images of XFS and btrfs, beside a real copy (needs root)
# folders.md, .svg     100,000 sources of 1 KB, 10,000 directories; a second run, one changed source
# neo4j.md             what Neo4j takes, beside the official Python driver (needs Java, Maven)
# Then it prints how long the catalogue takes to be brought up for 250, 500 and 1,000 scripts.
#
# --quick      a tenth of the sources, dumps of 64 MiB, 2 rounds, and nothing is written to docs/
# --peers      peers.md too: what others cut dumps and watch folders with, and what that lost.
#              sql-splitter is built into ~/.cache/engine-peers by cargo, which takes minutes
# --big        big.md too: dumps of 1 and 10 GiB below build/ (22 GiB on its disk), one table that
#              is 90 % of a dump, one script of 200 MB
# --before=COMMIT  only the engine of this checkout in turn with that of COMMIT, which is built
#              below build/before: what it takes of its time, and whether the trees are the same.
#              For programs that are there already: bench/in_turn.py --help
# --parts      only those of throughput,queues,dumps,shared_blocks,folders,catalogue,neo4j,peers,
#              big
# TMPFS_DIR    where input and output lie while it runs; default /dev/shm. It takes 3 GiB there.
#
# What only some rows need (other people's queues, gnuplot for the plots) is installed where it can
# be had; those rows are left out where it cannot.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

to=$root/docs/bench
throughput=(--files=1000 --rounds=5 "--report=$to/throughput.md")
queues=(--rounds=5 "--report=$to/queues.md")
dumps=(--size=$((1 << 30)) --rounds=5 "--report=$to/dumps.md" "--plot=$to/dumps.svg")
shared=(--size=$((1 << 30)) --rounds=5 "--report=$to/shared_blocks.md")
folders=(--tiny=100000 --rounds=5 "--report=$to/folders.md" "--plot=$to/folders.svg")
catalogue=(--files=250,500,1000)
neo4j=(--files=1000 --rounds=5 "--report=$to/neo4j.md")
in_turn=(--rounds=5)
peers=(--build --rounds=5 "--report=$to/peers.md")
big=(--rounds=5 "--disk=$root/build/bench-big" "--report=$to/big.md")
parts=throughput,queues,dumps,shared_blocks,folders,catalogue,neo4j
before=
place=/dev/shm
for word in "$@"; do
  case $word in
    --quick)
      throughput=(--files=100 --rounds=2)
      queues=(--rounds=2 --seconds=0.01)
      dumps=(--size=$((64 << 20)) --rounds=2)
      shared=(--size=$((64 << 20)) --rounds=2)
      folders=(--tiny=10000 --rounds=2)
      catalogue=(--files=25,50,100 --rounds=1)
      neo4j=(--files=20 --rounds=1)
      in_turn=(--files=100 --size=$((16 << 20)) --rounds=3)
      peers=(--size=$((16 << 20)) --small=1000000 --files=20 --rounds=1)
      big=(--sizes=$((1 << 26)) --one-table=$((1 << 26)) --modules=2000000 --rounds=1
        "--disk=$root/build/bench-big")
      ;;
    --peers) parts+=,peers ;;
    --big) parts+=,big ;;
    --parts=*) parts=${word#*=} ;;
    --before=*)
      before=$(git -C "$root" rev-parse --verify --quiet "${word#*=}^{commit}") ||
        die "$word: no commit of this checkout"
      parts=in_turn
      ;;
    --help)
      sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    -*) die "$word: not an option; --help has them all" ;;
    *) place=$word ;;
  esac
done
known=throughput,queues,dumps,shared_blocks,folders,catalogue,neo4j,peers,big,in_turn
for part in ${parts//,/ }; do
  [[ ,$known, == *,$part,* ]] || die "--parts=$part: no such part; --help has them all"
done
[[ -d $place && -w $place ]] || die "$place: not a folder that can be written to; name another"

install_packages test
(install_packages bench) || say "$me: goes on without them"
build bench
work=$(mktemp -d "$place/engine-bench.XXXXXX")
trap 'rm -rf "$work" "$root/build/bench-big"' EXIT
# run PART OPTION...: bench/PART.py, where that is one of the parts wanted.
run() {
  [[ ,$parts, == *,${1%_load},* ]] || return 0
  python3 -B "$root/bench/$1.py" --bin="$root/build/bench/bin" --work="$work" "${@:2}"
}
run throughput --micro "${throughput[@]}"
run queues "${queues[@]}"
run dumps "${dumps[@]}"
run shared_blocks "${shared[@]}"
run folders "${folders[@]}"
run catalogue "${catalogue[@]}"
# 77: no server can be had, and that has been said. The file's name is not that of Python's module.
run neo4j_load "--server=$root/scripts/neo4j.sh" "${neo4j[@]}" || [[ $? == 77 ]]
run peers "${peers[@]}"
run big "${big[@]}"
if [[ -n $before ]]; then
  at=$root/build/before/$before
  if [[ ! -x $at/build/bench/bin/engine ]]; then
    say "$me: building the engine of $before (minutes)"
    mkdir -p "$at"
    git -C "$root" archive "$before" | tar -x -C "$at"
    quietly "$at.log" "cmake --preset bench" cmake -S "$at" --preset bench
    quietly "$at.log" "building $before" cmake --build "$at/build/bench" --target engine_cli
  fi
  run in_turn "${in_turn[@]}" "$at/build/bench/bin/engine" "$root/build/bench/bin/engine"
fi
