# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that put arrays together and take them apart, repeat and move elements."""

from __future__ import annotations

from itertools import pairwise

from ._core import (
    array,
    array_of,
    as_array,
    broadcast,
    cast,
    fail_type,
    fail_value,
    number_as,
    ops,
    promote,
    public,
    require_array,
)
from .axes import axes_of, axis_of, integer, is_sequence, shape_of, text
from .shapes import permute, to_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = [
    "concat",
    "concatenate",
    "diagonal",
    "flip",
    "pad",
    "repeat",
    "roll",
    "split",
    "stack",
    "tile",
    "unstack",
]


def _joined(arrays: Sequence[array]) -> list[array]:
    """Check a list of arrays and bring them to a common dtype."""
    if not isinstance(arrays, (list, tuple)):
        if not hasattr(arrays, "__iter__"):
            fail_type(f"expected a list of arrays, got {type(arrays).__name__}")
        arrays = list(arrays)
    if not arrays:
        fail_value("expected at least one array, got none")
    return list(promote([require_array(a) for a in arrays], "same", False))


@public
def concatenate(arrays: Sequence[array], axis: int | None = 0, *, stream: object = None) -> array:
    """Join arrays along an axis that they have; flattened if it is ``None``.

    Args:
        arrays: a list of arrays that differ in the size of the axis alone.
        axis: the axis.

    Raises:
        ValueError: there is no array, or shapes differ off the axis.
        AxisError: the arrays have no such axis.

    Example:
        >>> mx.concatenate([mx.array([1, 2]), mx.array([3])])
        array([1, 2, 3], dtype=int32)
    """
    parts = _joined(arrays)
    if axis is None:
        parts, axis = [to_shape(a, (a.size,)) for a in parts], 0
    ndims = {a.ndim for a in parts}
    if len(ndims) > 1:
        fail_value(f"expected arrays of one number of dimensions, got {sorted(ndims)}")
    axis = axis_of(axis, parts[0].ndim)
    return array_of(parts[0], None) if len(parts) == 1 else ops.concatenate(*parts, axis=axis)


concat = concatenate


@public
def stack(arrays: Sequence[array], axis: int | None = 0, *, stream: object = None) -> array:
    """Join arrays of one shape along a new axis.

    Args:
        arrays: a list of arrays of one shape.
        axis: the new axis' place in the result.

    Raises:
        ValueError: there is no array, or shapes differ.
        AxisError: the result has no such axis.

    Example:
        >>> mx.stack([mx.array([1, 2]), mx.array([3, 4])])
        array([[1, 2],
               [3, 4]], dtype=int32)
    """
    parts = _joined(arrays)
    shape = parts[0].shape
    if any([a.shape != shape for a in parts]):
        shapes = ", ".join([text(a) for a in parts])
        fail_value(f"expected arrays of one shape, got {shapes}")
    axis = axis_of(0 if axis is None else axis, len(shape) + 1)
    shape = (*shape[:axis], 1, *shape[axis:])
    parts = [to_shape(a, shape) for a in parts]
    return parts[0] if len(parts) == 1 else ops.concatenate(*parts, axis=axis)


def window(a: array, axis: int, start: int, stop: int, step: int = 1) -> array:
    """Return the elements from ``start`` up to ``stop`` along an axis."""
    size = max(0, (stop - start + (step - (1 if step > 0 else -1))) // step)
    starts, strides, shape = [0] * a.ndim, [1] * a.ndim, list(a.shape)
    starts[axis], strides[axis], shape[axis] = start if size else 0, step, size
    if tuple(shape) == a.shape and step == 1:
        return array_of(a, None)
    return ops.slice(a, starts=starts, strides=strides, shape=shape)


@public
def split(
    a: array,
    /,
    indices_or_sections: int | Sequence[int],
    axis: int = 0,
    *,
    stream: object = None,
) -> list[array]:
    """Split an array along an axis.

    Args:
        a: any array of at least one dimension.
        indices_or_sections: into how many equal parts, or where to split.
        axis: the axis.

    Raises:
        ValueError: the axis cannot be split into equal parts.
        AxisError: the array has no such axis.

    Example:
        >>> mx.split(mx.array([1, 2, 3]), [1])
        [array([1], dtype=int32), array([2, 3], dtype=int32)]
    """
    a = as_array(a)
    axis = axis_of(axis, a.ndim)
    size = a.shape[axis]
    if isinstance(indices_or_sections, (list, tuple)):
        at = [0, *(_split_point(i, size) for i in indices_or_sections), size]
    else:
        sections = integer(indices_or_sections, "indices_or_sections")
        if sections <= 0 or size % sections:
            fail_value(f"expected a number of parts that divides {size}, got {sections}")
        at = list(range(0, size + 1, size // sections)) if size else [0] * (sections + 1)
    return [window(a, axis, i, max(i, j)) for i, j in pairwise(at)]


def _split_point(index: int, size: int) -> int:
    index = integer(index, "a split point")
    return min(size, max(0, index + size if index < 0 else index))


@public
def unstack(x: array, /, *, axis: int = 0, stream: object = None) -> tuple[array, ...]:
    """Return the arrays along an axis, which they lose.

    Args:
        x: any array.
        axis: the axis.

    Raises:
        AxisError: the array has no such axis.

    Example:
        >>> mx.unstack(mx.array([[1, 2], [3, 4]]))
        (array([1, 2], dtype=int32), array([3, 4], dtype=int32))
    """
    x = as_array(x)
    axis = axis_of(axis, x.ndim)
    shape = (*x.shape[:axis], *x.shape[axis + 1 :])
    return tuple([to_shape(window(x, axis, i, i + 1), shape) for i in range(x.shape[axis])])


@public
def repeat(array: array, repeats: int, axis: int | None = None, *, stream: object = None) -> array:
    """Repeat each element along an axis, or of the flattened array.

    Args:
        array: any array.
        repeats: how often each element comes.
        axis: the axis; that of the flat array if absent.

    Raises:
        ValueError: ``repeats`` is negative.
        AxisError: the array has no such axis.

    Example:
        >>> mx.repeat(mx.array([1, 2]), 2)
        array([1, 1, 2, 2], dtype=int32)
    """
    a = as_array(array)
    repeats = integer(repeats, "repeats")
    if repeats < 0:
        fail_value(f"expected repeats >= 0, got {repeats}")
    if axis is None:
        a, axis = to_shape(a, (a.size,)), 0
    axis = axis_of(axis, a.ndim)
    front, size, back = a.shape[:axis], a.shape[axis], a.shape[axis + 1 :]
    wide = broadcast(to_shape(a, (*front, size, 1, *back)), (*front, size, repeats, *back))
    return to_shape(wide, (*front, size * repeats, *back))


@public
def tile(a: array, reps: int | Sequence[int], /, *, stream: object = None) -> array:
    """Repeat the whole array along each axis; missing axes are added in front.

    Args:
        a: any array.
        reps: how often along each of the last axes, or more of them than ``a`` has.

    Raises:
        ValueError: one of ``reps`` is negative.

    Example:
        >>> mx.tile(mx.array([1, 2]), 2)
        array([1, 2, 1, 2], dtype=int32)
    """
    a = as_array(a)
    times = shape_of(reps, "reps")
    ndim = max(a.ndim, len(times))
    shape = (1,) * (ndim - a.ndim) + a.shape
    times = (1,) * (ndim - len(times)) + times
    apart = [n for size in shape for n in (1, size)]
    wide = [n for size, time in zip(shape, times, strict=True) for n in (time, size)]
    together = tuple([size * time for size, time in zip(shape, times, strict=True)])
    return to_shape(broadcast(to_shape(a, tuple(apart)), wide), together)


@public
def roll(
    a: array,
    /,
    shift: int | tuple[int, ...],
    axis: int | tuple[int, ...] | None = None,
    *,
    stream: object = None,
) -> array:
    """Shift elements along axes; what leaves at one end enters at the other.

    Without an axis the flattened array is shifted.

    Args:
        a: any array.
        shift: places towards higher indices, for each axis or for all; those of one axis add up.
        axis: one axis or several; that of the flat array if absent.

    Raises:
        ValueError: the number of shifts is neither one nor that of the axes.
        AxisError: the array has no such axis.

    Example:
        >>> mx.roll(mx.array([1, 2, 3]), 1)
        array([3, 1, 2], dtype=int32)
    """
    a = as_array(a)
    shifts = shape_of(shift, "shift")
    if axis is None:
        return to_shape(_roll(to_shape(a, (a.size,)), sum(shifts), 0), a.shape)
    axes = [axis_of(one, a.ndim) for one in shape_of(axis, "axis")]
    if len(axes) == 1:
        shifts = (sum(shifts),)
    elif len(shifts) == 1:
        shifts *= len(axes)
    if len(shifts) != len(axes):
        fail_value(f"expected a shift for each of {len(axes)} axes, got {len(shifts)}")
    for one, by in zip(axes, shifts, strict=True):
        a = _roll(a, by, one)
    return a


def _roll(a: array, shift: int, axis: int) -> array:
    size = a.shape[axis]
    shift = shift % size if size else 0
    if not shift:
        return array_of(a, None)
    at = size - shift
    return ops.concatenate(window(a, axis, at, size), window(a, axis, 0, at), axis=axis)


@public
def flip(a: array, /, axis: int | Sequence[int] | None = None, *, stream: object = None) -> array:
    """Reverse the order of elements along axes, all of them by default.

    Args:
        a: any array.
        axis: one axis or several; all if absent.

    Raises:
        ValueError: an axis is named twice.
        AxisError: the array has no such axis.

    Example:
        >>> mx.flip(mx.array([1, 2, 3]))
        array([3, 2, 1], dtype=int32)
    """
    a = as_array(a)
    if a.size == 0:
        axes_of(axis, a.ndim)
        return array_of(a, None)
    starts, strides = [0] * a.ndim, [1] * a.ndim
    for one in axes_of(axis, a.ndim):
        starts[one], strides[one] = a.shape[one] - 1, -1
    return ops.slice(a, starts=starts, strides=strides, shape=a.shape)


@public
def diagonal(a: array, offset: int = 0, axis1: int = 0, axis2: int = 1, stream: object = None) -> array:
    """Return the diagonals of the matrices along two axes, as the last axis.

    Args:
        a: an array of at least two dimensions.
        offset: which diagonal; positive above the main one.
        axis1: the axis of the rows.
        axis2: the axis of the columns.

    Raises:
        ValueError: there are fewer than two axes, or both are the same.
        AxisError: the array has no such axis.

    Example:
        >>> mx.diagonal(mx.array([[1, 2], [3, 4]]))
        array([1, 4], dtype=int32)
    """
    a = as_array(a)
    if a.ndim < 2:
        fail_value(f"expected an array of at least 2 dimensions, got shape {text(a)}")
    axis1, axis2 = axis_of(axis1, a.ndim), axis_of(axis2, a.ndim)
    if axis1 == axis2:
        fail_value(f"expected two different axes, got {axis1} twice")
    others = [i for i in range(a.ndim) if i not in (axis1, axis2)]
    a = permute(a, [*others, axis1, axis2])
    *front, rows, columns = a.shape
    row, column = max(0, -offset), max(0, offset)
    size = max(0, min(rows - row, columns - column))
    # The diagonal of a matrix is every (columns + 1)-th element in memory.
    flat = to_shape(a, (*front, rows * columns))
    step = columns + 1
    start = row * columns + column
    return window(flat, len(front), start if size else 0, start + (size - 1) * step + 1 if size else 0, step)


def _pad_widths(pad_width: Any, ndim: int) -> list[tuple[int, int]]:
    """Return (before, after) for each axis, from any of the forms that users write."""
    if not is_sequence(pad_width):
        pad_width = (pad_width,)
    if pad_width and is_sequence(pad_width[0]):
        widths = [shape_of(pair, "pad_width") for pair in pad_width]
    else:
        widths = [shape_of(pad_width, "pad_width")]
    widths = [pair * 2 if len(pair) == 1 else pair for pair in widths]
    if len(widths) == 1:
        widths *= ndim
    if len(widths) != ndim or any([len(pair) != 2 for pair in widths]):
        fail_value(f"expected a pair of widths for each of {ndim} axes, got {pad_width}")
    if any([n < 0 for pair in widths for n in pair]):
        fail_value(f"expected no negative width, got {pad_width}")
    return widths  # type: ignore[return-value]


@public
def pad(
    a: array,
    pad_width: int | tuple[int] | tuple[int, int] | list[tuple[int, int]],
    mode: str = "constant",
    constant_values: array | float = 0,
    *,
    stream: object = None,
) -> array:
    """Add elements before and after an array along each axis.

    Args:
        a: any array.
        pad_width: how many: one number, (before, after), or a pair for each axis.
        mode: what they are: "constant", "edge" (the nearest element), "reflect"
            (mirrored at the outermost element) or "symmetric" (mirrored beside it).
        constant_values: a scalar, for the mode "constant".

    Raises:
        ValueError: a width is negative, the widths do not fit the axes, the mode is unknown,
            or there is no element to copy.

    Example:
        >>> mx.pad(mx.array([1, 2]), (1, 2))
        array([0, 1, 2, 0, 0], dtype=int32)
    """
    a = as_array(a)
    widths = _pad_widths(pad_width, a.ndim)
    if mode == "constant":
        if isinstance(constant_values, array):
            value = cast(constant_values, a.dtype)
            if value.size != 1:
                fail_value(f"expected a scalar as constant_values, got shape {text(value)}")
            value = to_shape(value, ())
        else:
            value = number_as(constant_values, a.dtype)
        low, high = [pair[0] for pair in widths], [pair[1] for pair in widths]
        return ops.pad(a, value, low=low, high=high)
    if mode not in ("edge", "reflect", "symmetric"):
        fail_value(f"expected 'constant', 'edge', 'reflect' or 'symmetric', got {mode!r}")
    for axis, (before, after) in enumerate(widths):
        if before or after:
            if a.shape[axis] == 0:
                fail_value(f"expected elements to copy along axis {axis}, got shape {text(a)}")
            a = _edges(a, axis, before, after) if mode == "edge" else _mirrored(a, axis, before, after, mode)
    return a


def _edges(a: array, axis: int, before: int, after: int) -> array:
    size = a.shape[axis]

    def copies(at: int, number: int) -> array:
        shape = (*a.shape[:axis], number, *a.shape[axis + 1 :])
        return broadcast(window(a, axis, at, at + 1), shape)

    parts = [copies(0, before)] if before else []
    parts.append(a)
    if after:
        parts.append(copies(size - 1, after))
    return ops.concatenate(*parts, axis=axis)


def _mirrored(a: array, axis: int, before: int, after: int, mode: str) -> array:
    # The outermost element is not repeated by "reflect".
    skip = 1 if mode == "reflect" else 0
    period = a.shape[axis] - skip
    if period == 0:
        return _edges(a, axis, before, after)
    while before or after:
        size = a.shape[axis]
        # Where a side goes on, it must end where what it repeats can be mirrored again.
        most = (size - skip) // period * period
        left, right = min(before, most), min(after, most)
        first, last = left - 1 + skip, size - 1 - skip
        parts = [
            window(a, axis, first, first - left, -1) if left else None,
            a,
            window(a, axis, last, last - right, -1) if right else None,
        ]
        a = ops.concatenate(*[part for part in parts if part is not None], axis=axis)
        before, after = before - left, after - right
    return a
