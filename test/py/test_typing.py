# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What type checkers are told is what the package has. They come with `make lint`; without them this is skipped."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What a stub cannot say, or need not.
ALLOWED = r"""
# pybind11's metaclass is an implementation detail.
mlxir\._core\.(JitCall|JitTrace|Scope)
# A C slot has no signature that can be read; Python gives it no `mod`.
mlxir\._core\.array\.__ipow__
# The array, which methods bind, is `a` in the functions that these are.
mlxir\._core\.array\.(conj|diagonal)
# Type checkers do not agree yet on how to say that a class cannot be one of two bases.
mlxir\._core\.array
"""

PROGRAM = """
import mlxir as mx
import mlxir.core as mc
import mlxir.nn as nn
from mlxir.optimizers import Adam

a = mx.exp(mx.array([1.0])) + 2
reveal_type(a)
reveal_type(mc.add(a, 1).sum(axis=0).shape)
reveal_type(a.at[0].add(1))
reveal_type(mx.random.normal((3,)))
reveal_type(nn.Linear(2, 3)(a))
reveal_type(mx.float32)
Adam(0.1).update(nn.Linear(1, 1), {})
mx.exp("text")
a.reshape("text")
"""


def test_stubs_agree_with_the_extension(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("mypy", reason="mypy comes with `make lint`")
    allowed = tmp_path / "allowed"
    allowed.write_text(ALLOWED)
    command = [sys.executable, "-m", "mypy.stubtest", "mlxir._core", "mlxir._functions", "--concise"]
    done = subprocess.run(
        [*command, "--allowlist", allowed],
        env=os.environ | {"MYPYPATH": str(ROOT / "python")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_users_programs_are_checked(tmp_path: pathlib.Path) -> None:
    """As pyright sees an installed package: types arrive, and wrong arguments are found."""
    checker = pathlib.Path(sys.executable).parent / "pyright"
    if not checker.exists():
        pytest.skip("pyright comes with `make lint`")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [checker, "--pythonpath", sys.executable, program], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    told = [line.split(" - ", 1)[1] for line in done.stdout.splitlines() if " - " in line]
    types = [line.rpartition(" is ")[2].strip('"') for line in told if line.startswith("information")]
    assert types == ["array", "tuple[int, ...]", "array", "array", "array", "Dtype"], done.stdout
    errors = [line for line in told if line.startswith("error")]
    assert len(errors) == 2, done.stdout
    assert all("\"Literal['text']\" cannot be assigned" in line for line in errors), done.stdout
