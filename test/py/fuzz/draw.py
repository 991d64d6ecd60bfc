# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draws random programs: each step is tried on exact values for all sets of sizes, and kept if it is defined there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .programs import (
    FLOATS,
    INTEGERS,
    UNSIGNED,
    Known,
    Program,
    Shadow,
    Step,
    UndefinedError,
    exact_step,
    exactly,
    numpy_type,
    require,
    shape_of,
)

EXTENTS = (1, 1, 1, 2, 3, 4, 5, 7, 8, 16, 17, 33, 64)
MOST_ELEMENTS = 20_000
LONGEST_DIM = 60  # characters of a size's expression


class Generator:
    """The steps drawn so far, with their exact values."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.sizes = [{name: int(self.rng.choice(EXTENTS)) for name in "ABC"} for _ in range(2)]
        if self.rng.random() < 0.15:
            self.sizes[int(self.rng.integers(2))]["ABC"[self.rng.integers(3)]] = 0
        self.steps: list[Step] = []
        self.known: list[list[Known]] = [[], []]

    # Drawing.

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def pick(self, items: Any) -> Any:
        return items[int(self.rng.integers(len(items)))]

    def values(self, accept: Callable[[Step], bool]) -> list[int]:
        return [i for i, step in enumerate(self.steps) if accept(step)]

    def draw(self, accept: Callable[[Step], bool]) -> int:
        """Pick a value, late ones more often."""
        found = self.values(accept)
        require(len(found) > 0)
        return found[len(found) - 1 - min(int(self.rng.exponential(4)), len(found) - 1)]

    def axis(self, number: int) -> int:
        require(len(self.steps[number].dims) > 0)
        return int(self.rng.integers(len(self.steps[number].dims)))

    def axes(self, number: int) -> tuple[int, ...]:
        rank = len(self.steps[number].dims)
        return tuple(a for a in range(rank) if self.chance(0.6)) or tuple(range(rank))

    # Adding.

    def add(self, dims: Any, dtype: str, operands: tuple[int, ...], source: str, shadow: Shadow) -> int:
        """Append a step; raises UndefinedError if it is not defined for some set of sizes."""
        dims = tuple(dims)
        require(all(len(dim) <= LONGEST_DIM for dim in dims) and len(dims) <= 5)
        step = Step(dims, dtype, operands, source, shadow)
        for sizes in self.sizes:
            require(np.prod(shape_of(dims, sizes), dtype=float) <= MOST_ELEMENTS)
        fresh = [exact_step(step, number, self.sizes[number], self.known[number]) for number in range(2)]
        return self._append(step, fresh)

    def _append(self, step: Step, known: list[Known]) -> int:
        self.steps.append(step)
        for values, value in zip(self.known, known, strict=True):
            values.append(value)
        return len(self.steps) - 1

    def input(self, dims: Any, dtype: str, low: int = -9, high: int = 9) -> int:
        data = []
        for sizes in self.sizes:
            shape = shape_of(dims, sizes)
            if dtype == "bool":
                a = self.rng.integers(0, 2, shape).astype(bool)
            elif dtype in FLOATS:
                a = self.rng.uniform(-3, 3, shape).astype(numpy_type(dtype))
            else:
                a = self.rng.integers(max(low, 0) if dtype in UNSIGNED else low, high + 1, shape).astype(dtype)
            data.append(np.asarray(a))
        return self._append(Step(tuple(dims), dtype, data=data), [exactly(a) for a in data])

    def like(self, number: int) -> int:
        """Return a value of the same dtype whose shape can be broadcast against that of ``number``."""
        step = self.steps[number]

        def fits(other: Step) -> bool:
            pairs = zip(reversed(other.dims), reversed(step.dims), strict=False)
            return other.dtype == step.dtype and all(a == b or "1" in (a, b) for a, b in pairs)

        if self.chance(0.75):
            return self.draw(fits)
        dims = step.dims[int(self.rng.integers(len(step.dims) + 1)) :]
        return self.input(tuple("1" if self.chance(0.2) else dim for dim in dims), step.dtype)

    def run(self, kinds: Sequence[Callable[[Generator], None]], steps: int) -> Program:
        """Draw inputs, then steps of these kinds until there are enough, and choose outputs."""
        for _ in range(int(self.rng.integers(1, 4))):
            dims = tuple(self.pick("ABC") for _ in range(int(self.rng.integers(0, 4))))
            self.input(dims, self.pick(FLOATS) if self.chance(0.7) else self.pick(("bool", *INTEGERS)))
        tries = 0
        while len(self.steps) < steps and tries < 20 * steps:
            tries += 1
            try:
                self.pick(kinds)(self)
            except UndefinedError:
                continue
        used = {o for step in self.steps for o in step.operands}
        results = [i for i, step in enumerate(self.steps) if step.source]
        outputs = [i for i in results if i not in used or self.chance(0.1)]
        return Program(self.steps, outputs, self.sizes, thorough=self.chance(0.1)).pruned(outputs)
