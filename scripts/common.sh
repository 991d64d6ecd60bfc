# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Sourced by the other scripts: where things are, and how a step is skipped when
# nothing that it depends on has changed.
# shellcheck shell=bash

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
build=$root/build
llvm_major=22
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf 'mlxir: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# stamp_is STAMP TEXT...: true when STAMP was written for the same texts.
stamp_is() {
  local stamp=$1; shift
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(printf '%s\n' "$@" | sha256sum)" ]
}

# stamp_write STAMP TEXT...
stamp_write() {
  local stamp=$1; shift
  mkdir -p "$(dirname "$stamp")"
  printf '%s\n' "$@" | sha256sum >"$stamp"
}

# The Python to build for: MLXIR_BASE_PYTHON, else the first 3.11 that can build extensions
# and make virtual environments.
find_python() {
  local candidate
  for candidate in ${MLXIR_BASE_PYTHON:-} /usr/bin/python3.11 python3.11; do
    candidate=$(command -v "$candidate") || continue
    if "$candidate" -c 'import ensurepip, os, sysconfig, venv; assert os.path.exists(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}
