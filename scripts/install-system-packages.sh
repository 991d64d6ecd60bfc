#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Makes sure that the compilers, LLVM and MLIR that the build needs are there:
# installs what is missing on Debian 12, names it and stops anywhere else.
# usage: install-system-packages.sh [PACKAGE...]    (packages wanted besides)
source "$(dirname "$0")/common.sh"

packages=(
  ca-certificates ccache clang-22 cmake git g++ libclang-rt-22-dev libmlir-22-dev
  libzstd-dev lld-22 llvm-22 llvm-22-dev llvm-22-tools make mlir-22-tools
  ninja-build xz-utils zlib1g-dev "$@"
)
# g++ is here for its C++ standard library, which clang uses.
find_python >/dev/null || packages+=(python3.11 python3.11-dev python3.11-venv)

is_debian_12() {
  [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}-${VERSION_ID:-}" = debian-12 ])
}

# Elsewhere the programs and files themselves are looked for.
missing_elsewhere() {
  local program
  for program in ccache clang-22 clang++-22 cmake git ld.lld-22 llvm-config-22 make ninja xz; do
    command -v "$program" >/dev/null || echo "$program"
  done
  if command -v llvm-config-22 >/dev/null; then
    local prefix; prefix=$(llvm-config-22 --prefix)
    [ -f "$prefix/lib/cmake/mlir/MLIRConfig.cmake" ] || echo "MLIR 22 (CMake package, headers, libMLIR.so)"
    [ -x "$prefix/bin/mlir-tblgen" ] || echo "mlir-tblgen 22"
    [ -x "$prefix/bin/FileCheck" ] || echo "FileCheck 22"
  fi
  find_python >/dev/null || echo "Python 3.11 with headers and venv"
}

missing_packages() {
  local package
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  for package in "${packages[@]}"; do
    grep -qxF "$package" <<<"$installed" || echo "$package"
  done
}

if ! is_debian_12; then
  missing=$(missing_elsewhere)
  [ -z "$missing" ] && exit 0
  die "this is not Debian 12, so nothing is installed for you; please install: $(paste -sd, - <<<"$missing" | sed 's/,/, /g')"
fi

mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || die "these packages are missing and there is no sudo: ${missing[*]}"
  as_root=(sudo)
fi
say "installing ${missing[*]}"
apt=(apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
"${as_root[@]}" "${apt[@]}" update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" ||
  die "apt-get could not install them (LLVM 22 is in Debian 12's security archive: is that among apt's sources?)"
