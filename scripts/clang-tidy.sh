#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Runs clang-tidy on the files given, with the commands that the build uses for
# them. The precompiled header is left out: clang-tidy reads the real includes.
# usage: clang-tidy.sh FILE...
source "$(dirname "$0")/common.sh"
[ -f "$build/compile_commands.json" ] || die "clang-tidy needs a configured build: run make build"
database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
sed -E 's/-Xclang -include(-pch)? -Xclang [^ ]*cmake_pch[^ ]*//g; s/-Winvalid-pch//g' \
  "$build/compile_commands.json" >"$database/compile_commands.json"
clang-tidy-22 --quiet --warnings-as-errors='*' -p "$database" "$@"
