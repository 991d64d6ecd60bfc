#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# All tests, over a tree that is built: lit, the runtime's C tests, Python.
# Every suite runs even when an earlier one fails; pytest's summary comes last.
source "$(dirname "$0")/common.sh"
build=${MLXIR_BUILD_DIR:-$build}
export MLXIR_BUILD_DIR=$build PATH=$venv/bin:$PATH
failed=()

"$venv/bin/lit" --order=smart -sv "$root/test/lit" || failed+=(lit)
ctest --test-dir "$build" --output-on-failure --no-tests=error || failed+=(ctest)
# A run without tests is pytest's exit status 5, and fails like any other.
"$venv/bin/python" -m pytest -q -m 'not stress' --rootdir "$root" "$root/test/py" || failed+=(pytest)

[ "${#failed[@]}" -eq 0 ] || die "failed: ${failed[*]}"
