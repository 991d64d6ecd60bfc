# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kinds of steps that random programs consist of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .draw import Generator
from .programs import (
    FLOATS,
    INTEGERS,
    UNSIGNED,
    WIDE,
    Known,
    Program,
    Shadow,
    Step,
    correctly,
    exactly,
    integral,
    matmul,
    moved,
    numpy_type,
    product,
    require,
    rounded,
    shape_of,
    smooth,
    softmax,
    stepwise,
    summed,
)

SLICES = ("[1:]", "[:-1]", "[::2]", "[::-1]", "[1::3]", "[-1:]", "[-2::-2]", "[:2]")
SUM_TYPES = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}

# name: function, and the domain on which it is tried
SMOOTH: dict[str, tuple[Callable[[Any], Any], float, float]] = {
    "exp": (np.exp, -20, 5),
    "log": (np.log, 0.05, 1e4),
    "log1p": (np.log1p, -0.9, 1e4),
    "expm1": (np.expm1, -20, 5),
    "tanh": (np.tanh, -1e4, 1e4),
    "sin": (np.sin, -50, 50),
    "cos": (np.cos, -50, 50),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), -40, 40),
    "arctan": (np.arctan, -1e4, 1e4),
    "rsqrt": (lambda x: 1 / np.sqrt(x), 0.02, 1e4),
    "sinh": (np.sinh, -4, 4),
}
SUM_SPREAD = lambda value, *operands: sum(o.error for o in operands)  # noqa: E731
LARGER_SPREAD = lambda value, x, y: np.maximum(x.error, y.error)  # noqa: E731


def product_spread(value: Any, x: Known, y: Known) -> Any:
    return np.abs(x.value) * y.error + np.abs(y.value) * x.error + x.error * y.error


def quotient_spread(value: Any, x: Known, y: Known) -> Any:
    smallest = np.abs(y.value) - y.error
    require(smallest > 0.1)
    return (x.error + np.abs(value) * y.error) / smallest


def root_spread(value: Any, x: Known) -> Any:
    require(x.value - x.error > 0.02)
    return x.error / np.sqrt(x.value - x.error)


BINARY = {
    "add": (np.add, SUM_SPREAD),
    "subtract": (np.subtract, SUM_SPREAD),
    "multiply": (np.multiply, product_spread),
    "divide": (np.divide, quotient_spread),
    "maximum": (np.maximum, LARGER_SPREAD),
    "minimum": (np.minimum, LARGER_SPREAD),
}
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")


def joined(x: tuple[str, ...], y: tuple[str, ...]) -> list[str]:
    """Return the dims of a broadcast."""
    longer, shorter = (x, y) if len(x) >= len(y) else (y, x)
    shorter = ("1",) * (len(longer) - len(shorter)) + shorter
    return [b if a == "1" else a for a, b in zip(longer, shorter, strict=True)]


# Kinds of steps. Each draws operands and adds a step, or raises UndefinedError.


def is_float(step: Step) -> bool:
    return step.dtype in FLOATS


def is_integer(step: Step) -> bool:
    return step.dtype in INTEGERS


def unary(g: Generator) -> None:
    x = g.draw(is_float)
    name, (fun, low, high) = g.pick(list(SMOOTH.items()))
    step = g.steps[x]
    g.add(step.dims, step.dtype, (x,), f"{{out}} = mx.{name}({{0}})", smooth(step.dtype, fun, low, high))


def exact_unary(g: Generator) -> None:
    x = g.draw(is_float)
    step = g.steps[x]
    name = g.pick(("negative", "abs", "square", "sqrt", "floor", "round", "sign"))
    if name == "sqrt":
        shadow = correctly(step.dtype, np.sqrt, root_spread)
    elif name == "square":
        shadow = correctly(step.dtype, np.square, lambda value, x: 2 * np.abs(x.value) * x.error + x.error**2)
    elif name in ("floor", "round", "sign"):
        fun = {"floor": np.floor, "round": np.rint, "sign": np.sign}[name]
        offset = {"floor": 0.0, "round": 0.5}.get(name)
        shadow = stepwise(fun, np.abs if offset is None else lambda x: np.abs(x - offset - np.rint(x - offset)))
    else:
        shadow = correctly(step.dtype, getattr(np, name), SUM_SPREAD)
    g.add(step.dims, step.dtype, (x,), f"{{out}} = mx.{name}({{0}})", shadow)


def binary(g: Generator) -> None:
    x = g.draw(is_float)
    y = g.like(x)
    if g.chance(0.3):
        x, y = y, x
    name, (fun, spread) = g.pick(list(BINARY.items()))
    dtype = g.steps[x].dtype
    dims = joined(g.steps[x].dims, g.steps[y].dims)
    g.add(dims, dtype, (x, y), f"{{out}} = mx.{name}({{0}}, {{1}})", correctly(dtype, fun, spread))


def scalar(g: Generator) -> None:
    x = g.draw(is_float)
    dtype = g.steps[x].dtype
    number = float(g.pick((0.5, 2.0, -1.0, 0.25, 3.0, 1.0)))
    sign, fun = g.pick((("+", np.add), ("*", np.multiply), ("-", np.subtract)))
    spread = (lambda value, x: np.abs(number) * x.error) if sign == "*" else SUM_SPREAD
    constant = lambda x: np.asarray(number).astype(x.dtype)  # noqa: E731
    g.add(
        g.steps[x].dims,
        dtype,
        (x,),
        f"{{out}} = {{0}} {sign} {number}",
        correctly(dtype, lambda x: fun(x, constant(x)), spread),
    )


def integer_binary(g: Generator) -> None:
    x = g.draw(lambda step: is_integer(step) or step.dtype == "bool")
    y = g.like(x)
    names = ["bitwise_and", "bitwise_or", "bitwise_xor"]
    names += ["add", "subtract", "multiply", "maximum", "minimum"] if is_integer(g.steps[x]) else ["logical_and"]
    name = g.pick(names)
    g.add(
        joined(g.steps[x].dims, g.steps[y].dims),
        g.steps[x].dtype,
        (x, y),
        f"{{out}} = mx.{name}({{0}}, {{1}})",
        integral(getattr(np, name)),
    )


def integer_constant(g: Generator) -> None:
    x = g.draw(is_integer)
    dtype = g.steps[x].dtype
    number = int(g.pick((1, 2, 3, 5, 7)))
    name, fun = g.pick(
        (
            ("floor_divide", np.floor_divide),
            ("remainder", np.remainder),
            ("left_shift", np.left_shift),
            ("right_shift", np.right_shift),
            ("power", None),
        )
    )
    if fun is None:
        number = int(g.pick((2, 3)))
        fun = lambda x, n: x**n  # noqa: E731
    source = f"{{out}} = mx.{name}({{0}}, {number})"
    g.add(g.steps[x].dims, dtype, (x,), source, integral(lambda x: fun(x, np.asarray(number, x.dtype))))


def compare(g: Generator) -> None:
    x = g.draw(lambda step: step.dtype != "bool")
    y = g.like(x)
    name = g.pick(COMPARISONS)
    g.add(
        joined(g.steps[x].dims, g.steps[y].dims),
        "bool",
        (x, y),
        f"{{out}} = mx.{name}({{0}}, {{1}})",
        stepwise(getattr(np, name), lambda x, y: np.abs(x - y)),
    )


def where(g: Generator) -> None:
    condition = g.draw(lambda step: step.dtype == "bool")
    x = g.draw(lambda step: step.dims == g.steps[condition].dims and step.dtype != "bool")
    y = g.like(x)
    dims = joined(joined(g.steps[x].dims, g.steps[y].dims), g.steps[condition].dims)
    operands = (condition, x, y)

    def shadow(sizes: dict[str, int], c: Known, x: Known, y: Known) -> Known:
        test = c.value.astype(bool)
        return Known(np.where(test, x.value, y.value), np.where(test, x.error, y.error))

    g.add(dims, g.steps[x].dtype, operands, "{out} = mx.where({0}, {1}, {2})", shadow)


def cast(g: Generator) -> None:
    x = g.draw(lambda step: True)
    dtype = g.steps[x].dtype
    to = g.pick((*FLOATS, *INTEGERS, "bool"))
    if dtype in FLOATS and to in FLOATS:
        narrow = numpy_type(to)

        def shadow(sizes: dict[str, int], x: Known) -> Known:
            itself = x.value.astype(np.float64).astype(narrow).astype(WIDE)
            exact = x.error == 0
            return Known(np.where(exact, itself, x.value), np.where(exact, 0.0, x.error + rounded(x.value, to)))
    elif dtype in FLOATS and to in INTEGERS:

        def shadow(sizes: dict[str, int], x: Known) -> Known:
            require((x.value > (-0.5 if to in UNSIGNED else -100)) & (x.value < 100))
            near = np.abs(x.value - np.rint(x.value))
            require((x.error == 0) | (near > 2 * x.error))
            return exactly(np.trunc(x.value).astype(np.int64))
    elif to == "bool":
        shadow = stepwise(lambda x: x != 0, np.abs)
    elif to in FLOATS:
        shadow = lambda sizes, x: exactly(x.value.astype(np.float64).astype(numpy_type(to)))  # noqa: E731
    else:
        shadow = integral(lambda x: x.astype(to))
    g.add(g.steps[x].dims, to, (x,), f"{{out}} = {{0}}.astype(mx.{'bool_' if to == 'bool' else to})", shadow)


def reduce(g: Generator) -> None:
    x = g.draw(lambda step: len(step.dims) > 0)
    step, axes, keep = g.steps[x], g.axes(x), g.chance(0.4)
    dims = [d for i, d in enumerate(step.dims) if i not in axes]
    if keep:
        dims = ["1" if i in axes else d for i, d in enumerate(step.dims)]
    dtype = step.dtype
    if dtype in FLOATS:
        name = g.pick(("sum", "mean", "max", "min", "prod", "sum", "mean"))
        if name in ("max", "min"):
            shadow = extreme(name, axes, keep)
        elif name == "prod":
            shadow = product(dtype, axes, keep)
        else:
            shadow = summed(dtype, axes, keep, mean=name == "mean")
    elif dtype == "bool":
        name = g.pick(("any", "all"))
        shadow = integral(lambda x: getattr(np, name)(x, axis=axes, keepdims=keep))
    else:
        name = g.pick(("sum", "max", "min", "prod"))
        if name in ("max", "min"):
            shadow = extreme(name, axes, keep)
        else:
            dtype = SUM_TYPES.get(dtype, dtype)
            shadow = integral(lambda x, to=dtype: getattr(np, name)(x, axis=axes, keepdims=keep, dtype=to))
    g.add(dims, dtype, (x,), f"{{out}} = mx.{name}({{0}}, axis={axes}, keepdims={keep})", shadow)


def extreme(name: str, axes: tuple[int, ...], keep: bool) -> Shadow:
    def shadow(sizes: dict[str, int], x: Known) -> Known:
        require(all(x.value.shape[a] > 0 for a in axes))
        value = getattr(np, name)(x.value, axis=axes, keepdims=keep)
        return Known(value, np.max(x.error, axis=axes, keepdims=keep))

    return shadow


def row_function(g: Generator) -> None:
    x = g.draw(lambda step: is_float(step) and len(step.dims) > 0)
    axis = g.axis(x)
    name = g.pick(("softmax", "logsumexp"))
    dims = [d for i, d in enumerate(g.steps[x].dims) if name == "softmax" or i != axis]
    shadow = softmax(g.steps[x].dtype, axis, name == "logsumexp")
    g.add(dims, g.steps[x].dtype, (x,), f"{{out}} = mx.{name}({{0}}, axis={axis})", shadow)


def arg_extreme(g: Generator) -> None:
    x = g.draw(lambda step: len(step.dims) > 0 and step.dtype != "bool")
    axis, name = g.axis(x), g.pick(("argmax", "argmin"))

    def shadow(sizes: dict[str, int], x: Known) -> Known:
        require(x.value.size > 0)
        if not x.is_exact:
            order = np.sort(x.value if name == "argmax" else -x.value, axis)
            if order.shape[axis] > 1:
                gap = np.take(order, -1, axis) - np.take(order, -2, axis)
                require(gap > 2 * np.max(x.error, axis, initial=0))
        return exactly(getattr(np, name)(x.value, axis))

    dims = [d for i, d in enumerate(g.steps[x].dims) if i != axis]
    g.add(dims, "uint32", (x,), f"{{out}} = mx.{name}({{0}}, axis={axis})", shadow)


def product_of_matrices(g: Generator) -> None:
    x = g.draw(lambda step: is_float(step) and len(step.dims) >= 2)
    *batch, rows, inner = g.steps[x].dims
    columns = g.pick(("A", "B", "C", "1"))
    y = g.input(((*batch, inner, columns) if g.chance(0.3) else (inner, columns)), g.steps[x].dtype)
    g.add((*batch, rows, columns), g.steps[x].dtype, (x, y), "{out} = {0} @ {1}", matmul(g.steps[x].dtype))


def move(g: Generator) -> None:
    """Transpose, flip, slice, pad, tile, roll, reshape, expand, broadcast, concatenate."""
    x = g.draw(lambda step: len(step.dims) > 0)
    step = g.steps[x]
    dims, rank, axis = list(step.dims), len(step.dims), g.axis(x)
    kind = g.pick(
        ("transpose", "slice", "slice", "pad", "repeat", "roll", "flat", "split", "expand", "join", "broadcast")
    )
    if kind == "transpose":
        order = tuple(int(i) for i in g.rng.permutation(rank))
        make = moved(lambda v: np.transpose(v, order))
        g.add([dims[i] for i in order], step.dtype, (x,), f"{{out}} = mx.transpose({{0}}, {order})", make)
    elif kind == "slice":
        part = g.pick(SLICES)
        index = (slice(None),) * axis + (eval(f"np.s_{part}"),)
        dims[axis] = f"len(range({dims[axis]}){part})"
        make = moved(lambda v: v[index])
        g.add(dims, step.dtype, (x,), f"{{out}} = {{0}}[{':, ' * axis}{part[1:-1]}]", make)
    elif kind == "pad":
        before, after = int(g.rng.integers(3)), int(g.rng.integers(3))
        widths = tuple((before, after) if i == axis else (0, 0) for i in range(rank))
        dims[axis] = f"({dims[axis]}+{before + after})"
        g.add(dims, step.dtype, (x,), f"{{out}} = mx.pad({{0}}, {widths})", moved(lambda v: np.pad(v, widths)))
    elif kind == "repeat":
        dims[axis] = f"({dims[axis]}*2)"
        make = moved(lambda v: np.repeat(v, 2, axis))
        g.add(dims, step.dtype, (x,), f"{{out}} = mx.repeat({{0}}, 2, {axis})", make)
    elif kind == "roll":
        make = moved(lambda v: np.roll(v, 2, axis))
        g.add(dims, step.dtype, (x,), f"{{out}} = mx.roll({{0}}, 2, axis={axis})", make)
    elif kind == "flat":
        require(axis + 1 < rank)
        merged = [*dims[:axis], f"{dims[axis]}*{dims[axis + 1]}", *dims[axis + 2 :]]
        add_reshape(g, x, merged)
    elif kind == "split":
        factors = dims[axis].split("*")
        require(len(factors) == 2 and all(f in "ABC" for f in factors))
        add_reshape(g, x, [*dims[:axis], *factors, *dims[axis + 1 :]])
    elif kind == "expand":
        make = moved(lambda v: np.expand_dims(v, axis))
        g.add([*dims[:axis], "1", *dims[axis:]], step.dtype, (x,), f"{{out}} = mx.expand_dims({{0}}, {axis})", make)
    elif kind == "broadcast":
        wide = [g.pick("ABC"), *(g.pick("ABC") if d == "1" else d for d in dims)]
        make = moved(lambda sizes, v: np.broadcast_to(v, shape_of(wide, sizes)), sized=True)
        g.add(wide, step.dtype, (x,), f"{{out}} = mx.broadcast_to({{0}}, ({', '.join(wide)},))", make)
    else:
        others = lambda s: s.dims[:axis] + s.dims[axis + 1 :]  # noqa: E731
        y = g.draw(lambda s: s.dtype == step.dtype and len(s.dims) == rank and others(s) == others(step))
        dims[axis] = f"({dims[axis]}+{g.steps[y].dims[axis]})"
        make = moved(lambda v, w: np.concatenate([v, w], axis))
        g.add(dims, step.dtype, (x, y), f"{{out}} = mx.concatenate([{{0}}, {{1}}], axis={axis})", make)


def add_reshape(g: Generator, x: int, dims: list[str]) -> None:
    make = moved(lambda sizes, v: np.reshape(v, shape_of(dims, sizes)), sized=True)
    g.add(dims, g.steps[x].dtype, (x,), f"{{out}} = mx.reshape({{0}}, ({', '.join(dims)},))", make)


def index(g: Generator) -> None:
    """Read at, write to, and add at integer positions, negative ones among them."""
    x = g.draw(lambda step: len(step.dims) > 0)
    step, axis = g.steps[x], g.axis(x)
    low = min(shape_of([step.dims[axis]], sizes)[0] for sizes in g.sizes)
    require(low > 0)
    kind = g.pick(("take", "along", "add", "write"))
    if kind == "take":
        at = g.input((g.pick("ABC"),), g.pick(("int32", "int64", "int8")), -low, low - 1)
        dims = [*step.dims[:axis], g.steps[at].dims[0], *step.dims[axis + 1 :]]
        g.add(dims, step.dtype, (x, at), f"{{out}} = mx.take({{0}}, {{1}}, axis={axis})", taking(axis))
    elif kind == "along":
        at = g.input(step.dims, "int32", 0, low - 1)
        source = f"{{out}} = mx.take_along_axis({{0}}, {{1}}, axis={axis})"

        def along(sizes: dict[str, int], x: Known, i: Known) -> Known:
            places = i.value.astype(int)
            return Known(np.take_along_axis(x.value, places, axis), np.take_along_axis(x.error, places, axis))

        g.add(step.dims, step.dtype, (x, at), source, along)
    elif kind == "add":
        require(is_float(step) or is_integer(step))
        at = g.input(("B",), "int32", -low, low - 1)
        require(axis == 0)
        y = g.input(("B", *step.dims[1:]), step.dtype)
        g.add(step.dims, step.dtype, (x, at, y), "{out} = {0}.at[{1}].add({2})", adding(step.dtype))
    else:
        part = g.pick(SLICES)
        number = 1 if not is_float(step) else 0.5

        def writing(sizes: dict[str, int], x: Known) -> Known:
            value, error = x.value.copy(), x.error.copy()
            value[eval(f"np.s_{part}")] = number
            error[eval(f"np.s_{part}")] = 0
            return Known(value, error)

        g.add(step.dims, step.dtype, (x,), f"{{out}} = {{0}}[...]; {{out}}{part} = {number}", writing)


def taking(axis: int) -> Shadow:
    def shadow(sizes: dict[str, int], x: Known, i: Known) -> Known:
        places = i.value.astype(int)
        return Known(np.take(x.value, places, axis), np.take(x.error, places, axis))

    return shadow


def adding(dtype: str) -> Shadow:
    def shadow(sizes: dict[str, int], x: Known, i: Known, y: Known) -> Known:
        places = i.value.astype(int)
        value = x.value.copy()
        np.add.at(value, places, y.value)
        if dtype in INTEGERS:
            return exactly(value)
        error, magnitude = x.error.copy(), np.abs(x.value)
        np.add.at(error, places, y.error)
        np.add.at(magnitude, places, np.abs(y.value))
        # Every element may be the sum of all that is added, in the dtype itself.
        return Known(value, error + (len(places) + 1) * rounded(magnitude, dtype))

    return shadow


KINDS = [
    *[unary] * 3,
    *[exact_unary] * 2,
    *[binary] * 5,
    *[scalar] * 3,
    *[integer_binary] * 2,
    integer_constant,
    *[compare] * 2,
    *[where] * 2,
    *[cast] * 2,
    *[reduce] * 3,
    row_function,
    arg_extreme,
    product_of_matrices,
    *[move] * 5,
    *[index] * 2,
]


def generate(seed: int, kinds: Sequence[Callable[[Generator], None]]) -> Program:
    """Draw the program of a seed from these kinds of steps: mostly 5 to 25 steps, up to 60."""
    g = Generator(seed)
    steps = int(g.rng.integers(5, 26)) if g.chance(0.9) else int(g.rng.integers(26, 61))
    return g.run(kinds, steps)
