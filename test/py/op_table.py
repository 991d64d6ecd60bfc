# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of array functions: what each computes, on what, and how exactly.

A row is one function with one way to call it. test_ops.py checks from it the values
over dtypes and shapes, both derivatives, and batching.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# Element types by class. NumPy has no bfloat16 of its own; ml_dtypes adds it.
FLOATS = ("float16", "bfloat16", "float32", "float64")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = SIGNED + UNSIGNED
ALL = ("bool", *INTEGERS, *FLOATS)

# How far a result may be from the exact one, in units of the last place of its dtype.
EXACT = 0.0
ROUNDED = 0.5  # correctly rounded: one operation
NEAR = 4.0  # transcendental functions

# Shapes for functions of any shape: a scalar, nothing, one, odd, several axes, large.
SHAPES = ((), (0,), (1,), (7,), (3, 5), (2, 1, 4), (1031,), (70003,))


@dataclass(frozen=True)
class Row:
    """One function, called in one way."""

    name: str
    call: Callable[..., Any]  # call(mx, *arrays)
    reference: Callable[..., Any]  # reference(*numpy arrays), in float64 for floats
    domains: tuple[tuple[float, float], ...] = ((-3.0, 3.0),)  # of floats, per array
    dtypes: tuple[str, ...] = FLOATS
    ulp: float = EXACT
    shapes: tuple[Any, ...] = SHAPES  # a shape, or one per array
    gradient: bool | str = True  # or why there is none
    batch: bool | str = True  # or why it is not batched
    result: str = ""  # dtype of the result if it is not the operands'
    covers: tuple[str, ...] = ()  # ops of the dialect that it stands for
    integers: tuple[int, int] = (-9, 9)  # range of integer operands
    label: str = ""
    step: float = 1e-3  # of central differences; long where the result has few digits and the function is linear

    def __str__(self) -> str:
        return self.name + (f"/{self.label}" if self.label else "")


NO_SLOPE = "piecewise constant: the derivative is 0 where it exists"
NOT_FLOAT = "the result is no float"
CUT = "the derivative is 0 by definition"
WITHOUT_DERIVATIVE = {NO_SLOPE, NOT_FLOAT, CUT}

ROWS: list[Row] = []


def unary(name: str, reference: Callable[..., Any], low: float = -3.0, high: float = 3.0, **kwargs: Any) -> None:
    kwargs.setdefault("ulp", NEAR)
    kwargs.setdefault("covers", (name,))
    ROWS.append(Row(name, lambda mx, x: getattr(mx, name)(x), reference, ((low, high),), **kwargs))


def binary(name: str, reference: Callable[..., Any], *domains: tuple[float, float], **kwargs: Any) -> None:
    kwargs.setdefault("covers", (name,))
    ROWS.append(Row(name, lambda mx, x, y: getattr(mx, name)(x, y), reference, domains or ((-3.0, 3.0),) * 2, **kwargs))


def row(name: str, call: Callable[..., Any], reference: Callable[..., Any], *domains: Any, **kwargs: Any) -> None:
    ROWS.append(Row(name, call, reference, domains or ((-3.0, 3.0),), **kwargs))


# A row is one statement: it reads best when its lines are filled.
# fmt: off

# Elementwise functions of one array. Integers become float32 where the function needs floats.
unary("abs", np.abs, ulp=EXACT, dtypes=FLOATS + SIGNED + UNSIGNED)
unary("negative", np.negative, ulp=EXACT, dtypes=FLOATS + INTEGERS)
unary("sign", np.sign, ulp=EXACT, dtypes=FLOATS + INTEGERS, gradient=NO_SLOPE)
unary("floor", np.floor, ulp=EXACT, gradient=NO_SLOPE)
unary("ceil", np.ceil, ulp=EXACT, gradient=NO_SLOPE)
unary("trunc", np.trunc, ulp=EXACT, gradient=NO_SLOPE)
unary("sqrt", np.sqrt, 0.0, 9.0, ulp=ROUNDED)
unary("rsqrt", lambda x: 1 / np.sqrt(x), 0.1, 9.0)
unary("exp", np.exp, -9.0, 9.0)
unary("expm1", np.expm1, -4.0, 4.0)
unary("log", np.log, 0.01, 9.0)
unary("log1p", np.log1p, -0.9, 9.0)
unary("log2", np.log2, 0.01, 9.0)
unary("log10", np.log10, 0.01, 9.0)
unary("sigmoid", lambda x: 1 / (1 + np.exp(-x)), -9.0, 9.0)
unary("sin", np.sin, -9.0, 9.0)
unary("cos", np.cos, -9.0, 9.0)
unary("tan", np.tan, -1.4, 1.4)
unary("arcsin", np.arcsin, -0.99, 0.99)
unary("arccos", np.arccos, -0.99, 0.99)
unary("arctan", np.arctan)
unary("sinh", np.sinh)
unary("cosh", np.cosh)
unary("tanh", np.tanh)
unary("arcsinh", np.arcsinh)
unary("arccosh", np.arccosh, 1.01, 9.0)
unary("arctanh", np.arctanh, -0.99, 0.99)
unary("isnan", np.isnan, dtypes=FLOATS + INTEGERS, result="bool", gradient=NOT_FLOAT, ulp=EXACT)
unary("isinf", np.isinf, dtypes=FLOATS + INTEGERS, result="bool", gradient=NOT_FLOAT, ulp=EXACT)
unary("isfinite", np.isfinite, dtypes=FLOATS + INTEGERS, result="bool", gradient=NOT_FLOAT, ulp=EXACT)
unary("logical_not", np.logical_not, dtypes=ALL, result="bool", gradient=NOT_FLOAT, ulp=EXACT)
unary("bitwise_invert", np.invert, dtypes=("bool", *INTEGERS), gradient=NOT_FLOAT, ulp=EXACT)
unary("stop_gradient", lambda x: x, dtypes=ALL, ulp=EXACT, gradient=CUT)


def _erf(x: Any) -> Any:
    from scipy.special import erf

    return erf(x.astype(np.float64))


unary("erf", _erf)
unary("square", np.square, ulp=ROUNDED, dtypes=FLOATS + INTEGERS, covers=())
unary("reciprocal", lambda x: 1 / x, 0.1, 3.0, ulp=ROUNDED, covers=())
unary("degrees", np.degrees, ulp=1.0, covers=())
unary("radians", np.radians, ulp=1.0, covers=())
unary("positive", lambda x: x, ulp=EXACT, dtypes=ALL, covers=())
unary("real", lambda x: x, ulp=EXACT, dtypes=ALL, covers=())
unary("imag", np.zeros_like, ulp=EXACT, dtypes=FLOATS + INTEGERS, covers=())
unary("conj", lambda x: x, ulp=EXACT, dtypes=ALL, covers=())
unary("isposinf", np.isposinf, dtypes=FLOATS, result="bool", gradient=NOT_FLOAT, ulp=EXACT, covers=())
unary("isneginf", np.isneginf, dtypes=FLOATS, result="bool", gradient=NOT_FLOAT, ulp=EXACT, covers=())
row("nan_to_num", lambda mx, x: mx.nan_to_num(1 / x), lambda x: np.nan_to_num(1 / x), (0.5, 3.0), ulp=ROUNDED)
row("round", lambda mx, x: mx.round(x), np.round, covers=("round",), dtypes=FLOATS + INTEGERS, gradient=NO_SLOPE)
row("round", lambda mx, x: mx.round(x, 1), lambda x: np.rint(x * 10) / 10, label="decimals", dtypes=("float64",),
    ulp=1.0, gradient=NO_SLOPE)

# Elementwise functions of two arrays.
binary("add", np.add, ulp=ROUNDED, dtypes=ALL)
binary("subtract", np.subtract, ulp=ROUNDED, dtypes=FLOATS + INTEGERS)
binary("multiply", np.multiply, ulp=ROUNDED, dtypes=ALL)
binary("divide", np.divide, (-3.0, 3.0), (0.5, 3.0), ulp=ROUNDED)


def _floor_divide(x: Any, y: Any) -> Any:
    if x.dtype.kind not in "iu":
        return np.floor(x / y)
    return np.where(y == 0, 0, np.floor_divide(x, np.where(y == 0, 1, y)))


def _remainder(x: Any, y: Any) -> Any:
    if x.dtype.kind not in "iu":
        return np.remainder(x, y)
    return np.where(y == 0, x, np.remainder(x, np.where(y == 0, 1, y)))


binary("floor_divide", _floor_divide, (-9.0, 9.0), (0.5, 3.0), dtypes=("float32", "float64", *INTEGERS),
       gradient=NO_SLOPE)
binary("remainder", _remainder, (-9.0, 9.0), (0.7, 3.0), dtypes=("float32", "float64", *INTEGERS), ulp=2.0)
binary("power", np.power, (0.2, 3.0), (-3.0, 3.0), ulp=NEAR)
binary("power", np.power, dtypes=INTEGERS, integers=(0, 5), label="integers", gradient=NOT_FLOAT)
binary("arctan2", np.arctan2, (0.3, 3.0), (-3.0, 3.0), ulp=NEAR)
binary("logaddexp", np.logaddexp, (0.5, 3.0), (0.5, 3.0), ulp=NEAR)
binary("maximum", np.maximum, dtypes=ALL)
binary("minimum", np.minimum, dtypes=ALL)
for _name in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"):
    binary(_name, getattr(np, _name), dtypes=ALL, result="bool", gradient=NOT_FLOAT, integers=(-2, 2))
for _name in ("logical_and", "logical_or"):
    binary(_name, getattr(np, _name), dtypes=ALL, result="bool", gradient=NOT_FLOAT, integers=(-1, 1))
binary("logical_xor", np.logical_xor, dtypes=ALL, result="bool", gradient=NOT_FLOAT, integers=(-1, 1), covers=())
for _name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
    binary(_name, getattr(np, _name), dtypes=("bool", *INTEGERS), gradient=NOT_FLOAT, integers=(-99, 99))
for _name in ("left_shift", "right_shift"):
    binary(_name, getattr(np, _name), dtypes=INTEGERS, gradient=NOT_FLOAT, integers=(0, 6))
row("divmod", lambda mx, x, y: mx.divmod(x, y)[1], _remainder, (-9.0, 9.0), (0.7, 3.0), dtypes=("float64", "int32"),
    ulp=2.0)
row("isclose", lambda mx, x, y: mx.isclose(x, y), lambda x, y: np.isclose(x, y), (0.0, 1.0), (0.0, 1.0),
    dtypes=("float32", "float64", "int32"), result="bool", gradient=NOT_FLOAT, integers=(0, 1))
row("where", lambda mx, c, x, y: mx.where(c > 0, x, y), lambda c, x, y: np.where(c > 0, x, y), *((-3.0, 3.0),) * 3,
    dtypes=FLOATS + INTEGERS, covers=("select",))
row("clip", lambda mx, x: mx.clip(x, -1, 2), lambda x: np.clip(x, -1, 2), dtypes=FLOATS + SIGNED)

# Conversions.
def _converted(x: Any, to: str) -> Any:
    if to[0] in "iu" and x.dtype.kind == "f":
        return np.trunc(x).astype(to)
    # From the wide type of the references NumPy rounds twice, by way of a type in between; from float64 it does not.
    return (x.astype(np.float64) if x.dtype == np.longdouble else x).astype(to)


for _to in ("float16", "float32", "float64", "int8", "int32", "uint8", "bool"):
    row("astype", lambda mx, x, to=_to: x.astype(getattr(mx, {"bool": "bool_"}.get(to, to))),
        lambda x, to=_to: _converted(x, to), (0.0, 99.0),
        dtypes=("bool", "int8", "uint16", "int64", "float16", "float32", "float64"), integers=(0, 99), label=_to,
        result=_to, gradient=True if "float" in _to else NOT_FLOAT, covers=("cast",), step=4.0)
row("view", lambda mx, x: mx.view(mx.view(x, mx.int32) + 1, mx.float32),
    lambda x: np.nextafter(x.astype(np.float32), np.float32(99)), (0.5, 3.0), dtypes=("float32",),
    gradient=CUT, covers=("bitcast",))

# Reductions. Axes are those of a (3, 5, 4) array, and of a long one.
_SOLID = ((3, 5, 4), (1, 1, 1), (2, 513, 3))
_AXES = ((None, "all"), (0, "first"), (-1, "last"), ((0, 2), "two"))


def reduction(
    name: str, reference: Callable[..., Any], domain: tuple[float, float] = (-3.0, 3.0), **kwargs: Any
) -> None:
    for axis, label in _AXES:
        row(name, lambda mx, x, axis=axis: getattr(mx, name)(x, axis=axis),
            lambda x, axis=axis: reference(x, axis=axis), domain, shapes=_SOLID, label=label, **kwargs)


def _wide_sum(x: Any, axis: Any) -> Any:
    kinds = {"b": np.int32, "i": np.int32, "u": np.uint32}
    narrow = x.dtype.kind in kinds and x.dtype.itemsize < 4
    return np.sum(x, axis=axis, dtype=kinds[x.dtype.kind] if narrow else x.dtype)


def _wide_prod(x: Any, axis: Any) -> Any:
    kinds = {"b": np.int32, "i": np.int32, "u": np.uint32}
    narrow = x.dtype.kind in kinds and x.dtype.itemsize < 4
    return np.prod(x, axis=axis, dtype=kinds[x.dtype.kind] if narrow else x.dtype)


# Positive operands, so that units of the last place say something of a sum.
reduction("sum", _wide_sum, (0.5, 3.0), dtypes=ALL, ulp=16.0, covers=("sum",), integers=(0, 9))
for _axis, _label in _AXES:
    row("prod", lambda mx, x, axis=_axis: mx.prod(x, axis=axis), lambda x, axis=_axis: _wide_prod(x, axis),
        (0.9, 1.1), shapes=((3, 5, 4), (1, 1, 1)), dtypes=("float32", "float64", "int32", "uint8"), ulp=32.0,
        label=_label, covers=("prod",), integers=(0, 3))
reduction("max", np.max, dtypes=FLOATS + INTEGERS, covers=("max",))
reduction("min", np.min, dtypes=FLOATS + INTEGERS, covers=("min",))
reduction("any", np.any, dtypes=("bool", "int32", "float32"), result="bool", gradient=NOT_FLOAT, covers=("any",),
          integers=(0, 1))
reduction("all", np.all, dtypes=("bool", "int32", "float32"), result="bool", gradient=NOT_FLOAT, covers=("all",),
          integers=(0, 1))
reduction("mean", np.mean, (0.5, 3.0), dtypes=("float32", "float64"), ulp=64.0)
reduction("var", np.var, dtypes=("float32", "float64"), ulp=64.0)
reduction("std", np.std, dtypes=("float32", "float64"), ulp=64.0)
reduction("logsumexp", lambda x, axis: np.log(np.sum(np.exp(x), axis=axis)), (0.5, 3.0),
          dtypes=("float32", "float64"), ulp=16.0)
reduction("count_nonzero", lambda x, axis: np.count_nonzero(x, axis=axis), dtypes=("bool", "int32", "float32"),
          result="int32", gradient=NOT_FLOAT, integers=(0, 1))
row("minmax", lambda mx, x: mx.minmax(x, axis=1)[1], lambda x: np.max(x, axis=1), shapes=_SOLID)
for _name in ("argmax", "argmin"):
    for _axis in (None, 0, 2):
        row(_name, lambda mx, x, name=_name, axis=_axis: getattr(mx, name)(x, axis=axis),
            lambda x, name=_name, axis=_axis: getattr(np, name)(x, axis=axis), shapes=_SOLID, dtypes=FLOATS + INTEGERS,
            result="uint32", gradient=NOT_FLOAT, label=str(_axis), covers=(_name,))


def _softmax(x: Any, axis: Any) -> Any:
    weights = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True)


reduction("softmax", _softmax, dtypes=("float32", "float64"), ulp=16.0)

# Shapes.
_CUBE = ((2, 3, 4), (1, 1, 4), (5, 3, 1))


def move(name: str, call: Callable[..., Any], reference: Callable[..., Any], label: str = "", **kwargs: Any) -> None:
    kwargs.setdefault("shapes", _CUBE)
    kwargs.setdefault("dtypes", ("bool", "int8", "int64", "float16", "float32", "float64"))
    row(name, call, reference, label=label, **kwargs)


move("reshape", lambda mx, x: mx.reshape(x, (-1, x.shape[1])), lambda x: x.reshape(-1, x.shape[1]), covers=("reshape",))
move("flatten", lambda mx, x: mx.flatten(x, 1), lambda x: x.reshape(x.shape[0], -1))
move("unflatten", lambda mx, x: mx.unflatten(x, 2, (-1, 2)), lambda x: x.reshape(*x.shape[:2], -1, 2),
     shapes=((2, 3, 4), (1, 1, 4)))
move("squeeze", lambda mx, x: mx.squeeze(mx.expand_dims(x, 1), 1), lambda x: x)
move("expand_dims", lambda mx, x: mx.expand_dims(x, (0, 2)), lambda x: np.expand_dims(x, (0, 2)))
move("atleast_1d", lambda mx, x: mx.atleast_1d(x), np.atleast_1d, shapes=((), (3,)))
move("atleast_2d", lambda mx, x: mx.atleast_2d(x), np.atleast_2d, shapes=((), (3,)))
move("atleast_3d", lambda mx, x: mx.atleast_3d(x), np.atleast_3d, shapes=((), (3,), (2, 3)))
move("transpose", lambda mx, x: mx.transpose(x), np.transpose, covers=("transpose",))
move("transpose", lambda mx, x: mx.transpose(x, (1, 0, 2)), lambda x: np.transpose(x, (1, 0, 2)), "axes")
move("transpose", lambda mx, x: mx.transpose(x), np.transpose, "large", shapes=((129, 1, 67),), dtypes=("float32",))
move("matrix_transpose", lambda mx, x: mx.matrix_transpose(x), lambda x: np.swapaxes(x, -1, -2))
move("swapaxes", lambda mx, x: mx.swapaxes(x, 0, -1), lambda x: np.swapaxes(x, 0, -1))
move("moveaxis", lambda mx, x: mx.moveaxis(x, 0, 2), lambda x: np.moveaxis(x, 0, 2))
move("broadcast_to", lambda mx, x: mx.broadcast_to(x, (2, 3, 4)), lambda x: np.broadcast_to(x, (2, 3, 4)),
     shapes=((), (4,), (3, 1), (2, 1, 4)), covers=("broadcast",))
move("concatenate", lambda mx, x: mx.concatenate([x, x * 2, x[:, :1]], 1),
     lambda x: np.concatenate([x, x * 2, x[:, :1]], 1), dtypes=("int8", "float32", "float64"), covers=("concatenate",))
move("stack", lambda mx, x: mx.stack([x, x + 1], -1), lambda x: np.stack([x, x + 1], -1), dtypes=("int8", "float64"))
move("split", lambda mx, x: mx.split(x, [1], 2)[1], lambda x: np.split(x, [1], 2)[1], shapes=((2, 3, 4), (1, 1, 4)))
move("unstack", lambda mx, x: mx.unstack(x, axis=1)[0], lambda x: x[:, 0])
move("repeat", lambda mx, x: mx.repeat(x, 2, 1), lambda x: np.repeat(x, 2, 1))
move("tile", lambda mx, x: mx.tile(x, (2, 1, 3)), lambda x: np.tile(x, (2, 1, 3)))
move("roll", lambda mx, x: mx.roll(x, 1, 2), lambda x: np.roll(x, 1, 2))
move("flip", lambda mx, x: mx.flip(x, (0, 2)), lambda x: np.flip(x, (0, 2)), covers=("slice",))
move("contiguous", lambda mx, x: mx.contiguous(x), lambda x: x)
move("diagonal", lambda mx, x: mx.diagonal(x, 1, 1, 2), lambda x: np.diagonal(x, 1, 1, 2))
move("diag", lambda mx, x: mx.diag(x, 1), lambda x: np.diag(x, 1), shapes=((3,), (3, 4)))
move("tril", lambda mx, x: mx.tril(x, 1), lambda x: np.tril(x, 1))
move("triu", lambda mx, x: mx.triu(x, -1), lambda x: np.triu(x, -1))
for _mode in ("constant", "edge", "reflect", "symmetric"):
    move("pad", lambda mx, x, mode=_mode: mx.pad(x, ((1, 0), (0, 0), (2, 3)), mode),
         lambda x, mode=_mode: np.pad(x, ((1, 0), (0, 0), (2, 3)), mode), _mode, covers=("pad",))

# Items.
move("getitem", lambda mx, x: x[..., 1:0:-1, ::2], lambda x: x[..., 1:0:-1, ::2], shapes=((2, 3, 4),),
     covers=("slice",))
move("getitem", lambda mx, x: x[mx.array([1, -1, 0]), :, 1], lambda x: x[np.array([1, -1, 0]), :, 1], "arrays",
     shapes=((2, 3, 4), (5, 3, 2)), covers=("gather",))
move("take", lambda mx, x: mx.take(x, mx.array([[0, 1], [1, 0]]), 1), lambda x: np.take(x, [[0, 1], [1, 0]], 1),
     shapes=((2, 3, 4),))
move("take_along_axis", lambda mx, x: mx.take_along_axis(x, mx.argmax(x, 2, keepdims=True), 2),
     lambda x: np.max(x, 2, keepdims=True), dtypes=("int32", "float32", "float64"), covers=("take_along_axis",))


def _set(mx: Any, x: Any, y: Any) -> Any:
    x = mx.array(x)
    x[1:, ::2] = y
    return x


def _numpy_set(x: Any, y: Any) -> Any:
    x = x.copy()
    x[1:, ::2] = y
    return x


row("setitem", _set, _numpy_set, *((-3.0, 3.0),) * 2, shapes=(((3, 4), (2, 2)), ((3, 4), (2,)), ((3, 4), ())),
    dtypes=("bool", "int32", "float16", "float64"), covers=("slice_update",))


def _set_rows(mx: Any, x: Any, y: Any) -> Any:
    x = mx.array(x)
    x[mx.array([2, 0])] = y
    return x


def _numpy_set_rows(x: Any, y: Any) -> Any:
    x = x.copy()
    x[[2, 0]] = y
    return x


row("setitem", _set_rows, _numpy_set_rows, *((-3.0, 3.0),) * 2, shapes=(((3, 4), (2, 4)),), label="arrays",
    dtypes=("bool", "int32", "float16", "float64"), covers=("scatter",))


def _numpy_add_at(x: Any, y: Any) -> Any:
    x = x.copy()
    np.add.at(x, [1, 1, 0], y)
    return x


row("at", lambda mx, x, y: x.at[mx.array([1, 1, 0])].add(y), _numpy_add_at, *((-3.0, 3.0),) * 2,
    shapes=(((3, 4), (3, 4)), ((2,), (3,))), dtypes=("int32", "float32", "float64"), ulp=2.0, covers=("scatter",))

# Products. Positive operands, as with sums.
_MATRICES = (((3, 4), (4, 5)), ((1, 7), (7, 1)), ((65, 33), (33, 70)), ((4,), (4, 2)), ((2, 3), (3,)), ((6,), (6,)),
             ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)))
row("matmul", lambda mx, x, y: mx.matmul(x, y), np.matmul, (0.1, 1.0), (0.1, 1.0), shapes=_MATRICES, ulp=32.0,
    covers=("dot_general",))
row("addmm", lambda mx, c, x, y: mx.addmm(c, x, y, 2.0, 3.0), lambda c, x, y: 2 * (x @ y) + 3 * c, *((0.1, 1.0),) * 3,
    shapes=(((5,), (3, 4), (4, 5)),), dtypes=("float32", "float64"), ulp=32.0)
row("inner", lambda mx, x, y: mx.inner(x, y), np.inner, (0.1, 1.0), (0.1, 1.0), shapes=(((2, 3), (4, 3)), ((3,), (3,))),
    dtypes=("float32", "float64"), ulp=16.0)
row("outer", lambda mx, x, y: mx.outer(x, y), np.outer, (0.1, 1.0), (0.1, 1.0), shapes=(((2, 3), (4,)),), ulp=ROUNDED)
row("tensordot", lambda mx, x, y: mx.tensordot(x, y, axes=0), lambda x, y: np.tensordot(x, y, axes=0), (0.1, 1.0),
    (0.1, 1.0), shapes=(((2, 3), (4,)), ((1,), (3,))), ulp=ROUNDED, label="nothing summed")
row("tensordot", lambda mx, x, y: mx.tensordot(x, y, [[0, 2], [1, 0]]),
    lambda x, y: np.tensordot(x, y, [[0, 2], [1, 0]]), (0.1, 1.0), (0.1, 1.0), shapes=(((2, 3, 4), (4, 2, 5)),),
    dtypes=("float32", "float64"), ulp=32.0)

# Layers.
row("rms_norm", lambda mx, x, w: mx.fast.rms_norm(x, w, 1e-3),
    lambda x, w: x / np.sqrt(np.mean(x * x, -1, keepdims=True) + 1e-3) * w, *((0.5, 2.0),) * 2,
    shapes=(((3, 7), (7,)), ((2, 3, 33), (33,))), dtypes=("float32", "float64"), ulp=32.0)


def _layer_norm(x: Any, w: Any, b: Any) -> Any:
    centered = x - np.mean(x, -1, keepdims=True)
    return centered / np.sqrt(np.mean(centered**2, -1, keepdims=True) + 1e-3) * w + b


row("layer_norm", lambda mx, x, w, b: mx.fast.layer_norm(x, w, b, 1e-3), _layer_norm, (-2.0, 2.0), (0.5, 1.0),
    (9.0, 10.0), shapes=(((3, 7), (7,), (7,)),), dtypes=("float32", "float64"), ulp=32.0)


def _attention(q: Any, k: Any, v: Any) -> Any:
    return _softmax(q @ np.swapaxes(k, -1, -2) * 0.5, -1) @ v


row("scaled_dot_product_attention", lambda mx, q, k, v: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.5),
    _attention, (-2.0, 2.0), (-2.0, 2.0), (0.5, 1.0), shapes=(((1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 6)),),
    dtypes=("float32", "float64"), ulp=32.0)


def _rope(x: Any) -> Any:
    half = x.shape[-1] // 2
    angle = np.arange(x.shape[-2])[:, None] * 100.0 ** (-np.arange(half) / half)
    cos, sin, a, b = np.cos(angle), np.sin(angle), x[..., :half], x[..., half:]
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], -1)


row("rope", lambda mx, x: mx.fast.rope(x, x.shape[-1], traditional=False, base=100.0, scale=1.0, offset=0), _rope,
    (0.5, 1.0), shapes=((2, 5, 8),), dtypes=("float32",), ulp=256.0)

# Arrays from numbers: no operands of their own, so zero times an operand is added.
row("arange", lambda mx, x: x * 0 + mx.arange(x.shape[0]), lambda x: x * 0 + np.arange(x.shape[0]),
    shapes=((7,), (1031,)), dtypes=("int32", "float32", "float64"), covers=("iota",))

# fmt: on

# Functions whose tests are elsewhere, and why no row fits them.
ELSEWHERE = {
    "allclose": "test_array: one bool",
    "arange": "test_array: no operand",
    "array_equal": "test_array: one bool",
    "asarray": "test_array: data from outside",
    "bernoulli": "test_random",
    "broadcast_arrays": "test_array: several results",
    "broadcast_shapes": "test_array: no arrays",
    "categorical": "test_random",
    "empty": "test_array: no operand",
    "empty_like": "test_array: no operand",
    "eye": "test_array: no operand",
    "from_dlpack": "test_array: data from outside",
    "from_fp8": "test_array: exhaustive",
    "full": "test_array: no operand",
    "full_like": "test_array: no operand",
    "gumbel": "test_random",
    "identity": "test_array: no operand",
    "key": "test_random",
    "linspace": "test_array: no operand",
    "normal": "test_random",
    "ones": "test_array: no operand",
    "ones_like": "test_array: no operand",
    "randint": "test_random",
    "seed": "test_random",
    "state": "test_random",
    "to_fp8": "test_array: exhaustive",
    "tri": "test_array: no operand",
    "uniform": "test_random",
    "zeros": "test_array: no operand",
    "zeros_like": "test_array: no operand",
}
# Ops that no function stands for.
INTERNAL = {
    "composite": "every composite function",
    "constant": "every number in a function",
    "copy": "made by passes only",
}
