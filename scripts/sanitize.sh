#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The runtime and its C tests under the address and undefined-behaviour
# sanitizers (MLXIR_SANITIZE=thread for the other one), without suppressions.
source "$(dirname "$0")/common.sh"
sanitizers=${MLXIR_SANITIZE:-address,undefined}
export MLXIR_BUILD_DIR=$root/build-${sanitizers//,/-}
"$root/scripts/build.sh" "-DMLXIR_SANITIZE=$sanitizers" -DMLXIR_PYTHON=OFF -DMLXIR_PYTHON_IR=OFF -- mlxir-runtime-tests
# The tests fork with threads; a child that goes on is what they are about.
export TSAN_OPTIONS=die_after_fork=0
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
ctest --test-dir "$MLXIR_BUILD_DIR" --output-on-failure --no-tests=error -LE compiler
