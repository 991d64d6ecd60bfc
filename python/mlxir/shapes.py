# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that change the shape of arrays, or put arrays together and apart."""

from __future__ import annotations

from itertools import pairwise

from ._core import (
    array,
    array_of,
    as_array,
    broadcast,
    broadcast_dims,
    cast,
    fail_type,
    fail_value,
    number_as,
    ops,
    promote,
    public,
    require_array,
)
from .axes import axes_of, axis_of, count, integer, shape_of, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "concat",
    "concatenate",
    "contiguous",
    "diagonal",
    "expand_dims",
    "flatten",
    "flip",
    "matrix_transpose",
    "moveaxis",
    "pad",
    "permute_dims",
    "repeat",
    "reshape",
    "roll",
    "split",
    "squeeze",
    "stack",
    "swapaxes",
    "tile",
    "transpose",
    "unflatten",
    "unstack",
]


@public
def reshape(a: array, /, shape: Sequence[int], *, stream: object = None) -> array:
    """Give the elements, in row-major order, another shape.

    Args:
        a: any array.
        shape: the new shape; one size may be -1 and follows from the others.

    Raises:
        ValueError: the sizes do not fit.

    Example:
        >>> mx.reshape(mx.arange(6), (2, -1))
        array([[0, 1, 2],
               [3, 4, 5]], dtype=int32)
    """
    return _to_shape(as_array(a), _complete(shape_of(shape), as_array(a).size, a))


def _to_shape(a: array, shape: tuple[int, ...]) -> array:
    return array_of(a, None) if a.shape == shape else ops.reshape(a, shape=shape)


def _complete(shape: tuple[int, ...], size: int, a: array) -> tuple[int, ...]:
    """Replace a -1 by the size that is left."""
    unknown = [i for i, n in enumerate(shape) if n == -1]
    if len(unknown) > 1:
        fail_value(f"expected at most one size of -1, got {shape}")
    known = -count(shape) if unknown else count(shape)
    if unknown:
        if known == 0 or size % known:
            fail_value(f"expected a shape that {size} elements fill, got {shape}")
        return tuple([size // known if n == -1 else n for n in shape])
    if known != size or min(shape, default=0) < 0:
        fail_value(f"expected a shape of {size} elements, got {shape}")
    return shape


@public
def flatten(a: array, /, start_axis: int = 0, end_axis: int = -1, *, stream: object = None) -> array:
    """Join the axes from ``start_axis`` to ``end_axis`` into one.

    A scalar becomes an array of one element. Axes beyond the ends are brought
    to the ends.

    Args:
        a: any array.
        start_axis: the first axis to join.
        end_axis: the last one.

    Example:
        >>> mx.flatten(mx.zeros((2, 3, 4)), 1).shape
        (2, 12)
    """
    a = as_array(a)
    if a.ndim == 0:
        return _to_shape(a, (1,))
    start = max(0, start_axis + a.ndim if start_axis < 0 else start_axis)
    end = min(a.ndim - 1, end_axis + a.ndim if end_axis < 0 else end_axis)
    if start >= a.ndim or end < 0:
        axis_of(start_axis if start >= a.ndim else end_axis, a.ndim)
    if end < start:
        fail_value(f"expected start_axis <= end_axis, got {start_axis} and {end_axis}")
    joined = count(a.shape[start : end + 1])
    return _to_shape(a, (*a.shape[:start], joined, *a.shape[end + 1 :]))


@public
def unflatten(a: array, /, axis: int, shape: Sequence[int], *, stream: object = None) -> array:
    """Split one axis into several.

    Args:
        a: any array of at least one dimension.
        axis: the axis to split.
        shape: the sizes it is split into; one may be -1.

    Example:
        >>> mx.unflatten(mx.zeros((6, 4)), 0, (2, 3)).shape
        (2, 3, 4)
    """
    a = as_array(a)
    axis = axis_of(axis, a.ndim)
    sizes = shape_of(shape)
    if not sizes:
        fail_value("expected at least one size to split the axis into, got none")
    sizes = _complete(sizes, a.shape[axis], a)
    return _to_shape(a, (*a.shape[:axis], *sizes, *a.shape[axis + 1 :]))


@public
def squeeze(a: array, /, axis: int | Sequence[int] | None = None, *, stream: object = None) -> array:
    """Remove axes of size 1: all of them, or those that are named.

    Args:
        a: any array.
        axis: one axis or several.

    Example:
        >>> mx.squeeze(mx.zeros((1, 3, 1)), 0).shape
        (3, 1)
    """
    a = as_array(a)
    if axis is None:
        return _to_shape(a, tuple([n for n in a.shape if n != 1]))
    axes = axes_of(axis, a.ndim)
    for one in axes:
        if a.shape[one] != 1:
            fail_value(f"expected an axis of size 1, got axis {one} of shape {text(a)}")
    return _to_shape(a, tuple([n for i, n in enumerate(a.shape) if i not in axes]))


@public
def expand_dims(a: array, /, axis: int | Sequence[int], *, stream: object = None) -> array:
    """Insert axes of size 1, counted in the result.

    Args:
        a: any array.
        axis: one place or several, counted in the result.

    Example:
        >>> mx.expand_dims(mx.zeros((2, 3)), 1).shape
        (2, 1, 3)
    """
    a = as_array(a)
    number = len(axis) if isinstance(axis, (tuple, list)) else 1
    axes = axes_of(axis, a.ndim + number)
    sizes = iter(a.shape)
    shape = [1 if i in axes else next(sizes) for i in range(a.ndim + number)]
    return _to_shape(a, tuple(shape))


def _atleast(arrays: tuple[array, ...], ndim: int) -> array | list[array]:
    results = []
    for a in map(as_array, arrays):
        shape = a.shape
        if len(shape) < ndim:
            # Of three axes a vector becomes the middle one, a matrix the first two.
            tail = 1 if ndim == 3 and shape else 0
            front = ndim - len(shape) - tail
            shape = (1,) * front + shape + (1,) * tail
        results.append(_to_shape(a, shape))
    return results[0] if len(results) == 1 else results


@public
def atleast_1d(*arys: array, stream: object = None) -> array | list[array]:
    """Give scalars one axis; of several arrays a list is returned.

    Example:
        >>> mx.atleast_1d(mx.array(3))
        array([3], dtype=int32)
    """
    return _atleast(arys, 1)


@public
def atleast_2d(*arys: array, stream: object = None) -> array | list[array]:
    """Give arrays at least two axes, new ones in front.

    Example:
        >>> mx.atleast_2d(mx.array([1, 2]))
        array([[1, 2]], dtype=int32)
    """
    return _atleast(arys, 2)


@public
def atleast_3d(*arys: array, stream: object = None) -> array | list[array]:
    """Give arrays at least three axes: (1, n, 1) for a vector, (m, n, 1) for a matrix.

    Example:
        >>> mx.atleast_3d(mx.array([1, 2])).shape
        (1, 2, 1)
    """
    return _atleast(arys, 3)


@public
def transpose(a: array, /, axes: Sequence[int] | None = None, *, stream: object = None) -> array:
    """Reorder the axes; reverse them if no order is given.

    Args:
        a: any array.
        axes: for each axis of the result, that of ``a``; reversed if absent.

    Example:
        >>> mx.transpose(mx.zeros((2, 3, 4)), (2, 0, 1)).shape
        (4, 2, 3)
    """
    a = as_array(a)
    if axes is None:
        return _permute(a, list(range(a.ndim))[::-1])
    order = [axis_of(axis, a.ndim) for axis in axes]
    if len(order) != a.ndim or len(set(order)) != a.ndim:
        fail_value(f"expected each of {a.ndim} axes once, got {tuple(axes)}")
    return _permute(a, order)


permute_dims = transpose


def _permute(a: array, order: Sequence[int]) -> array:
    if list(order) == list(range(len(order))):
        return array_of(a, None)
    return ops.transpose(a, permutation=order)


@public
def matrix_transpose(a: array, /, *, stream: object = None) -> array:
    """Swap the last two axes.

    Args:
        a: array of two axes or more.

    Example:
        >>> mx.matrix_transpose(mx.zeros((5, 2, 3))).shape
        (5, 3, 2)
    """
    a = as_array(a)
    if a.ndim < 2:
        fail_value(f"expected an array of at least 2 dimensions, got shape {text(a)}")
    return _permute(a, [*range(a.ndim - 2), a.ndim - 1, a.ndim - 2])


@public
def swapaxes(a: array, /, axis1: int, axis2: int, *, stream: object = None) -> array:
    """Swap two axes.

    Args:
        a: any array.
        axis1: an axis.
        axis2: another one.

    Example:
        >>> mx.swapaxes(mx.zeros((2, 3, 4)), 0, 2).shape
        (4, 3, 2)
    """
    a = as_array(a)
    order = list(range(a.ndim))
    i, j = axis_of(axis1, a.ndim), axis_of(axis2, a.ndim)
    order[i], order[j] = j, i
    return _permute(a, order)


@public
def moveaxis(a: array, /, source: int, destination: int, *, stream: object = None) -> array:
    """Move an axis to another place; the others keep their order.

    Args:
        a: any array.
        source: the axis.
        destination: its place in the result.

    Example:
        >>> mx.moveaxis(mx.zeros((2, 3, 4)), 0, -1).shape
        (3, 4, 2)
    """
    a = as_array(a)
    source, destination = axis_of(source, a.ndim), axis_of(destination, a.ndim)
    order = [i for i in range(a.ndim) if i != source]
    order.insert(destination, source)
    return _permute(a, order)


@public
def broadcast_to(a: array, /, shape: int | Sequence[int], *, stream: object = None) -> array:
    """Repeat the array along new axes and axes of size 1.

    Args:
        a: array or number.
        shape: of the result; each size of ``a`` is 1 or equal to it.

    Example:
        >>> mx.broadcast_to(mx.array([1, 2]), (2, 2))
        array([[1, 2],
               [1, 2]], dtype=int32)
    """
    return broadcast(as_array(a), shape_of(shape))


@public
def broadcast_shapes(*shapes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that shapes broadcast to together.

    Example:
        >>> mx.broadcast_shapes((2, 1), (3,))
        (2, 3)
    """
    if not shapes:
        fail_value("expected at least one shape, got none")
    return broadcast_dims([shape_of(shape) for shape in shapes])


@public
def broadcast_arrays(*arrays: array, stream: object = None) -> tuple[array, ...]:
    """Broadcast arrays to their common shape.

    Example:
        >>> [a.shape for a in mx.broadcast_arrays(mx.zeros((2, 1)), mx.zeros((3,)))]
        [(2, 3), (2, 3)]
    """
    return promote(arrays, "none", True) if arrays else ()


@public
def contiguous(a: array, /, allow_col_major: bool = False, *, stream: object = None) -> array:
    """Return the array; all arrays are stored densely in row-major order.

    Args:
        a: any array.
        allow_col_major: accepted for compatibility.

    Example:
        >>> mx.contiguous(mx.array([[1, 2], [3, 4]]).T)
        array([[1, 3],
               [2, 4]], dtype=int32)
    """
    return array_of(a, None)


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

    Example:
        >>> mx.concatenate([mx.array([1, 2]), mx.array([3])])
        array([1, 2, 3], dtype=int32)
    """
    parts = _joined(arrays)
    if axis is None:
        parts, axis = [_to_shape(a, (a.size,)) for a in parts], 0
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
    parts = [_to_shape(a, shape) for a in parts]
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

    Example:
        >>> mx.unstack(mx.array([[1, 2], [3, 4]]))
        (array([1, 2], dtype=int32), array([3, 4], dtype=int32))
    """
    x = as_array(x)
    axis = axis_of(axis, x.ndim)
    shape = (*x.shape[:axis], *x.shape[axis + 1 :])
    return tuple([_to_shape(window(x, axis, i, i + 1), shape) for i in range(x.shape[axis])])


@public
def repeat(array: array, repeats: int, axis: int | None = None, *, stream: object = None) -> array:
    """Repeat each element along an axis, or of the flattened array.

    Args:
        array: any array.
        repeats: how often each element comes.
        axis: the axis; that of the flat array if absent.

    Example:
        >>> mx.repeat(mx.array([1, 2]), 2)
        array([1, 1, 2, 2], dtype=int32)
    """
    a = as_array(array)
    repeats = integer(repeats, "repeats")
    if repeats < 0:
        fail_value(f"expected repeats >= 0, got {repeats}")
    if axis is None:
        a, axis = _to_shape(a, (a.size,)), 0
    axis = axis_of(axis, a.ndim)
    front, size, back = a.shape[:axis], a.shape[axis], a.shape[axis + 1 :]
    wide = broadcast(_to_shape(a, (*front, size, 1, *back)), (*front, size, repeats, *back))
    return _to_shape(wide, (*front, size * repeats, *back))


@public
def tile(a: array, reps: int | Sequence[int], /, *, stream: object = None) -> array:
    """Repeat the whole array along each axis; missing axes are added in front.

    Args:
        a: any array.
        reps: how often along each of the last axes, or more of them than ``a`` has.

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
    return _to_shape(broadcast(_to_shape(a, tuple(apart)), wide), together)


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
        shift: places towards higher indices, for each axis or for all.
        axis: one axis or several; that of the flat array if absent.

    Example:
        >>> mx.roll(mx.array([1, 2, 3]), 1)
        array([3, 1, 2], dtype=int32)
    """
    a = as_array(a)
    shifts = shape_of(shift, "shift")
    if axis is None:
        return _to_shape(_roll(_to_shape(a, (a.size,)), sum(shifts), 0), a.shape)
    axes = [axis_of(one, a.ndim) for one in shape_of(axis, "axis")]
    if len(shifts) == 1:
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
    a = _permute(a, [*others, axis1, axis2])
    *front, rows, columns = a.shape
    row, column = max(0, -offset), max(0, offset)
    size = max(0, min(rows - row, columns - column))
    # The diagonal of a matrix is every (columns + 1)-th element in memory.
    flat = _to_shape(a, (*front, rows * columns))
    step = columns + 1
    start = row * columns + column
    return window(flat, len(front), start if size else 0, start + (size - 1) * step + 1 if size else 0, step)


def _pad_widths(pad_width: object, ndim: int) -> list[tuple[int, int]]:
    """Return (before, after) for each axis, from any of the forms that users write."""
    if not isinstance(pad_width, (list, tuple)):
        pad_width = (pad_width,)
    if pad_width and isinstance(pad_width[0], (list, tuple)):
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

    Example:
        >>> mx.pad(mx.array([1, 2]), (1, 2))
        array([0, 1, 2, 0, 0], dtype=int32)
    """
    a = as_array(a)
    widths = _pad_widths(pad_width, a.ndim)
    if mode == "constant":
        if isinstance(constant_values, array):
            value = cast(constant_values, a.dtype)
            if value.ndim:
                value = _to_shape(value, _complete((), value.size, value))
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
    while before or after:
        size = a.shape[axis]
        most = size - skip
        if most == 0:
            return _edges(a, axis, before, after)
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
