# Shared by the scripts beside it: installing what is missing, building quietly. Sourced, not run.
# Whoever sources it has set -euo pipefail.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
me=scripts/$(basename "$0")

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$me: $*"
  exit 2
}

# quietly LOG WHAT COMMAND...: output goes to LOG; a failure shows its end and says where it lies.
quietly() {
  local log=$1 what=$2
  shift 2
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    die "$what failed; all of its output: $log"
  fi
}

# install_packages run|test|bench: what scripts/packages.txt names and this machine lacks.
install_packages() {
  command -v dpkg-query >/dev/null || return 0 # not Debian: cmake says what it cannot find
  local name scope missing=()
  while read -r name scope; do
    [[ -z $name || $name == \#* ]] && continue
    [[ $scope == run || $scope == "$1" ]] || continue
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] ||
      missing+=("$name")
  done <"$root/scripts/packages.txt"
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    local hint="as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    command -v sudo >/dev/null || die "Debian packages are missing; $hint"
    as_root=(sudo)
    [[ -t 0 ]] || sudo -n true 2>/dev/null || die "Debian packages are missing; $hint"
    sudo -v || die "Debian packages are missing; $hint"
  fi
  say "$me: installing ${missing[*]}"
  quietly "$root/build/apt-update.log" "apt-get update" \
    "${as_root[@]}" apt-get -q -o Acquire::Retries=3 update
  quietly "$root/build/apt-install.log" "apt-get install" \
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o Acquire::Retries=3 install --no-install-recommends "${missing[@]}"
}

# build PRESET [TARGET...]: build/PRESET, configured when it is not. One at a time per checkout.
build() {
  local preset=$1 dir=$root/build/$1 log=$root/build/$1.log
  shift
  mkdir -p "$dir"
  exec 9>"$dir.lock"
  flock 9
  if [[ ! -f $dir/build.ninja ]]; then
    say "$me: building $preset (the first time takes minutes)"
    quietly "$log" "cmake --preset $preset" cmake -S "$root" --preset "$preset"
  fi
  quietly "$log" "building $preset" cmake --build "$dir" ${1:+--target "$@"}
  exec 9>&-
}
