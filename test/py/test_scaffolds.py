# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""tools/new_op and tools/new_pass, on a copy of what they change: what they start is well-formed, and unfinished."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MLXIR_BUILD_DIR", ROOT / "build"))


@pytest.fixture
def tree(tmp_path: pathlib.Path) -> pathlib.Path:
    for folder in ("dialect", "passes", "test/lit", "test/py", "compiler"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(*command: object, fails: bool = False, **options: object) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=120, **options)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def includes() -> list[str]:
    llvm = run("llvm-config-22", "--includedir").strip()
    return ["-I", str(BUILD), "-I", llvm]


@pytest.mark.parametrize(
    ("name", "family", "rules"),
    [
        ("cube", "unary", ["--scalar", "x * x * x", "--vjp", "ct * 3 * x * x"]),
        (
            "hypot",
            "binary",
            ["--scalar", "sqrt(x * x + y * y)", "--vjp", "ct * x / result", "--vjp", "ct * y / result"],
        ),
    ],
)
def test_new_op(tree: pathlib.Path, name: str, family: str, rules: list[str]) -> None:
    tool = [sys.executable, ROOT / "tools" / "new_op", name, family, "--root", tree]
    assert "Replace each TODO" in run(*tool, *rules, "--summary", f"Elementwise {name}.")
    tblgen = [BUILD / "bin" / "mlxir-tblgen", "-I", tree, *includes(), tree / "dialect" / "Ops.td"]
    # All that is generated of an op is: its row in the table, its rules, its line in the reference.
    assert name in run(*tblgen, "-gen-op-table", cwd=tree)
    reference = run(*tblgen, "-gen-op-reference", cwd=tree)
    assert all(f"`{gradient}`" in reference for gradient in rules[3::2])
    # Every kind of test is there, and none passes yet.
    page = tree / "ops.md"
    page.write_text(reference)
    untested = tree / "test" / "lit" / "dialect" / "Inputs" / "untested.py"
    assert f"| `{name}` |" in reference
    assert "every op has" in run(sys.executable, untested, page, tree / "test" / "lit")
    changed = [p for p in tree.rglob("*.*") if "TODO" in p.read_text(errors="replace") and p.suffix in (".mlir", ".py")]
    assert {p.relative_to(tree).as_posix() for p in changed} >= {
        f"test/lit/run/{family}.mlir", "test/lit/dialect/elementwise-invalid.mlir", "test/py/op_table.py",
    }  # fmt: skip
    assert f'{family}("{name}", lambda' in (tree / "test" / "py" / "op_table.py").read_text()
    assert "already" in run(*tool, fails=True)


def test_new_pass(tree: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run(sys.executable, ROOT / "tools" / "new_pass", "FoldCasts", "Merge conversions in a row", "--root", tree)
    register = (tree / "compiler" / "Register.cpp").read_text()
    assert '#include "passes/FoldCasts.h"\n#include "passes/FormKernels.h"' in register
    assert "  registerFoldCastsPass();\n  registerFormKernelsPass();" in register
    made = tmp_path / "made" / "passes"
    made.mkdir(parents=True)
    record = tree / "passes" / "FoldCasts.td"
    llvm = includes()
    run("mlir-tblgen-22", "-gen-pass-decls", "-name", "FoldCasts", *llvm, record, "-o", made / "FoldCasts.h.inc")
    # What is made compiles as it is, the registration included.
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    decompose = next(c for c in commands if c["file"].endswith("passes/Decompose.cpp"))["command"].split()
    compiler = next(i for i, word in enumerate(decompose) if "clang++" in word)
    flags = decompose[compiler + 1 : decompose.index("-o")]
    source = tree / "passes" / "FoldCasts.cpp"
    run(decompose[compiler], "-I", tree, "-I", made.parent, *flags, "-fsyntax-only", source, cwd=BUILD)
    test = tree / "test" / "lit" / "passes" / "fold-casts" / "basic.mlir"
    assert "mlxir-opt %s --mlxir-fold-casts" in test.read_text()
    assert "exists" in run(
        sys.executable, ROOT / "tools" / "new_pass", "FoldCasts", "Again", "--root", tree, fails=True
    )
