# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that failed once, kept as text (corpus.txt), so that they stay as they are when the generator changes.

A kept program says what was wrong, its sets of sizes, the types of its inputs, and its steps. Inputs are drawn anew;
what is right is computed by NumPy in extended precision from the same lines.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from .generate import SUM_TYPES
from .programs import FLOATS, ROUNDING, WIDE, Known, Program, Step, numpy_type, shape_of

CORPUS = Path(__file__).with_name("corpus.txt")
# Half units in the last place, of the narrowest type that a program computes in: kept programs are a few steps.
UNITS = 64


class Wide(np.ndarray):
    """An array with what only mlxir's arrays have; floats are of extended precision, whatever they stand for."""

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        return wide(np.asarray(self).astype(dtype))

    def __getitem__(self, index: Any) -> Any:
        return wide(np.asarray(self)[index].copy())

    def __setitem__(self, index: Any, value: Any) -> None:
        np.asarray(self)[index] = value

    @property
    def at(self) -> Any:
        return At(self)


class At:
    def __init__(self, array: Wide, index: Any = None) -> None:
        self.array, self.index = array, index

    def __getitem__(self, index: Any) -> At:
        return At(self.array, index)

    def __getattr__(self, name: str) -> Any:
        def update(values: Any) -> Wide:
            result = np.array(self.array)
            getattr(np, name).at(result, self.index, np.asarray(values))
            return wide(result)

        return update


def wide(value: Any) -> Any:
    value = np.asarray(value)
    floats = value.dtype.name in FLOATS
    return (value.astype(WIDE) if floats else value).view(Wide)


def softmax(x: Any, axis: int) -> Any:
    powers = np.exp(x - np.max(x, axis, keepdims=True))
    return powers / np.sum(powers, axis, keepdims=True)


def added(fun: Any) -> Any:
    """Give a sum or product of integers mlxir's type; NumPy's is wider."""
    return lambda x, axis, keepdims=False: wide(
        fun(x, axis, keepdims=keepdims, dtype=SUM_TYPES.get(x.dtype.name, x.dtype))
    )


class Reference:
    """Stands for the module where a program computes what is right."""

    bool_ = np.bool_
    sum = staticmethod(added(np.sum))
    prod = staticmethod(added(np.prod))
    softmax = staticmethod(softmax)
    sigmoid = staticmethod(lambda x: 1 / (1 + np.exp(-x)))
    rsqrt = staticmethod(lambda x: 1 / np.sqrt(x))
    logsumexp = staticmethod(lambda x, axis: np.log(np.sum(np.exp(x), axis)))
    addmm = staticmethod(lambda c, a, b: c + a @ b)

    def __getattr__(self, name: str) -> Any:
        found = numpy_type(name) if name == "bfloat16" else getattr(np, name)
        return found if isinstance(found, type) else lambda *args, **kwargs: wide(found(*args, **kwargs))


class Kept(Program):
    """A program from its text; its inputs are drawn by the text's checksum."""

    def __init__(self, text: str) -> None:
        self.text = text.strip("\n") + "\n"
        self.what, sizes, *lines = self.text.splitlines()
        parts = [re.findall(r"(\w+)=(\d+)", part) for part in sizes.split(";")]
        super().__init__([], [], [{name: int(size) for name, size in part} for part in parts], thorough=True)
        self.rng = np.random.default_rng(zlib.crc32(self.text.encode()))
        self.names = [line.split(":")[0] for line in lines if not line.startswith("    ")]
        self.steps = [self.input(line) for line in lines[: len(self.names)]]
        *self.lines, last = (line.strip() for line in lines[len(self.names) :])
        self.result, types = last.split("  # ")
        self.steps += [Step((), dtype, source=self.result) for dtype in types.split(", ")]
        self.outputs = list(range(len(self.names), len(self.steps)))

    def input(self, line: str) -> Step:
        match = re.fullmatch(r"\w+: (\w+)\[(.*)\](?: (-?\d+) to (-?\d+))?", line)
        assert match, line
        dtype, dims, low, high = match.groups()
        step = Step(tuple(dims.split(", ")) if dims else (), dtype)
        for sizes in self.sizes:
            shape = shape_of(step.dims, sizes)
            if dtype == "bool":
                data = self.rng.integers(0, 2, shape)
            elif dtype in FLOATS:
                data = self.rng.uniform(int(low), int(high), shape)
            else:
                data = self.rng.integers(int(low), int(high) + 1, shape)
            step.data.append(np.asarray(data).astype(numpy_type(dtype)))
        return step

    def source(self, step_by_step: bool = False) -> str:
        lines = [f"def program({', '.join(['mx', *self.sizes[0], *self.names])}):"]
        for line in self.lines:
            lines.append(f"    {line}")
            lines += [f"    mx.eval({line.split()[0].split('[')[0]})"] * step_by_step
        return "\n".join([*lines, f"    {self.result}"]) + "\n"

    def exact(self, number: int) -> list[Known]:
        names: dict[str, Any] = {}
        exec(compile(self.source(), "<kept program>", "exec"), names)
        with np.errstate(all="ignore"):
            results = names["program"](Reference(), *self.sizes[number].values(), *map(wide, self.inputs(number)))
        narrowest = max((ROUNDING[name] for name in FLOATS if re.search(rf"\b{name}\b", self.text)), default=0.0)
        known = [Known(a, np.zeros(a.shape)) for a in self.inputs(number)]
        for value in map(np.asarray, results):
            units = UNITS if value.dtype.kind == "f" else 0
            error = units * narrowest * np.max(np.abs(value), initial=1)
            known.append(Known(value, np.full(value.shape, error, np.float64)))
        return known


def text_of(program: Program, what: str) -> str:
    """Write a program to be kept."""
    lines = [what, "; ".join(" ".join(f"{k}={v}" for k, v in sizes.items()) for sizes in program.sizes)]
    for i, step in enumerate(program.steps):
        if not step.source:
            values = np.concatenate([np.zeros(1), *(np.ravel(a).astype(np.float64) for a in step.data)])
            span = "" if step.dtype == "bool" else f" {int(np.floor(values.min()))} to {int(np.ceil(values.max()))}"
            lines.append(f"v{i}: {step.dtype}[{', '.join(step.dims)}]{span}")
    *body, result = program.source().splitlines()[1:]
    types = ", ".join(program.steps[o].dtype for o in program.outputs)
    return "\n".join([*lines, *body, f"{result}  # {types}"]) + "\n"


def kept_programs(text: str) -> list[Kept]:
    """Read a corpus: programs apart by an empty line, after comments."""
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    return [Kept(part) for part in text.split("\n\n") if part.strip()]
