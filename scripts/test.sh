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

# run BUILD TESTS [TARGET...] -- [CTEST ARGUMENTS]: builds and runs the test preset TESTS.
run() {
  local preset=$1 tests=$2 targets=()
  shift 2
  while [[ $1 != -- ]]; do
    targets+=("$1")
    shift
  done
  shift
  build "$preset" "${targets[@]}"
  say "$me: ctest --preset $tests"
  # Two for each processor: a third of the tests' time is waiting.
  ctest --preset "$tests" -j "$((2 * $(nproc)))" "$@" && return
  failed+=("$tests: $(cat "build/$preset/Testing/Temporary/LastTestsFailed.log")")
}

# The run with the most tests comes last: its summary closes the output. What the sanitizers run is
# not built and run without them as well, unless there is time.
if [[ -n $long ]]; then
  run fuzz fuzz -- "$@"
  run bench bench -- "$@"
  run asan asan -- "$@"
  run tsan tsan -- "$@"
  run dev dev-long -- "$@"
else
  run plain plain plain_tests -- "$@"
  run tsan tsan -- "$@"
  run asan asan -- "$@"
fi
((${#failed[@]} == 0)) || {
  # ctest's own lists, which later output has pushed away
  for list in "${failed[@]}"; do say "$me: failed in $list"; done
  exit 1
}
