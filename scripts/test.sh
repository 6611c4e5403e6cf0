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
arguments=("$@")
failed=()

# check TESTS: runs the test preset TESTS.
check() {
  say "$me: ctest --preset $1"
  # Two for each processor: a third of the tests' time is waiting.
  ctest --preset "$1" -j "$((2 * $(nproc)))" "${arguments[@]}"
}

# note_failed TESTS [BUILD]: ctest's own list of what failed, which later output pushes away.
note_failed() {
  failed+=("$1: $(cat "build/${2-$1}/Testing/Temporary/LastTestsFailed.log")")
}

# check_beside TESTS COMMAND...: the same while COMMAND builds the next ones: what waits for servers
# or for time leaves room for a compiler.
check_beside() {
  local tests=$1 log=build/$1/tests.log
  shift
  check "$tests" >"$log" 2>&1 &
  local checking=$!
  # shellcheck disable=SC2064 # these, not those of then
  trap "wait $checking || true; cat $log" EXIT # also where the build fails
  "$@"
  trap - EXIT
  wait "$checking" || note_failed "$tests"
  cat "$log"
}

# The run with the most tests comes last: its summary closes the output. What the sanitizers run is
# not built and run without them as well, and no way to watch is run under both, unless there is
# time.
if [[ -n $long ]]; then
  for preset in fuzz bench asan tsan dev; do
    tests=$preset
    [[ $preset == @(fuzz|bench) ]] || tests+=-long
    build "$preset"
    check "$tests" || note_failed "$tests" "$preset"
  done
else
  build plain plain_tests
  check_beside plain build tsan
  check_beside tsan build asan
  check asan || note_failed asan
fi
((${#failed[@]} == 0)) || {
  for list in "${failed[@]}"; do say "$me: failed in $list"; done
  exit 1
}
