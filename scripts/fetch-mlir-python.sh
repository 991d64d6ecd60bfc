#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Fetches the sources of MLIR's Python bindings, which Debian does not package,
# from the source package of the installed LLVM's own version, and prints the
# folder in which they lie. MLXIR_MLIR_SOURCE names a folder that has them already.
source "$(dirname "$0")/common.sh"

version=$("llvm-config-$llvm_major" --version)
is_source() { [ -f "$1/python/mlir/ir.py" ] && [ -f "$1/lib/Bindings/Python/IRCore.cpp" ]; }

if [ -n "${MLXIR_MLIR_SOURCE:-}" ]; then
  is_source "$MLXIR_MLIR_SOURCE" || die "MLXIR_MLIR_SOURCE=$MLXIR_MLIR_SOURCE has no python/mlir and lib/Bindings/Python"
  echo "$MLXIR_MLIR_SOURCE"
  exit 0
fi
target=$root/third_party/mlir-$version
if is_source "$target"; then
  echo "$target"
  exit 0
fi
command -v apt-get >/dev/null ||
  die "please unpack mlir/ of LLVM $version's source somewhere and set MLXIR_MLIR_SOURCE to it"

# The mirrors that apt is set up with, from either style of its configuration.
mirrors() {
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -r "$file" ]; then sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' "$file"; fi
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    if [ -r "$file" ]; then sed -nE 's/^URIs: *([^ ]+).*/\1/p' "$file"; fi
  done
}
# stanza PATTERN SUITES: a source stanza for the first mirror that matches.
stanza() {
  local uri; uri=$(mirrors | grep -E "$1" | sed -n 1p) || return 0
  printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$2"
  [ ! -f "$keyring" ] || echo "Signed-By: $keyring"
  echo
}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# The installed LLVM's own archive, and those that keep the same release.
stanzas=$(stanza '/debian-security/?$' bookworm-security; stanza '/debian/?$' 'trixie sid')
[ -n "$stanzas" ] || die "no Debian mirror in apt's configuration; set MLXIR_MLIR_SOURCE to mlir/ of LLVM $version's source"

say "fetching MLIR $version's binding sources"
mkdir -p "$root/third_party"
work=$(mktemp -d "$root/third_party/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/unpacked"
echo "$stanzas" >"$work/sources/source.sources"
# A configuration of its own: the system's lists stay as they are, and no root is needed.
apt=(-qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/sources" -o "Dir::State::Lists=$work/lists"
  -o "Dir::Cache=$work" -o Acquire::Retries=3 -o "APT::Sandbox::User=$(id -un)")
apt-get "${apt[@]}" update >&2
name=llvm-toolchain-$llvm_major
package=$(apt-cache "${apt[@]}" showsrc "$name" |
  awk -v v="$version" '$1 == "Version:" && $2 ~ "^[0-9]+:" v "-" { found = $2 } END { print found }')
[ -n "$package" ] || die "the mirror has no source of LLVM $version; set MLXIR_MLIR_SOURCE to its mlir/ folder"
(cd "$work" && apt-get "${apt[@]}" source --download-only --tar-only "$name=$package" >&2)
tar -xJf "$work/${name}_"*.orig.tar.xz -C "$work/unpacked" --strip-components=2 --wildcards \
  '*/mlir/python/*' '*/mlir/lib/Bindings/Python/*'
is_source "$work/unpacked" || die "LLVM $version's source package has no MLIR Python bindings where they are expected"
rm -rf "$target"
mv "$work/unpacked" "$target"
echo "$target"
