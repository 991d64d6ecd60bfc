#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Everything between a clone and a built tree; each step is skipped when it has
# nothing to do. The build folder is MLXIR_BUILD_DIR, by default build/.
# usage: build.sh [CMAKE_OPTION...] [-- NINJA_ARGUMENT...]
source "$(dirname "$0")/common.sh"

"$root/scripts/install-system-packages.sh"
"$root/scripts/make-venv.sh"
mlir_source=$("$root/scripts/fetch-mlir-python.sh")

options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
[ "${1:-}" != -- ] || shift

build=${MLXIR_BUILD_DIR:-$build}
llvm=$("llvm-config-$llvm_major" --prefix)
configuration=(
  -G Ninja -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release
  "-DCMAKE_C_COMPILER=$llvm/bin/clang" "-DCMAKE_CXX_COMPILER=$llvm/bin/clang++"
  "-DMLIR_DIR=$llvm/lib/cmake/mlir" "-DMLXIR_MLIR_SOURCE=$mlir_source"
  "-DPython_EXECUTABLE=$venv/bin/python" "-DPython3_EXECUTABLE=$venv/bin/python"
  "${options[@]}"
)
stamp=$build/.mlxir-configured
packages=$(cat "$venv"/.mlxir-build-*)
# Ninja itself runs CMake again when a CMakeLists.txt changed; this is for the rest.
if ! stamp_is "$stamp" "${configuration[@]}" "$packages" || [ ! -f "$build/build.ninja" ]; then
  say "configuring $build"
  mkdir -p "$build"
  rm -f "$build/CMakeCache.txt"
  cmake "${configuration[@]}" >"$build/configure.log" 2>&1 || { cat "$build/configure.log" >&2; die "cmake failed"; }
  stamp_write "$stamp" "${configuration[@]}" "$packages"
fi
cmake --build "$build" -- "$@"
# As an installed package has it, also where the environment keeps Python from writing it.
"$venv/bin/python" -m compileall -q -x /_mlir/ "$root/python/mlxir"
