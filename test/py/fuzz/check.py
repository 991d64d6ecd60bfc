# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs random programs in mlxir, eagerly and under jit, and reduces those whose results are wrong.

python -m fuzz.check [--thorough] SEEDS...    (in test/py) runs programs by their seeds, A or A:B, and prints what is
                                              left of those that fail; standard error has the seed being run
python -m fuzz.check --kept                   runs those that failed once
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .generate import KINDS, generate
from .kept import CORPUS, Kept, kept_programs, text_of
from .more import MORE_KINDS
from .programs import FLOATS, Known, Program, Step, UndefinedError, numpy_type


def to_mlxir(mx: Any, a: np.ndarray) -> Any:
    if a.dtype.name == "bfloat16":
        return mx.array(a.astype(np.float32)).astype(mx.bfloat16)
    return mx.array(a, dtype=mx.bool_ if a.dtype == bool else getattr(mx, a.dtype.name))


def to_numpy(mx: Any, a: Any) -> np.ndarray:
    return np.asarray(a.astype(mx.float32)) if a.dtype == mx.bfloat16 else np.asarray(a)


def function_of(program: Program, number: int, step_by_step: bool = False) -> Any:
    """Return the program as a function of the module and its inputs."""
    names: dict[str, Any] = {}
    exec(compile(program.source(step_by_step), "<random program>", "exec"), names)
    sizes = program.sizes[number]
    return lambda mx, *inputs: names["program"](mx, *sizes.values(), *inputs)


def mismatch(step: Step, got: np.ndarray, known: Known) -> str:
    """Say how a result differs from what it may be, or nothing."""
    if got.shape != known.value.shape:
        return f"shape {got.shape}, expected {known.value.shape}"
    if step.dtype not in FLOATS:
        same = got == known.value
        return (
            "" if np.all(same) else f"{np.sum(~same)} wrong elements, first {got[~same][0]} for {known.value[~same][0]}"
        )
    off = np.abs(got.astype(np.longdouble) - known.value)
    wrong = ~(off <= known.error)
    if not np.any(wrong):
        return ""
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return (
        f"{np.sum(wrong)} wrong elements, first {got[first]} at {first} for {known.value[first]}, "
        f"off by {off[first]:.3g} where {known.error[first]:.3g} is right"
    )


def runs(mx: Any, program: Program, number: int) -> dict[str, list[Any]]:
    """Return the results of all ways to run the program; the ways are named."""
    function = function_of(program, number)
    inputs = [to_mlxir(mx, a) for a in program.inputs(number)]
    results = {"eager": function(mx, *inputs), "jit": mx.jit(lambda *args: function(mx, *args))(*inputs)}
    if program.thorough:
        mx.eval(results)
        results["evaluated step by step"] = function_of(program, number, step_by_step=True)(mx, *inputs)
        mx.cache.clear()
        results["constant sizes"] = function(mx, *inputs)
    mx.eval(results)
    return results


def failure(program: Program) -> str:
    """Run a program; say what is wrong with its results, or nothing."""
    import mlxir as mx

    mx._core.set_guards(True)
    mx.cache.clear()
    for number, sizes in enumerate(program.sizes):
        known = program.exact(number)
        try:
            what = wrong_result(mx, program, runs(mx, program, number), known)
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
        if what:
            return f"sizes {sizes}: {what}"
    return ""


def wrong_result(mx: Any, program: Program, results: dict[str, list[Any]], known: Sequence[Known]) -> str:
    """Say which result is not what it may be, or differs between the ways to run the program, or nothing."""
    for i, output in enumerate(program.outputs):
        step, eager = program.steps[output], results["eager"][i]
        if eager.dtype.name != step.dtype:
            return f"v{output} is {eager.dtype.name}, expected {step.dtype}"
        what = mismatch(step, to_numpy(mx, eager), known[output])
        if what:
            return f"v{output}: {what}"
        for way, values in results.items():
            if to_numpy(mx, values[i]).tobytes() != to_numpy(mx, eager).tobytes():
                return f"v{output}: other bits than in eager evaluation: {way}"
    return ""


def reduced(program: Program, budget: int = 200) -> Program:
    """Return a smaller program that still fails: one output if that suffices, steps replaced by their values."""

    def fails(candidate: Program) -> bool:
        try:
            return bool(failure(candidate))
        except UndefinedError:
            return False

    for output in program.outputs:
        alone = program.pruned([output])
        if fails(alone):
            program = alone
            break
    # It may take several outputs, or what an output is made of: leave out, and go back, as far as it still fails.
    progress = True
    while progress:
        progress = False
        for output in program.outputs:
            rest = [o for o in program.outputs if o != output]
            operands = [o for o in program.steps[output].operands if program.steps[o].source and o not in rest]
            for outputs in ([*rest], [*rest, *dict.fromkeys(operands)]):
                candidate = program.pruned(outputs)
                if outputs and fails(candidate):
                    program, progress = candidate, True
                    break
            if progress:
                break
    tried = 0
    i = len(program.steps) - 1
    while i >= 0 and tried < budget:
        candidate = with_input(program, i)
        tried += 1
        if candidate and fails(candidate):
            program = candidate
            i = min(i, len(program.steps))
        i -= 1
    return program


def with_input(program: Program, number: int) -> Program | None:
    """Return the program with a step replaced by an input of its value."""
    step = program.steps[number]
    if not step.source or number in program.outputs:
        return None
    data = [program.exact(s)[number].value.astype(numpy_type(step.dtype)) for s in range(len(program.sizes))]
    steps = list(program.steps)
    steps[number] = Step(step.dims, step.dtype, data=data)
    return replace(program, steps=steps).pruned(program.outputs)


def report(seed: int, program: Program, what: str) -> str:
    """Describe a failing program, reduced as far as it goes."""
    small = reduced(program)
    text = text_of(small, "say here what was wrong")
    # With other inputs it may be right: then these belong to it.
    keeps = "keep it in corpus.txt:" if failure(Kept(text)) else "with inputs drawn anew it passes:"
    return (
        f"seed {seed}: {what}\nrun it again: (cd test/py && python -m fuzz.check {seed})\n"
        f"reduced to {len([s for s in small.steps if s.source])} steps: {failure(small)}\n{keeps}\n{text}"
    )


def program_of(seed: int) -> Program:
    """Return the program of a seed, drawn from all kinds of steps."""
    return generate(seed, [*KINDS, *MORE_KINDS])


def check_kept() -> list[str]:
    """Run the programs that failed once; return reports of those that do again."""
    os.environ["MLXIR_CACHE"] = "off"
    found = [(kept, failure(kept)) for kept in kept_programs(CORPUS.read_text())]
    return [f"{what}\n{kept.text}" for kept, what in found if what]


def check_seeds(seeds: Sequence[int], thorough: bool, most: int = 3) -> list[str]:
    """Run the programs of these seeds; return reports of the first failures, after which it stops."""
    # Programs that nobody runs twice look like a function that is compiled anew each time, and need no place on disk.
    warnings.filterwarnings("ignore", "the computation that ends at", RuntimeWarning)
    os.environ["MLXIR_CACHE"] = "off"
    reports: list[str] = []
    for seed in seeds:
        print(seed, file=sys.stderr, flush=True)
        program = program_of(seed)
        program.thorough |= thorough
        what = failure(program)
        if what:
            reports.append(report(seed, program, what))
            if len(reports) == most:
                break
    return reports


def seeds_of(argument: str) -> range:
    first, _, end = argument.partition(":")
    return range(int(first), int(end or int(first) + 1))


if __name__ == "__main__":
    seeds = [seed for argument in sys.argv[1:] if argument[0] != "-" for seed in seeds_of(argument)]
    found = check_kept() if "--kept" in sys.argv else check_seeds(seeds, thorough="--thorough" in sys.argv)
    print("\n".join(found) or "no failure")
    sys.exit(bool(found))
