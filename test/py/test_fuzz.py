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
from fuzz.check import failure, program_of
from fuzz.kept import CORPUS, Kept, kept_programs, text_of

HERE = Path(__file__).parent
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
    seeds = [line for line in process.stderr.splitlines() if line.isdecimal()]
    return process.stdout or f"seed {seeds[-1:]}: the process died with {process.returncode}\n{process.stderr[-2000:]}"


@pytest.mark.fuzz
def test_random_programs() -> None:
    """Half of them on the host's vectors, half on AVX2's."""

    def check_chunk(first: int) -> str:
        cpu = {"MLXIR_CPU": "x86-64-v3"} if first // CHUNK % 2 else {}
        found = check(f"{first}:{min(first + CHUNK, FIRST + GRAPHS)}", MLXIR_NUM_THREADS="1", **cpu)
        return found and f"{cpu} {found}"

    with ThreadPoolExecutor(2) as pool:  # each waits for a process
        failures = [found for found in pool.map(check_chunk, range(FIRST, FIRST + GRAPHS, CHUNK)) if found]
    assert not failures, "\n".join(failures)


def test_programs_that_failed_once() -> None:
    assert len(kept_programs(CORPUS.read_text())) >= 4
    assert not check("--kept")


def test_a_planted_miscompile_is_found() -> None:
    """A subtraction is swapped where fusion put it in a rare place: in about four programs of a hundred."""
    found = check(f"0:{ENOUGH}", MLXIR_FAULT="miscompile:1+")
    assert "wrong elements" in found
    assert len(re.findall(r"^seed \d+: ", found, re.MULTILINE)) == 3  # after which it stops
    # What is left of the first program is the subtraction and its right operand.
    steps = re.search(r"reduced to (\d+) steps", found)
    assert steps and int(steps[1]) <= 3, found
    assert re.search(r"mx\.subtract\(|-= | - ", found.split("\n\n")[0]), found


def test_a_program_is_the_same_as_text() -> None:
    """What is kept is run as it was: same steps, sizes and types, and right by its own reference."""
    for seed in (0, 1, 2, 3, 6, 7, 8, 9):
        program = program_of(seed)
        kept = Kept(text_of(program, "nothing"))
        assert kept_programs(f"# comment\n\n{kept.text}")[0].text == kept.text
        assert kept.sizes == program.sizes
        assert [a.shape for a in kept.inputs(1)] == [a.shape for a in program.inputs(1)]
        assert [a.dtype for a in kept.inputs(0)] == [a.dtype for a in program.inputs(0)]
        shapes = [known.value.shape for known in kept.exact(0)[-len(kept.outputs) :]]
        assert shapes == [program.exact(0)[o].value.shape for o in program.outputs]
        assert failure(kept) == ""


def test_programs_are_functions_of_their_seeds() -> None:
    assert program_of(3).source() == program_of(3).source() != program_of(4).source()
    assert all(program_of(seed).outputs for seed in range(50))
