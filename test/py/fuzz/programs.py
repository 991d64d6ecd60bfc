# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs, their exact values, and how far a right result may be from those.

A program is a list of steps over named sizes, so that it exists for several sets of sizes. Each step is a line of
Python and a function of NumPy arrays in extended precision which also bounds the error: what a correct implementation
may differ by, derived from the errors of the operands and the rounding of the step's own dtype.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import ml_dtypes
import numpy as np

WIDE = np.longdouble
FLOATS = ("float16", "bfloat16", "float32", "float64")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = SIGNED + UNSIGNED
# Half a unit in the last place, relative, and the smallest step.
ROUNDING = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}
TINIEST = {"float16": 2.0**-24, "bfloat16": 2.0**-133, "float32": 2.0**-149, "float64": 2.0**-1074}
# Values beyond this stay out, so that nothing overflows; a result whose error is larger says nothing.
LARGEST = 2000.0
LOOSEST = 0.05


def numpy_type(dtype: str) -> Any:
    return ml_dtypes.bfloat16 if dtype == "bfloat16" else np.dtype(dtype)


@dataclass
class Known:
    """A value's exact elements and the bounds of its error; integers and truth values have none."""

    value: np.ndarray
    error: np.ndarray

    @property
    def is_exact(self) -> bool:
        return not self.error.any()


def exactly(value: Any) -> Known:
    value = np.asarray(value)
    value = value.astype(WIDE) if value.dtype.kind not in "biu" else value
    return Known(value, np.zeros(value.shape))


class UndefinedError(Exception):
    """The step has no defined result, or one that says nothing, on these operands."""


def require(condition: Any) -> None:
    if not np.all(condition):
        raise UndefinedError


Shadow = Callable[..., Known]


@dataclass
class Step:
    """One value: an input, or a line of Python over earlier values."""

    dims: tuple[str, ...]
    dtype: str
    operands: tuple[int, ...] = ()
    source: str = ""  # with {0}, {1}, … for the operands and {out} for the result; empty for an input
    shadow: Shadow | None = None  # shadow(sizes, *operands)
    data: list[np.ndarray] = field(default_factory=list)  # of an input, for each set of sizes


@dataclass
class Program:
    """Steps, the numbers of those that are returned, and the sets of sizes."""

    steps: list[Step]
    outputs: list[int]
    sizes: list[dict[str, int]]
    thorough: bool = False  # also evaluated step by step, and with constant sizes where others run symbolic code

    def source(self, step_by_step: bool = False) -> str:
        """Write the program as a Python function of the module, the sizes and the inputs."""
        inputs = [f"v{i}" for i, step in enumerate(self.steps) if not step.source]
        lines = [f"def program({', '.join(['mx', *self.sizes[0], *inputs])}):"]
        for i, step in enumerate(self.steps):
            if step.source:
                line = step.source.format(*(f"v{o}" for o in step.operands), out=f"v{i}")
                lines += [f"    {part}" for part in line.split("; ")]
                lines += [f"    mx.eval(v{i})"] * step_by_step
        lines.append(f"    return [{', '.join(f'v{i}' for i in self.outputs)}]")
        return "\n".join(lines) + "\n"

    def inputs(self, number: int) -> list[np.ndarray]:
        return [step.data[number] for step in self.steps if not step.source]

    def exact(self, number: int) -> list[Known]:
        """Compute every step's exact value for one set of sizes."""
        known: list[Known] = []
        for step in self.steps:
            known.append(exact_step(step, number, self.sizes[number], known))
        return known

    def pruned(self, outputs: Sequence[int]) -> Program:
        """Return the program of these outputs alone, without steps that they do not need."""
        needed = set(outputs)
        for i in range(len(self.steps) - 1, -1, -1):
            if i in needed:
                needed.update(self.steps[i].operands)
        order = sorted(needed)
        number = {old: new for new, old in enumerate(order)}
        steps = []
        for old in order:
            step = self.steps[old]
            operands = tuple(number[o] for o in step.operands)
            steps.append(Step(step.dims, step.dtype, operands, step.source, step.shadow, step.data))
        return Program(steps, [number[o] for o in outputs], self.sizes, self.thorough)


def shape_of(dims: Sequence[str], sizes: dict[str, int]) -> tuple[int, ...]:
    return tuple(int(eval(dim, {"len": len, "range": range}, dict(sizes))) for dim in dims)


def exact_step(step: Step, number: int, sizes: dict[str, int], known: Sequence[Known]) -> Known:
    if step.shadow is None:
        return exactly(step.data[number])
    with np.errstate(all="ignore"):
        result = step.shadow(sizes, *(known[o] for o in step.operands))
    require(result.value.shape == shape_of(step.dims, sizes))
    if step.dtype in FLOATS:
        value = result.value.astype(WIDE)
        error = np.broadcast_to(result.error, value.shape).astype(np.float64)
        require(np.isfinite(value) & np.isfinite(error))
        require((np.abs(value) < LARGEST) & (error <= LOOSEST * np.maximum(1, np.abs(value))))
        return Known(value, error)
    return exactly(result.value.astype(numpy_type(step.dtype)))


# Shadows of what a step does to the elements. Each takes and returns Known.


def rounded(value: Any, dtype: str, units: float = 1.0) -> Any:
    """Bound what rounding adds: `units` half units in the last place."""
    return units * (ROUNDING[dtype] * np.abs(value).astype(np.float64) + TINIEST[dtype])


def correctly(dtype: str, fun: Callable[..., Any], spread: Callable[..., Any]) -> Shadow:
    """A correctly rounded function: of exact operands the result is exact too, as the dtype itself computes it.

    ``spread`` bounds what the operands' errors do to the result.
    """
    native = numpy_type(dtype)

    def shadow(sizes: dict[str, int], *operands: Known) -> Known:
        values = [o.value for o in operands]
        value = fun(*values)
        error = spread(value, *operands) + rounded(value, dtype)
        exact = np.broadcast_to(sum(o.error for o in operands) == 0, value.shape)
        if dtype == "bfloat16":  # one operation in float32 rounds to bfloat16 as one in bfloat16
            itself = np.asarray(fun(*(v.astype(np.float32) for v in values))).astype(native)
        else:
            itself = np.asarray(fun(*(v.astype(native) for v in values)))
        return Known(np.where(exact, itself.astype(WIDE), value), np.where(exact, 0.0, error))

    return shadow


def smooth(dtype: str, fun: Callable[[Any], Any], low: float, high: float, units: float = 8.0) -> Shadow:
    """A function of one array without jumps between ``low`` and ``high``, at most four units in the last place off."""

    def shadow(sizes: dict[str, int], x: Known) -> Known:
        require((x.value - x.error > low) & (x.value + x.error < high))
        value = fun(x.value)
        spread = np.maximum(np.abs(fun(x.value + x.error) - value), np.abs(fun(x.value - x.error) - value))
        return Known(value, spread + x.error**2 + rounded(value, dtype, units))

    return shadow


def stepwise(fun: Callable[..., Any], distance: Callable[..., Any]) -> Shadow:
    """A function with jumps: the operands' errors must be smaller than the distance to the nearest one."""

    def shadow(sizes: dict[str, int], *operands: Known) -> Known:
        slack = sum(o.error for o in operands)
        require((slack == 0) | (distance(*(o.value for o in operands)) > 2 * slack))
        return exactly(fun(*(o.value for o in operands)))

    return shadow


def moved(fun: Callable[..., Any], sized: bool = False) -> Shadow:
    """A function that only moves elements; with ``sized`` it takes the sizes first."""

    def shadow(sizes: dict[str, int], *operands: Known) -> Known:
        first = (sizes,) if sized else ()
        return Known(fun(*first, *(o.value for o in operands)), np.asarray(fun(*first, *(o.error for o in operands))))

    return shadow


def integral(fun: Callable[..., Any]) -> Shadow:
    """A function of integers or truth values."""
    return lambda sizes, *operands: exactly(fun(*(o.value for o in operands)))


def accumulation(dtype: str) -> float:
    """Half a unit of the type that sums of ``dtype`` are accumulated in."""
    return ROUNDING["float32" if dtype in ("float16", "bfloat16") else dtype]


def summed(dtype: str, axes: tuple[int, ...], keep: bool, mean: bool = False) -> Shadow:
    def shadow(sizes: dict[str, int], x: Known) -> Known:
        count = int(np.prod([x.value.shape[a] for a in axes], dtype=int))
        require(count > 0 or not mean)
        scale = 1 / max(count, 1) if mean else 1.0
        value = np.sum(x.value, axes, keepdims=keep) * scale
        magnitude = np.sum(np.abs(x.value) + x.error, axes, keepdims=keep).astype(np.float64)
        require(dtype != "float16" or np.all(magnitude < 60000))  # a mean is a rounded sum, divided
        magnitude = magnitude * scale
        error = np.sum(x.error, axes, keepdims=keep) * scale + (count + 1) * accumulation(dtype) * magnitude
        return Known(value, error + rounded(value, dtype, 2.0))

    return shadow


def product(dtype: str, axes: tuple[int, ...], keep: bool) -> Shadow:
    def shadow(sizes: dict[str, int], x: Known) -> Known:
        count = int(np.prod([x.value.shape[a] for a in axes], dtype=int))
        value = np.prod(x.value, axes, keepdims=keep)
        # No part of the factors may overflow, whichever are multiplied first: it would be NaN beside a zero.
        require(
            np.prod(np.maximum(np.abs(x.value) + x.error, 1), axes) < float(ml_dtypes.finfo(numpy_type(dtype)).max) / 2
        )
        widest = np.prod(np.abs(x.value) + x.error, axes, keepdims=keep)
        error = widest - np.abs(value) + (count + 1) * ROUNDING[dtype] * widest
        return Known(value, np.asarray(error, np.float64) + rounded(value, dtype))

    return shadow


def softmax(dtype: str, axis: int, log_sum: bool) -> Shadow:
    """The error of exp(x - max) is relative; the sum and the quotient, or the logarithm, add to it."""

    def shadow(sizes: dict[str, int], x: Known) -> Known:
        count = x.value.shape[axis]
        require(x.value.size > 0)
        top = np.max(x.value, axis, keepdims=True)
        powers = np.exp(x.value - top)
        total = np.sum(powers, axis, keepdims=True)
        span = np.max(top - x.value, axis, keepdims=True).astype(np.float64)
        relative = 2 * np.max(x.error, axis, keepdims=True) + (span + count + 16) * ROUNDING[dtype]
        if log_sum:
            value = np.squeeze(top + np.log(total), axis)
            error = np.squeeze(relative + 8 * ROUNDING[dtype] * np.abs(np.log(total)), axis)
            return Known(value, error.astype(np.float64) + rounded(value, dtype, 2.0))
        value = powers / total
        return Known(value, 2 * relative * value.astype(np.float64) + rounded(value, dtype, 2.0))

    return shadow


def matmul(dtype: str) -> Shadow:
    def shadow(sizes: dict[str, int], a: Known, b: Known) -> Known:
        value = a.value @ b.value
        wide_a, wide_b = np.abs(a.value) + a.error, np.abs(b.value) + b.error
        widest = (wide_a @ wide_b).astype(np.float64)
        spread = widest - (np.abs(a.value) @ np.abs(b.value)).astype(np.float64)
        error = spread + (a.value.shape[-1] + 1) * accumulation(dtype) * widest
        return Known(value, error + rounded(value, dtype))

    return shadow
