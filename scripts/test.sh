#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# All tests, over a tree that is built: lit, the runtime's C tests, Python.
# Every suite runs even when an earlier one fails; pytest's summary comes last.
# usage: test.sh [lit] [c] [py]    (default: all three)
source "$(dirname "$0")/common.sh"
export MLXIR_BUILD_DIR=${MLXIR_BUILD_DIR:-$build} PATH=$venv/bin:$PATH

run_lit() { "$venv/bin/lit" --order=smart -sv "$root/test/lit"; }
run_c() { ctest --test-dir "$MLXIR_BUILD_DIR" --output-on-failure --no-tests=error; }
# A run without tests is pytest's exit status 5, and fails like any other.
run_py() { "$venv/bin/python" -m pytest -q -m 'not stress' --rootdir "$root" "$root/test/py"; }

[ $# -gt 0 ] || set -- lit c py
failed=()
for suite in "$@"; do "run_$suite" || failed+=("$suite"); done
[ "${#failed[@]}" -eq 0 ] || die "failed: ${failed[*]}"
