# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names the ops that lit lacks a kind of test for: untested.py REFERENCE FOLDER, where FOLDER is test/lit.

REFERENCE is what mlxir-tblgen -gen-op-reference says of the records: which ops there are, and why some have no vjp, jvp
or vmap. Those are named too, with the reason.

A mention is no test: a round trip is a CHECK line of a file that is parsed and printed; a refusal is an op that follows
the error it is to give; a run, vjp, jvp or vmap is a line with what a function that holds the op computed.
"""

import pathlib
import re
import sys

reference, folder = map(pathlib.Path, sys.argv[1:])
files = [path.read_text() for path in folder.rglob("*.mlir")]
# | `tan` | summary | elements | kind | cost | vjp | jvp | vmap |
rows = [line.strip("| ").split(" | ") for line in reference.read_text().splitlines() if line.startswith("| `")]
ops = {row[0].strip("`"): dict(zip(("vjp", "jvp", "vmap"), row[-3:], strict=True)) for row in rows}


def round_trips() -> set[str]:
    texts = [text for text in files if "RUN: %roundtrip" in text]
    return {op for text in texts for op in re.findall(r"^// CHECK: mlxir\.(\w+)", text, re.M)}


def refusals() -> set[str]:
    found: set[str] = set()
    for text in files:
        if "RUN: %invalid" not in text:
            continue
        for part in text.split("// -----"):
            _, expected, after = part.partition("expected-error @below {{")
            line = next((line for line in after.splitlines()[1:] if "//" not in line), "") if expected else ""
            found |= set(re.findall(r"\bmlxir\.(\w+)", line))
    return found


def runs(transform: str = "") -> set[str]:
    """Ops of functions whose result is checked; with `transform`, that of what it makes of them."""
    option = f" --transform={transform}" if transform else ""
    prefix = transform.upper() or "CHECK"
    found: set[str] = set()
    for text in files:
        if f"// RUN: mlxir-run %s{option} | %check" in text:
            bodies = dict(re.findall(r"^func\.func @(\w+)(.*?)^}", text, re.M | re.S))
            for name in re.findall(rf"^// {prefix}(?:-NEXT)?: (\w+): \w+\[", text, re.M):
                found |= set(re.findall(r"^  %\w+ = mlxir\.(\w+)", bodies[name], re.M))
    return found


kinds = {"round trip": round_trips(), "refusal": refusals(), "run": runs()}
kinds |= {transform: runs(transform) for transform in ("vjp", "jvp", "vmap")}

excused: dict[tuple[str, str], list[str]] = {}
missing = []
for kind, tested in kinds.items():
    for op in sorted(ops):
        why = ops[op].get(kind, "")
        if why in ("no floats", "no operand"):
            excused.setdefault((kind, why), []).append(op)
        elif op not in tested:
            missing.append(f"mlxir.{op} has no {kind}")
for (kind, why), names in excused.items():
    print(f"no {kind} ({why}): {' '.join(names)}")
print("\n".join(missing) or f"every op has a {', a '.join(list(kinds)[:-1])} and a {kind}: {len(ops)}")
