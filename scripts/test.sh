#!/usr/bin/env bash
# scripts/test.sh [--long] [CTEST ARGUMENTS]: installs what is missing, builds and runs the tests,
# as they are and under the address, undefined behaviour and thread sanitizers.
#
# --long       adds the tests labelled `long`, all others in the plain build too, the fuzz targets,
#              and the benchmarks as short tests
# ENGINE_CORPUS, ENGINE_CASES   folders of sample SQL; tests that need them are skipped without
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ ${1-} == --help ]]; then
  sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 0
fi
long=
if [[ ${1-} == --long ]]; then
  long=yes
  shift
fi
for name in ENGINE_CORPUS ENGINE_CASES; do
  [[ -z ${!name-} ]] || export "$name=$(realpath "${!name}")" # ctest stands elsewhere
done

install_packages test
cd "$root"
failed=()

# check BUILD TESTS [CTEST ARGUMENTS]: runs the test preset TESTS.
check() {
  local preset=$1 tests=$2
  shift 2
  say "$me: ctest --preset $tests"
  # Two for each processor: a third of the tests' time is waiting.
  ctest --preset "$tests" -j "$((2 * $(nproc)))" "$@" && return
  # ctest's own list, which later output pushes away
  failed+=("$tests: $(cat "build/$preset/Testing/Temporary/LastTestsFailed.log")")
  return 1
}

# The run with the most tests comes last: its summary closes the output. What the sanitizers run is
# not built and run without them as well, and no way to watch is run under both, unless there is
# time.
if [[ -n $long ]]; then
  for preset in fuzz bench asan tsan dev; do
    tests=$preset
    [[ $preset == @(fuzz|bench) ]] || tests+=-long
    build "$preset"
    check "$preset" "$tests" "$@" || true
  done
else
  build plain plain_tests
  # What waits for servers leaves room for a compiler.
  beside=build/plain/tests.log
  check plain plain "$@" >"$beside" 2>&1 &
  checking=$!
  trap 'wait "$checking" || true; cat "$beside"' EXIT # also where the build fails
  build tsan
  trap - EXIT
  wait "$checking" || failed+=("plain: $beside names them")
  cat "$beside"
  check tsan tsan "$@" || true
  build asan
  check asan asan "$@" || true
fi
((${#failed[@]} == 0)) || {
  for list in "${failed[@]}"; do say "$me: failed in $list"; done
  exit 1
}
