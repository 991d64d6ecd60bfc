# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kinds of steps that join others: promotion, changes in place, selections by several arrays, products of all kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .draw import Generator
from .generate import BINARY, SLICES, SUM_TYPES, is_float, is_integer, joined, product_spread
from .programs import (
    FLOATS,
    INTEGERS,
    WIDE,
    Known,
    Shadow,
    accumulation,
    correctly,
    exactly,
    integral,
    matmul,
    numpy_type,
    require,
    rounded,
    shape_of,
)


def common(a: str, b: str) -> str:
    """MLX's common type of two arrays, at least one of them of floats."""
    if a == b or b in INTEGERS or b == "bool":
        return a
    if a in INTEGERS or a == "bool":
        return b
    if "float64" in (a, b):
        return "float64"
    return "float32"  # also of float16 and bfloat16


def converted(x: Known, dtype: str) -> Known:
    """What arrives when an operand is brought to a float type."""
    narrow = x.value.astype(np.float64).astype(numpy_type(dtype)).astype(WIDE)
    exact = x.error == 0
    return Known(np.where(exact, narrow, x.value), np.where(exact, 0.0, x.error + rounded(x.value, dtype)))


def promoted(g: Generator) -> None:
    """An operation of two types."""
    x = g.draw(is_float)
    step = g.steps[x]
    y = g.draw(
        lambda s: (
            s.dtype != step.dtype
            and all(a == b or "1" in (a, b) for a, b in zip(reversed(s.dims), reversed(step.dims), strict=False))
        )
    )
    for number in range(2):  # integers must be exact in the common type
        require(g.steps[y].dtype in FLOATS or np.all(np.abs(g.known[number][y].value) <= 256))
    if g.chance(0.5):
        x, y = y, x
    dtype = common(g.steps[x].dtype, g.steps[y].dtype)
    name = g.pick(("add", "subtract", "multiply", "maximum", "minimum"))
    fun, spread = BINARY[name]
    inner = correctly(dtype, fun, spread)

    def shadow(sizes: dict[str, int], x: Known, y: Known) -> Known:
        return inner(sizes, converted(x, dtype), converted(y, dtype))

    g.add(joined(g.steps[x].dims, g.steps[y].dims), dtype, (x, y), f"{{out}} = mx.{name}({{0}}, {{1}})", shadow)


def in_place(g: Generator) -> None:
    """An operator that changes an array; the one it was made from keeps its values."""
    x = g.draw(is_float)
    y = g.like(x)
    require(tuple(joined(g.steps[x].dims, g.steps[y].dims)) == g.steps[x].dims)
    sign, name = g.pick((("+", "add"), ("-", "subtract"), ("*", "multiply")))
    fun, spread = BINARY[name]
    dtype = g.steps[x].dtype
    g.add(g.steps[x].dims, dtype, (x, y), f"{{out}} = {{0}}[...]; {{out}} {sign}= {{1}}", correctly(dtype, fun, spread))


def write(g: Generator) -> None:
    """A part of an array along any axis, replaced by twice what stood there, or by what is added to it."""
    x = g.draw(lambda step: is_float(step) and len(step.dims) > 0)
    axis, part, adds = g.axis(x), g.pick(SLICES), g.chance(0.5)
    at = (slice(None),) * axis + (eval(f"np.s_{part}"),)
    text = f"[{':, ' * axis}{part[1:-1]}]"

    def shadow(sizes: dict[str, int], x: Known) -> Known:
        value, error = x.value.copy(), x.error.copy()
        value[at], error[at] = 2 * value[at], 2 * error[at]
        return Known(value, error)

    changed = f"{{out}}{text} += {{0}}{text}" if adds else f"{{out}}{text} = {{0}}{text} * 2"
    g.add(g.steps[x].dims, g.steps[x].dtype, (x,), f"{{out}} = {{0}}[...]; {changed}", shadow)


def write_where(g: Generator) -> None:
    """A number where a condition holds, or at places of an axis that an array names, some of them twice."""
    x = g.draw(lambda step: len(step.dims) > 0 and step.dtype != "bool")
    step, number = g.steps[x], 0.5 if is_float(g.steps[x]) else 3
    if g.chance(0.5):
        i = g.draw(lambda s: s.dtype == "bool" and len(s.dims) > 0 and s.dims == step.dims[: len(s.dims)])
        text, before = "[{1}]", ()
    else:
        axis = g.axis(x)
        low = min(shape_of([step.dims[axis]], sizes)[0] for sizes in g.sizes)
        require(low > 0)
        i = g.input((g.pick("ABC"),), "int32", -low, low - 1)
        text, before = f"[{':, ' * axis}{{1}}]", (slice(None),) * axis

    def shadow(sizes: dict[str, int], x: Known, i: Known) -> Known:
        value, error = x.value.copy(), np.broadcast_to(x.error, x.value.shape).copy()
        at = (*before, i.value if i.value.dtype == bool else i.value.astype(int))
        value[at], error[at] = number, 0
        return Known(value, error)

    g.add(step.dims, step.dtype, (x, i), f"{{out}} = {{0}}[...]; {{out}}{text} = {number}", shadow)


def extremes_at(g: Generator) -> None:
    """The larger, or smaller, of what stands at places that may repeat, and what comes there."""
    x = g.draw(lambda step: len(step.dims) > 0 and step.dtype != "bool")
    step, name = g.steps[x], g.pick(("maximum", "minimum"))
    low = min(shape_of([step.dims[0]], sizes)[0] for sizes in g.sizes)
    require(low > 0)
    i = g.input(("B",), "int32", -low, low - 1)
    y = g.input(("B", *step.dims[1:]), step.dtype)

    def shadow(sizes: dict[str, int], x: Known, i: Known, y: Known) -> Known:
        value, error = x.value.copy(), np.broadcast_to(x.error, x.value.shape).copy()
        getattr(np, name).at(value, i.value.astype(int), y.value)
        return Known(value, error)

    g.add(step.dims, step.dtype, (x, i, y), f"{{out}} = {{0}}.at[{{1}}].{name}({{2}})", shadow)


def spread_of_rows(g: Generator) -> None:
    x = g.draw(lambda step: is_float(step) and len(step.dims) > 0)
    step, axis, keep = g.steps[x], g.axis(x), g.chance(0.4)
    name = g.pick(("var", "std"))
    dtype, unit = step.dtype, accumulation(step.dtype)

    def shadow(sizes: dict[str, int], x: Known) -> Known:
        count = x.value.shape[axis]
        require(count > 0)
        average = lambda v: np.mean(v, axis, keepdims=True).astype(np.float64)  # noqa: E731
        centered = x.value - np.mean(x.value, axis, keepdims=True)
        off = x.error + average(x.error) + (count + 4) * unit * (average(np.abs(x.value)) + np.abs(x.value))
        value = np.mean(centered**2, axis, keepdims=True)
        error = average(2 * np.abs(centered) * off + off**2) + (count + 4) * unit * value.astype(np.float64)
        if name == "std":  # steep near 0
            require(value > 2 * error + 0.02)
            error = error / np.sqrt(value - error)
            value = np.sqrt(value)
        value, error = (v if keep else np.squeeze(v, axis) for v in (value, error))
        return Known(value, error + rounded(value, dtype, 3.0))

    dims = [("1" if i == axis else d) for i, d in enumerate(step.dims) if keep or i != axis]
    g.add(dims, dtype, (x,), f"{{out}} = mx.{name}({{0}}, axis={axis}, keepdims={keep})", shadow)


def count(g: Generator) -> None:
    x = g.draw(lambda step: len(step.dims) > 0 and (step.dtype == "bool" or is_integer(step)))
    axes = g.axes(x)
    dims = [d for i, d in enumerate(g.steps[x].dims) if i not in axes]
    if g.steps[x].dtype == "bool" and g.chance(0.5):
        shadow = integral(lambda x: np.sum(x, axis=axes, dtype=SUM_TYPES["bool"]))
        g.add(dims, SUM_TYPES["bool"], (x,), f"{{out}} = mx.sum({{0}}, axis={axes})", shadow)
    else:
        shadow = integral(lambda x: np.sum(x != 0, axis=axes, dtype=np.int32))
        g.add(dims, "int32", (x,), f"{{out}} = mx.count_nonzero({{0}}, axis={axes})", shadow)


def clip(g: Generator) -> None:
    x = g.draw(is_float)
    low, high = g.pick(((-1.5, 1.5), (0.0, 2.0), (-0.25, 0.5)))

    def shadow(sizes: dict[str, int], x: Known) -> Known:
        return Known(np.clip(x.value, low, high), x.error)

    g.add(g.steps[x].dims, g.steps[x].dtype, (x,), f"{{out}} = mx.clip({{0}}, {low}, {high})", shadow)


def quotient_of_integers(g: Generator) -> None:
    x = g.draw(is_integer)
    divisor = int(g.pick((2, 3, 7, 10)))

    def shadow(sizes: dict[str, int], x: Known) -> Known:
        require(np.abs(x.value.astype(np.float64)) < 2**24)
        return exactly(x.value.astype(np.float32) / np.float32(divisor))

    g.add(g.steps[x].dims, "float32", (x,), f"{{out}} = {{0}} / {divisor}", shadow)


def product_of_any_kind(g: Generator) -> None:
    x = g.draw(lambda step: is_float(step) and len(step.dims) > 0)
    dims, dtype = g.steps[x].dims, g.steps[x].dtype
    kind = g.pick(("tensordot", "inner", "outer", "addmm", "vector"))
    columns, inner = g.pick(("A", "B", "C", "1")), matmul(dtype)
    if kind == "tensordot":
        y = g.input((dims[-1], columns), dtype)
        g.add((*dims[:-1], columns), dtype, (x, y), "{out} = mx.tensordot({0}, {1}, axes=1)", inner)
    elif kind == "vector":
        y = g.input((dims[-1],), dtype)
        g.add(dims[:-1], dtype, (x, y), "{out} = {0} @ {1}", inner)
    elif kind == "inner":
        y = g.input((columns, dims[-1]), dtype)
        shadow = lambda sizes, a, b: inner(sizes, a, Known(b.value.T, b.error.T))  # noqa: E731
        g.add((*dims[:-1], columns), dtype, (x, y), "{out} = mx.inner({0}, {1})", shadow)
    elif kind == "outer":
        y = g.input((columns,), dtype)
        multiply = correctly(dtype, np.multiply, product_spread)

        def outer(sizes: dict[str, int], a: Known, b: Known) -> Known:
            flat = Known(a.value.reshape(-1, 1), np.broadcast_to(a.error, a.value.shape).reshape(-1, 1))
            return multiply(sizes, flat, b)

        require(len(dims) == 1)
        g.add((dims[0], columns), dtype, (x, y), "{out} = mx.outer({0}, {1})", outer)
    else:
        require(len(dims) == 2)
        y, c = g.input((dims[1], columns), dtype), g.input((columns,), dtype)
        g.add((dims[0], columns), dtype, (c, x, y), "{out} = mx.addmm({0}, {1}, {2})", added_product(dtype))


def added_product(dtype: str) -> Shadow:
    inner = matmul(dtype)

    def shadow(sizes: dict[str, int], c: Known, a: Known, b: Known) -> Known:
        total = inner(sizes, a, b)
        value = c.value + total.value
        return Known(value, c.error + total.error + rounded(value, dtype))

    return shadow


def several_indices(g: Generator) -> None:
    """Elements at places that two arrays name, read or added to."""
    x = g.draw(lambda step: len(step.dims) >= 2)
    step = g.steps[x]
    lows = [min(shape_of([dim], sizes)[0] for sizes in g.sizes) for dim in step.dims[:2]]
    require(min(lows) > 0)
    i, j = (g.input(("C",), "int32", -low, low - 1) for low in lows)
    dims = ("C", *step.dims[2:])
    if not is_float(step) or g.chance(0.5):

        def reading(sizes: dict[str, int], x: Known, i: Known, j: Known) -> Known:
            at = i.value.astype(int), j.value.astype(int)
            return Known(x.value[at], np.broadcast_to(x.error, x.value.shape)[at])

        g.add(dims, step.dtype, (x, i, j), "{out} = {0}[{1}, {2}]", reading)
        return
    y = g.input(dims, step.dtype)

    def adding(sizes: dict[str, int], x: Known, i: Known, j: Known, y: Known) -> Known:
        at = i.value.astype(int), j.value.astype(int)
        value, magnitude = x.value.copy(), np.abs(x.value)
        error = np.broadcast_to(x.error, x.value.shape).copy()
        for total, part in ((value, y.value), (magnitude, np.abs(y.value)), (error, y.error)):
            np.add.at(total, at, part)
        return Known(value, error + (len(at[0]) + 1) * rounded(magnitude, step.dtype))

    g.add(step.dims, step.dtype, (x, i, j, y), "{out} = {0}.at[{1}, {2}].add({3})", adding)


MORE_KINDS: list[Callable[[Generator], Any]] = [
    *[promoted] * 2,
    *[in_place] * 2,
    *[write] * 2,
    *[write_where] * 2,
    extremes_at,
    *[spread_of_rows] * 2,
    count,
    clip,
    quotient_of_integers,
    *[product_of_any_kind] * 2,
    *[several_indices] * 2,
]
