#!/usr/bin/env bash
# scripts/test.sh [--long] [CTEST ARGUMENTS]: installs what is missing, builds and runs the tests,
# as they are and under the address, undefined behaviour and thread sanitizers.
#
# --long       adds the tests labelled `long`, the fuzz targets and the benchmarks as short tests
# ENGINE_CORPUS, ENGINE_CASES   folders of sample SQL; tests that need them are skipped without
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

long=
if [[ ${1-} == --long ]]; then
  long=-long
  shift
fi
for name in ENGINE_CORPUS ENGINE_CASES; do
  [[ -z ${!name-} ]] || export "$name=$(realpath "${!name}")" # ctest stands elsewhere
done

install_packages test
cd "$root"
failed=()
# The plain run comes last: its summary, of all the tests there are, closes the output.
for preset in ${long:+fuzz bench} asan tsan dev; do
  build "$preset"
  say "$me: ctest --preset $preset"
  suffix=
  [[ $preset == dev ]] && suffix=$long
  # Two for each processor: a third of the tests' time is waiting.
  ctest --preset "$preset$suffix" -j "$((2 * $(nproc)))" "$@" || failed+=("$preset")
done
((${#failed[@]} == 0)) || {
  for preset in "${failed[@]}"; do
    say "$me: failed in $preset:" # ctest's own list, which later output has pushed away
    cat "build/$preset/Testing/Temporary/LastTestsFailed.log" >&2 || true
  done
  exit 1
}
