#!/usr/bin/env bash
# scripts/kill_loop.sh [ROUNDS] [SEED]: loads and watches that are killed at random times, ROUNDS of
# each (500), while the folder changes; then the tree is held against that of a quiet run.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_packages test
build dev kill_loop_test
ENGINE_KILL_ROUNDS=${1:-500} ENGINE_KILL_SEED=${2:-1} \
  "$root/build/dev/bin/kill_loop_test"
