#!/usr/bin/env bash
# scripts/run.sh [ENGINE OPTIONS]: installs what is missing, builds, and runs the engine where you
# stand. Without arguments it turns docs/sample into a tree and shows it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_packages run
build release engine_cli
engine=$root/build/release/bin/engine
(($#)) && exec "$engine" "$@"

output=$root/out/sample
mkdir -p "$root/out"
status=0
"$engine" "$root/docs/sample" "$output" || status=$?
echo
echo "$output"
# Names sort byte by byte, so that the picture is the same in every locale.
(cd "$output" 2>/dev/null && find . -mindepth 1 -name .engine -prune -o -mindepth 1 -print) |
  LC_ALL=C sort |
  awk -F/ '{ printf "%*s%s\n", 2 * (NF - 1), "", $NF }'
exit "$status"
