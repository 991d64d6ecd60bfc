# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs clang-tidy on the files given, with the commands that the build uses for them.

The precompiled header is left out: clang-tidy reads the real includes. A file that passed
is not checked again before it, a header of ours that it includes, or the configuration changes.

usage: clang_tidy.py FILE...
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("MLXIR_BUILD_DIR", ROOT / "build"))
TIDY = "clang-tidy-22"
PCH = re.compile(r"-Xclang -include(-pch)? -Xclang [^ ]*cmake_pch[^ ]*|-Winvalid-pch")


def headers() -> dict[str, list[str]]:
    """The repository's files that each object file was made from, as the build recorded them."""
    listing = subprocess.run(["ninja", "-C", BUILD, "-t", "deps"], capture_output=True, text=True, check=True).stdout
    found: dict[str, list[str]] = {}
    for block in listing.split("\n\n"):
        target, *files = block.splitlines() or [""]
        paths = [os.path.normpath(BUILD / name.strip()) for name in files]
        found[target.partition(":")[0]] = sorted(p for p in paths if p.startswith(f"{ROOT}/"))
    return found


def output(entry: dict[str, str]) -> str:
    """The object file that a command makes."""
    found = re.search(r" -o (\S+)", entry["command"])
    return found[1] if found else ""


def key(entry: dict[str, str], files: list[str], common: bytes) -> str:
    """What a check of one file depends on."""
    digest = hashlib.sha256(common + entry["command"].encode())
    for name in sorted({entry["file"], *files}):
        path = pathlib.Path(name)
        if path.suffix in (".cpp", ".h", ".inc"):
            digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()


def main(arguments: list[str]) -> int:
    database = BUILD / "compile_commands.json"
    if not database.exists():
        sys.exit("clang_tidy.py: clang-tidy needs a configured build: run make build")
    entries = json.loads(PCH.sub("", database.read_text()))
    wanted = {str((ROOT / name).resolve()) for name in arguments}
    chosen = [entry for entry in entries if entry["file"] in wanted]
    version = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    common = version + (ROOT / ".clang-tidy").read_bytes()
    dependencies = headers()
    passed = BUILD / "clang-tidy"
    passed.mkdir(exist_ok=True)

    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps(entries))

        def check(entry: dict[str, str]) -> bool:
            mark = passed / key(entry, dependencies.get(output(entry), []), common)
            if mark.exists():
                return True
            command = [TIDY, "--quiet", "--warnings-as-errors=*", "-p", folder, entry["file"]]
            result = subprocess.run(command, capture_output=True, text=True)
            if result.returncode:
                print(result.stdout, end="", flush=True)
                return False
            mark.touch()
            return True

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return 0 if all(list(pool.map(check, chosen))) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
