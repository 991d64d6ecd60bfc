# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that change the shape of arrays."""

from __future__ import annotations

from ._core import (
    array,
    array_of,
    as_array,
    broadcast,
    broadcast_dims,
    fail_value,
    ops,
    promote,
    public,
)
from .axes import axes_of, axis_of, count, shape_of, text

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
    "contiguous",
    "expand_dims",
    "flatten",
    "matrix_transpose",
    "moveaxis",
    "permute_dims",
    "reshape",
    "squeeze",
    "swapaxes",
    "transpose",
    "unflatten",
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
    return to_shape(as_array(a), complete(shape_of(shape), as_array(a).size, a))


def to_shape(a: array, shape: tuple[int, ...]) -> array:
    return array_of(a, None) if a.shape == shape else ops.reshape(a, shape=shape)


def complete(shape: tuple[int, ...], size: int, a: array) -> tuple[int, ...]:
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

    Raises:
        ValueError: ``end_axis`` is before ``start_axis``.

    Example:
        >>> mx.flatten(mx.zeros((2, 3, 4)), 1).shape
        (2, 12)
    """
    a = as_array(a)
    if a.ndim == 0:
        return to_shape(a, (1,))
    start = max(0, start_axis + a.ndim if start_axis < 0 else start_axis)
    end = min(a.ndim - 1, end_axis + a.ndim if end_axis < 0 else end_axis)
    if start >= a.ndim or end < 0:
        axis_of(start_axis if start >= a.ndim else end_axis, a.ndim)
    if end < start:
        fail_value(f"expected start_axis <= end_axis, got {start_axis} and {end_axis}")
    joined = count(a.shape[start : end + 1])
    return to_shape(a, (*a.shape[:start], joined, *a.shape[end + 1 :]))


@public
def unflatten(a: array, /, axis: int, shape: Sequence[int], *, stream: object = None) -> array:
    """Split one axis into several.

    Args:
        a: any array of at least one dimension.
        axis: the axis to split.
        shape: the sizes it is split into; one may be -1.

    Raises:
        ValueError: the sizes do not fit the axis.
        AxisError: the array has no such axis.

    Example:
        >>> mx.unflatten(mx.zeros((6, 4)), 0, (2, 3)).shape
        (2, 3, 4)
    """
    a = as_array(a)
    axis = axis_of(axis, a.ndim)
    sizes = shape_of(shape)
    if not sizes:
        fail_value("expected at least one size to split the axis into, got none")
    sizes = complete(sizes, a.shape[axis], a)
    return to_shape(a, (*a.shape[:axis], *sizes, *a.shape[axis + 1 :]))


@public
def squeeze(a: array, /, axis: int | Sequence[int] | None = None, *, stream: object = None) -> array:
    """Remove axes of size 1: all of them, or those that are named.

    Args:
        a: any array.
        axis: one axis or several.

    Raises:
        ValueError: the size of a named axis is not 1.
        AxisError: the array has no such axis.

    Example:
        >>> mx.squeeze(mx.zeros((1, 3, 1)), 0).shape
        (3, 1)
    """
    a = as_array(a)
    if axis is None:
        return to_shape(a, tuple([n for n in a.shape if n != 1]))
    axes = axes_of(axis, a.ndim)
    for one in axes:
        if a.shape[one] != 1:
            fail_value(f"expected an axis of size 1, got axis {one} of shape {text(a)}")
    return to_shape(a, tuple([n for i, n in enumerate(a.shape) if i not in axes]))


@public
def expand_dims(a: array, /, axis: int | Sequence[int], *, stream: object = None) -> array:
    """Insert axes of size 1, counted in the result.

    Args:
        a: any array.
        axis: one place or several, counted in the result.

    Raises:
        ValueError: a place is named twice.
        AxisError: the result has no such axis.

    Example:
        >>> mx.expand_dims(mx.zeros((2, 3)), 1).shape
        (2, 1, 3)
    """
    a = as_array(a)
    number = len(axis) if isinstance(axis, (tuple, list)) else 1
    axes = axes_of(axis, a.ndim + number)
    sizes = iter(a.shape)
    shape = [1 if i in axes else next(sizes) for i in range(a.ndim + number)]
    return to_shape(a, tuple(shape))


def _atleast(arrays: tuple[array, ...], ndim: int) -> array | list[array]:
    results: list[array] = []
    for a in map(as_array, arrays):
        shape = a.shape
        if len(shape) < ndim:
            # Of three axes a vector becomes the middle one, a matrix the first two.
            tail = 1 if ndim == 3 and shape else 0
            front = ndim - len(shape) - tail
            shape = (1,) * front + shape + (1,) * tail
        results.append(to_shape(a, shape))
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

    Raises:
        ValueError: an axis is missing or named twice.
        AxisError: the array has no such axis.

    Example:
        >>> mx.transpose(mx.zeros((2, 3, 4)), (2, 0, 1)).shape
        (4, 2, 3)
    """
    a = as_array(a)
    if axes is None:
        return permute(a, list(range(a.ndim))[::-1])
    order = [axis_of(axis, a.ndim) for axis in axes]
    if len(order) != a.ndim or len(set(order)) != a.ndim:
        fail_value(f"expected each of {a.ndim} axes once, got {tuple(axes)}")
    return permute(a, order)


permute_dims = transpose


def permute(a: array, order: Sequence[int]) -> array:
    if list(order) == list(range(len(order))):
        return array_of(a, None)
    return ops.transpose(a, permutation=order)


@public
def matrix_transpose(a: array, /, *, stream: object = None) -> array:
    """Swap the last two axes.

    Args:
        a: array of two axes or more.

    Raises:
        ValueError: there are fewer than two axes.

    Example:
        >>> mx.matrix_transpose(mx.zeros((5, 2, 3))).shape
        (5, 3, 2)
    """
    a = as_array(a)
    if a.ndim < 2:
        fail_value(f"expected an array of at least 2 dimensions, got shape {text(a)}")
    return permute(a, [*range(a.ndim - 2), a.ndim - 1, a.ndim - 2])


@public
def swapaxes(a: array, /, axis1: int, axis2: int, *, stream: object = None) -> array:
    """Swap two axes.

    Args:
        a: any array.
        axis1: an axis.
        axis2: another one.

    Raises:
        AxisError: the array has no such axis.

    Example:
        >>> mx.swapaxes(mx.zeros((2, 3, 4)), 0, 2).shape
        (4, 3, 2)
    """
    a = as_array(a)
    order = list(range(a.ndim))
    i, j = axis_of(axis1, a.ndim), axis_of(axis2, a.ndim)
    order[i], order[j] = j, i
    return permute(a, order)


@public
def moveaxis(a: array, /, source: int, destination: int, *, stream: object = None) -> array:
    """Move an axis to another place; the others keep their order.

    Args:
        a: any array.
        source: the axis.
        destination: its place in the result.

    Raises:
        AxisError: the array has no such axis.

    Example:
        >>> mx.moveaxis(mx.zeros((2, 3, 4)), 0, -1).shape
        (3, 4, 2)
    """
    a = as_array(a)
    source, destination = axis_of(source, a.ndim), axis_of(destination, a.ndim)
    order = [i for i in range(a.ndim) if i != source]
    order.insert(destination, source)
    return permute(a, order)


@public
def broadcast_to(a: array, /, shape: int | Sequence[int], *, stream: object = None) -> array:
    """Repeat the array along new axes and axes of size 1.

    Args:
        a: array or number.
        shape: of the result; each size of ``a`` is 1 or equal to it.

    Raises:
        ValueError: the array does not broadcast to the shape.

    Example:
        >>> mx.broadcast_to(mx.array([1, 2]), (2, 2))
        array([[1, 2],
               [1, 2]], dtype=int32)
    """
    return broadcast(as_array(a), shape_of(shape))


@public
def broadcast_shapes(*shapes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that shapes broadcast to together.

    Raises:
        ValueError: the shapes do not broadcast, or there are none.

    Example:
        >>> mx.broadcast_shapes((2, 1), (3,))
        (2, 3)
    """
    if not shapes:
        fail_value("expected at least one shape, got none")
    return broadcast_dims([shape_of(shape) for shape in shapes])


@public
def broadcast_arrays(*arrays: array, stream: object = None) -> list[array]:
    """Broadcast arrays to their common shape.

    Example:
        >>> [a.shape for a in mx.broadcast_arrays(mx.zeros((2, 1)), mx.zeros((3,)))]
        [(2, 3), (2, 3)]
    """
    return list(promote(arrays, "none", True)) if arrays else []


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
