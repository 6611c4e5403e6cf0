#!/usr/bin/env bash
# scripts/soak.sh [MINUTES] [PRESET]: an engine under a folder that never stays the same, for
# MINUTES (30), built as PRESET (dev; asan and tsan for their form): writes, renames and deletes at
# a bounded rate; loads one after the other, every fifth of them killed; watches that are killed or
# asked to end after some seconds; and one watch that goes on all the time, each with an OUTPUT of
# its own. The counts must add up and the three trees be that of a quiet run; peak memory and
# descriptors are printed.
#
# ENGINE_SOAK_SEED (1), ENGINE_SOAK_RATE (changes a second, 50), TMPDIR (/dev/shm)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

minutes=${1:-30}
preset=${2:-dev}
install_packages test
build "$preset" engine_cli
work=$(mktemp -d "${TMPDIR:-/dev/shm}/engine-soak.XXXXXX")
trap 'rm -rf "$work"' EXIT
# The thread sanitizer's runtime does not start where the kernel scatters addresses too widely.
fixed=()
[[ $preset == tsan ]] && fixed=(--fixed-addresses)
python3 -B "$root/scripts/soak.py" --engine="$root/build/$preset/bin/engine" --work="$work" \
  --minutes="$minutes" --seed="${ENGINE_SOAK_SEED:-1}" --rate="${ENGINE_SOAK_RATE:-50}" \
  "${fixed[@]}"
