# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names the ops that lit lacks a kind of test for: untested.py NAMES FOLDER, where FOLDER is test/lit.

A mention is no test: a round trip is a CHECK line of a file that is parsed and printed; a refusal is an op that follows
the error it is to give; a run is a CHECK line with what a function that holds the op computed.
"""

import pathlib
import re
import sys

names, folder = sys.argv[1:]
ops = set(pathlib.Path(names).read_text().split())


def texts(run: str) -> list[str]:
    files = [path.read_text() for path in pathlib.Path(folder).rglob("*.mlir")]
    return [text for text in files if f"RUN: {run}" in text]


round_trips = {op for text in texts("%roundtrip") for op in re.findall(r"CHECK: mlxir\.(\w+)", text)}

refusals = set()
for text in texts("%invalid"):
    for part in text.split("// -----"):
        _, found, after = part.partition("expected-error @below {{")
        line = next((line for line in after.splitlines()[1:] if "//" not in line), "") if found else ""
        refusals |= set(re.findall(r"\bmlxir\.(\w+)", line))

runs = set()
for text in texts("mlxir-run %s | %check"):
    bodies = dict(re.findall(r"^func\.func @(\w+)(.*?)^}", text, re.M | re.S))
    for name in re.findall(r"^// CHECK(?:-NEXT)?: (\w+): \w+\[", text, re.M):
        runs |= set(re.findall(r"= mlxir\.(\w+)", bodies[name]))

missing = [
    f"mlxir.{op} has no {kind}"
    for kind, tested in (("round trip", round_trips), ("refusal", refusals), ("run", runs))
    for op in sorted(ops - tested)
]
print("\n".join(missing) or f"every op has a round trip, a refusal and a run: {len(ops)}")
