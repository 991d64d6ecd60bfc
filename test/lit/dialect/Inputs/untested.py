# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names the ops that no test of round trips contains: untested.py NAMES FOLDER."""

import pathlib
import re
import sys

names, folder = sys.argv[1:]
texts = [path.read_text() for path in pathlib.Path(folder).glob("*.mlir") if "RUN: %roundtrip" in path.read_text()]
tested = {name for text in texts for name in re.findall(r"CHECK: mlxir\.(\w+)", text)}
missing = set(pathlib.Path(names).read_text().split()) - tested
print("\n".join(f"mlxir.{name} has no round trip" for name in sorted(missing)) or "every op has a round trip")
