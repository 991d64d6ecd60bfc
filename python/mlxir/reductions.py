# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions: sums, extremes, averages, and softmax."""

from __future__ import annotations

from ._core import (
    array,
    bfloat16,
    bool_,
    cast,
    composite,
    fail_value,
    float16,
    float32,
    functions,
    int8,
    int16,
    int32,
    ops,
    promote,
    public,
    require_array,
    uint8,
    uint16,
    uint32,
)
from .axes import axes_of, axis_of, count, text, with_ones
from .elementwise import where
from .shapes import reshape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Axis = int | Sequence[int] | None

__all__ = [
    "all",
    "any",
    "argmax",
    "argmin",
    "count_nonzero",
    "logsumexp",
    "max",
    "mean",
    "min",
    "minmax",
    "prod",
    "softmax",
    "std",
    "sum",
    "var",
]

_exp, _log, _sqrt = functions["exp"], functions["log"], functions["sqrt"]
_isfinite = functions["isfinite"]

# Sums of narrow integers are wider, so that they overflow less.
_sum_types = {bool_: int32, int8: int32, int16: int32, uint8: uint32, uint16: uint32}


def _reduce(op: Callable[..., array], a: array, axes: Sequence[int], keepdims: bool) -> array:
    shape = with_ones(a.shape, axes)
    result = op(a, axes=axes) if axes else a
    return reshape(result, shape) if keepdims and axes else result


def _float(a: array) -> array:
    return promote((require_array(a),), "inexact", False)[0]


def _bool(a: array) -> array:
    return cast(require_array(a), bool_)


@public
def sum(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Sum of the elements along axes.

    Args:
        a: any array.
        axis: one axis or several; all if absent.
        keepdims: whether the axes stay, with size 1.

    Returns:
        The sums. Those of bool and narrow integers are int32 or uint32.

    Raises:
        ValueError: an axis is named twice.
        AxisError: the array has no such axis.

    Example:
        >>> mx.sum(mx.array([[1, 2], [3, 4]]), axis=0)
        array([4, 6], dtype=int32)
    """
    a = require_array(a)
    a = cast(a, _sum_types.get(a.dtype, a.dtype))
    return _reduce(ops.sum, a, axes_of(axis, a.ndim), keepdims)


@public
def prod(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Product of the elements along axes; see :func:`sum`.

    Example:
        >>> mx.prod(mx.array([[1, 2], [3, 4]]), axis=1)
        array([2, 12], dtype=int32)
    """
    a = require_array(a)
    a = cast(a, _sum_types.get(a.dtype, a.dtype))
    return _reduce(ops.prod, a, axes_of(axis, a.ndim), keepdims)


def _extreme(op: Callable[..., array], of_bool: Callable[..., array], a: array, axis: Axis, keepdims: bool) -> array:
    a = require_array(a)
    axes = axes_of(axis, a.ndim)
    for one in axes:
        if a.shape[one] == 0:
            fail_value(f"expected elements along axis {one}, got shape {text(a)}")
    return _reduce(of_bool if a.dtype is bool_ else op, a, axes, keepdims)


@public
def max(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Largest element along axes, NaN if there is one; see :func:`sum`.

    Raises:
        ValueError: there is no element along an axis.
        AxisError: the array has no such axis.

    Example:
        >>> mx.max(mx.array([[1, 5], [3, 4]]), axis=0)
        array([3, 5], dtype=int32)
    """
    return _extreme(ops.max, ops.any, a, axis, keepdims)


@public
def min(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Smallest element along axes, NaN if there is one; see :func:`sum`.

    Example:
        >>> mx.min(mx.array([[1, 5], [3, 4]]), axis=0)
        array([1, 4], dtype=int32)
    """
    return _extreme(ops.min, ops.all, a, axis, keepdims)


@public
def minmax(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> tuple[array, array]:
    """Smallest and largest element along axes.

    Args:
        a: any array.
        axis: one axis or several; all if absent.
        keepdims: whether the axes stay, with size 1.

    Example:
        >>> mx.minmax(mx.array([3, 1, 2]))
        (array(1, dtype=int32), array(3, dtype=int32))
    """
    return min(a, axis, keepdims), max(a, axis, keepdims)


def _arg_extreme(op: Callable[..., array], a: array, axis: int | None, keepdims: bool) -> array:
    a = require_array(a)
    if a.size == 0 and (axis is None or a.shape[axis_of(axis, a.ndim)] == 0):
        fail_value(f"expected at least one element, got shape {text(a)}")
    if axis is None:
        result = op(reshape(a, (a.size,)), axis=0)
        return reshape(result, (1,) * a.ndim) if keepdims else result
    axis = axis_of(axis, a.ndim)
    result = op(a, axis=axis)
    return reshape(result, with_ones(a.shape, (axis,))) if keepdims else result


@public
def argmax(a: array, /, axis: int | None = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Position of the first largest element along an axis, or in the flat array.

    Args:
        a: any array with elements.
        axis: one axis; that of the flat array if absent.
        keepdims: whether the axis stays, with size 1.

    Returns:
        The positions, uint32.

    Raises:
        ValueError: there is no element.
        AxisError: the array has no such axis.

    Example:
        >>> mx.argmax(mx.array([[1, 5], [3, 4]]), axis=1)
        array([1, 1], dtype=uint32)
    """
    return _arg_extreme(ops.argmax, a, axis, keepdims)


@public
def argmin(a: array, /, axis: int | None = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Position of the first smallest element along an axis, or in the flat array.

    Args:
        a: any array with elements.
        axis: one axis; that of the flat array if absent.
        keepdims: whether the axis stays, with size 1.

    Example:
        >>> mx.argmin(mx.array([[1, 5], [3, 4]]), axis=1)
        array([0, 0], dtype=uint32)
    """
    return _arg_extreme(ops.argmin, a, axis, keepdims)


@public
def all(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Whether no element along axes is 0; see :func:`sum`.

    Example:
        >>> mx.all(mx.array([[True, False], [True, True]]), axis=1)
        array([False, True], dtype=bool)
    """
    a = _bool(a)
    return _reduce(ops.all, a, axes_of(axis, a.ndim), keepdims)


@public
def any(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Whether some element along axes is not 0; see :func:`sum`.

    Example:
        >>> mx.any(mx.array([[0, 0], [0, 7]]), axis=1)
        array([False, True], dtype=bool)
    """
    a = _bool(a)
    return _reduce(ops.any, a, axes_of(axis, a.ndim), keepdims)


@public
def count_nonzero(a: array, /, axis: Axis = None, *, keepdims: bool = False, stream: object = None) -> array:
    """How many elements along axes are not 0, as int32; see :func:`sum`.

    Example:
        >>> mx.count_nonzero(mx.array([0, 3, 0, 5]))
        array(2, dtype=int32)
    """
    a = cast(_bool(a), int32)
    return _reduce(ops.sum, a, axes_of(axis, a.ndim), keepdims)


@public
def mean(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Average along axes; of integers, float32. See :func:`sum`.

    Example:
        >>> mx.mean(mx.array([[1, 2], [3, 5]]), axis=0)
        array([2, 3.5], dtype=float32)
    """
    a = _float(a)
    axes = axes_of(axis, a.ndim)
    number = count([a.shape[i] for i in axes])
    if number == 1:
        return _reduce(ops.sum, a, axes, keepdims)
    # The sum of many 16-bit numbers, and their number, may be larger than the type of their mean holds.
    return cast(_reduce(ops.sum, _accumulator(a), axes, keepdims) / number, a.dtype)


@public
def var(
    a: array,
    /,
    axis: Axis = None,
    keepdims: bool = False,
    ddof: int = 0,
    *,
    correction: int | None = None,
    stream: object = None,
) -> array:
    """Variance along axes; of integers, float32.

    Args:
        a: any array.
        axis: one axis or several; all if absent.
        keepdims: whether the axes stay, with size 1.
        ddof: the sum of squares is divided by the number of elements less this.
        correction: another name of ``ddof``.

    Example:
        >>> mx.var(mx.array([1.0, 3.0]), ddof=1)
        array(2, dtype=float32)
    """
    a = _float(a)
    axes = tuple(axes_of(axis, a.ndim))
    result = _var(a, axes=axes, ddof=ddof if correction is None else correction)
    return result if keepdims else _without_axes(result, axes)


@composite
def _var(a: array, *, axes: tuple[int, ...], ddof: int) -> array:
    return cast(_wide_variance(a, axes, ddof), a.dtype)


@composite
def _std(a: array, *, axes: tuple[int, ...], ddof: int) -> array:
    # The variance of 16-bit floats may be larger than their type holds.
    return cast(_sqrt(_wide_variance(a, axes, ddof)), a.dtype)


def _wide_variance(a: array, axes: tuple[int, ...], ddof: int) -> array:
    """The variance in the type that sums are made in, with all axes."""
    number = count([a.shape[i] for i in axes])
    x = _accumulator(a)
    centered = x - mean(x, axes, keepdims=True)
    total = _reduce(ops.sum, centered * centered, axes, True)
    divisor = number - ddof
    # Fewer elements than degrees of freedom: as dividing by 0.
    return total / (divisor if divisor > 0 else 0)


def _accumulator(a: array) -> array:
    """``a`` in the type that its sums are made in."""
    return cast(a, float32) if a.dtype in (float16, bfloat16) else a


def _without_axes(a: array, axes: Sequence[int]) -> array:
    shape = [n for i, n in enumerate(a.shape) if i not in axes]
    return reshape(a, shape) if axes else a


@public
def std(
    a: array,
    /,
    axis: Axis = None,
    keepdims: bool = False,
    ddof: int = 0,
    *,
    correction: int | None = None,
    stream: object = None,
) -> array:
    """Square root of the variance; see :func:`var`.

    Example:
        >>> mx.std(mx.array([1.0, 3.0]))
        array(1, dtype=float32)
    """
    a = _float(a)
    axes = tuple(axes_of(axis, a.ndim))
    result = _std(a, axes=axes, ddof=ddof if correction is None else correction)
    return result if keepdims else _without_axes(result, axes)


@public
def softmax(a: array, /, axis: Axis = None, *, precise: bool = False, stream: object = None) -> array:
    """Exponentials along axes, divided by their sum.

    Args:
        a: any array; integers become float32.
        axis: one axis or several; all if absent.
        precise: compute 16-bit floats in float32.

    Example:
        >>> mx.softmax(mx.array([0.0, 0.0]))
        array([0.5, 0.5], dtype=float32)
    """
    a = _float(a)
    axes = tuple(axes_of(axis, a.ndim))
    if a.size == 0:
        return a
    return _softmax(a, axes=axes, precise=bool(precise) and a.dtype.size < 4)


@composite
def _softmax(a: array, *, axes: tuple[int, ...], precise: bool) -> array:
    wide = cast(a, float32) if precise else a
    # Shifted so that nothing overflows. The shift does not change the result, and so has no derivative.
    shift = ops.stop_gradient(_reduce(ops.max, wide, axes, True))
    weights = _exp(wide - shift)
    return cast(weights / _reduce(ops.sum, weights, axes, True), a.dtype)


@public
def logsumexp(a: array, /, axis: Axis = None, keepdims: bool = False, *, stream: object = None) -> array:
    """Logarithm of the sum of exponentials along axes, without overflow; see :func:`sum`.

    Example:
        >>> mx.logsumexp(mx.array([1000.0, 1000.0]))
        array(1000.69, dtype=float32)
    """
    a = _float(a)
    if a.size == 0:
        fail_value(f"expected at least one element, got shape {text(a)}")
    axes = tuple(axes_of(axis, a.ndim))
    result = _logsumexp(a, axes=axes)
    return result if keepdims else _without_axes(result, axes)


@composite
def _logsumexp(a: array, *, axes: tuple[int, ...]) -> array:
    largest = ops.stop_gradient(_reduce(ops.max, a, axes, True))
    # Of infinities alone the difference would be NaN.
    shift = where(_isfinite(largest), largest, 0)
    return _log(_reduce(ops.sum, _exp(a - shift), axes, True)) + shift
