#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Installs the checkers and runs every check of .pre-commit-config.yaml.
# usage: lint.sh [FILE...]    (default: all files)
source "$(dirname "$0")/common.sh"
"$root/scripts/install-system-packages.sh" clang-format-22 clang-tidy-22
"$root/scripts/make-venv.sh" lint
cd "$root"
files=(--all-files)
[ $# -eq 0 ] || files=(--files "$@")
"$venv/bin/pre-commit" run "${files[@]}"
