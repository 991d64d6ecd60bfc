#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Makes .venv with the Python packages that pyproject.toml names, at the
# versions that were tested, and puts python/ on its path.
# usage: make-venv.sh [EXTRA...]    (extras of pyproject.toml; default: what a build, test and demo need)
source "$(dirname "$0")/common.sh"

extras=("$@")
[ "${#extras[@]}" -gt 0 ] || extras=(build test demo oracle)
# What exists only for some machines: the tests that need it say that they are skipped.
optional=" oracle "
base=$(find_python) || die "no Python 3.11 with headers and venv"
requirements() { "$base" "$root/scripts/requirements.py" "$@"; }
inputs=("$base" "$("$base" -V)" "$root" "$(requirements "${extras[@]}")" "$(requirements --tested "${extras[@]}")")
stamp=$venv/.mlxir-$(IFS=-; echo "${extras[*]}")
stamp_is "$stamp" "${inputs[@]}" && exit 0

# An environment of another interpreter, or one that was moved, is made anew.
"$venv/bin/python" -c "import sys; sys.exit(sys.prefix != '$venv')" 2>/dev/null || rm -rf "$venv"
[ -x "$venv/bin/python" ] || { say "making .venv"; "$base" -m venv "$venv"; }

file=$(mktemp)
trap 'rm -f "$file"' EXIT
install() { requirements "$@" >"$file" && "$venv/bin/python" -m pip install -q -r "$file"; }
say "installing Python packages into .venv"
required=()
for extra in "${extras[@]}"; do [[ $optional == *" $extra "* ]] || required+=("$extra"); done
if [ "${#required[@]}" -gt 0 ] && ! install --tested "${required[@]}"; then
  say "the tested versions cannot be installed here; taking any that satisfy pyproject.toml"
  install "${required[@]}"
fi
for extra in "${extras[@]}"; do
  [[ $optional == *" $extra "* ]] || continue
  install --tested "$extra" || say "$extra cannot be installed here; tests that need it will be skipped"
done

site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$root/python" >"$site/mlxir-developer.pth"
stamp_write "$stamp" "${inputs[@]}"
