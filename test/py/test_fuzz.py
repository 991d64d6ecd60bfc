# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs against NumPy; MLXIR_FUZZ_GRAPHS says how many (`make fuzz`), MLXIR_FUZZ_SEED where they begin."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fuzz.check import program_of

HERE = Path(__file__).parent
CORPUS = HERE / "fuzz" / "corpus.txt"
GRAPHS = int(os.environ.get("MLXIR_FUZZ_GRAPHS", "2000"))
FIRST = int(os.environ.get("MLXIR_FUZZ_SEED", "0"))
CHUNK = 125
# A miscompile is found within this many programs.
ENOUGH = 500


def check(*seeds: str, **environment: str) -> str:
    """Run programs in a process of their own; return what is wrong with them, or nothing."""
    process = subprocess.run(
        [sys.executable, "-m", "fuzz.check", *seeds],
        cwd=HERE,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=1800,
    )
    if process.returncode == 0:
        assert process.stdout == "no failure\n"
        return ""
    seed = process.stderr.strip().splitlines()[-1] if process.returncode < 0 else ""
    return process.stdout or f"seed {seed}: the process died with {process.returncode}\n{process.stderr[-2000:]}"


@pytest.mark.fuzz
def test_random_programs() -> None:
    chunks = [f"{first}:{min(first + CHUNK, FIRST + GRAPHS)}" for first in range(FIRST, FIRST + GRAPHS, CHUNK)]
    with ThreadPoolExecutor(2) as pool:  # each waits for a process
        failures = [found for found in pool.map(check, chunks) if found]
    assert not failures, "\n".join(failures)


def test_programs_that_failed_once() -> None:
    seeds = [line.split()[0] for line in CORPUS.read_text().splitlines() if not line.startswith("#")]
    assert len(seeds) == len(set(seeds))
    assert not check("--thorough", *seeds)


def test_a_planted_miscompile_is_found() -> None:
    found = check(f"0:{ENOUGH}", MLXIR_FAULT="miscompile:1+")
    assert "wrong elements" in found
    # What is left of the first program is the quotient alone.
    first = found.split("\n\n")[0]
    assert "reduced to 1 steps" in first and re.search(r"mx\.(floor_divide|remainder)\(", first), found


def test_programs_are_functions_of_their_seeds() -> None:
    assert program_of(3).source() == program_of(3).source() != program_of(4).source()
    assert all(program_of(seed).outputs for seed in range(50))
