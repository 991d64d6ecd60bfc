# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Axes and shapes as users write them, brought to one form."""

from __future__ import annotations

from operator import index as as_int

from ._core import fail_index, fail_type, fail_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeGuard

    from ._core import array


def axis_of(axis: int, ndim: int) -> int:
    """Return the axis counted from the front; raise AxisError if there is none."""
    axis = integer(axis, "axis")
    if not -ndim <= axis < ndim:
        fail_index(f"expected an axis of an array with {ndim} dimensions, got {axis}")
    return axis + ndim if axis < 0 else axis


def axes_of(axis: int | Sequence[int] | None, ndim: int) -> list[int]:
    """Return axes in ascending order; ``None`` stands for all of them."""
    if axis is None:
        return list(range(ndim))
    if isinstance(axis, (tuple, list)):
        axes = [axis_of(one, ndim) for one in axis]
        if len(set(axes)) != len(axes):
            fail_value(f"expected each axis once, got {tuple(axis)}")
        return sorted(axes)
    return [axis_of(axis, ndim)]  # type: ignore[arg-type]


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether a value is a list or a tuple, of whatever."""
    return isinstance(value, (list, tuple))


def is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    """Whether a value is a dict, of whatever."""
    return isinstance(value, dict)


def integer(value: object, what: str) -> int:
    """Return an int, also of NumPy's and of 0-d arrays; raise TypeError otherwise."""
    try:
        return as_int(value)  # type: ignore[arg-type]
    except TypeError:
        pass
    fail_type(f"expected an integer for {what}, got {type(value).__name__}")


def shape_of(shape: int | Sequence[int], what: str = "shape") -> tuple[int, ...]:
    """Return a shape as a tuple of ints."""
    if isinstance(shape, (tuple, list)):
        return tuple([integer(size, what) for size in shape])
    return (integer(shape, what),)


def without(shape: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape with some axes left out."""
    return tuple([size for i, size in enumerate(shape) if i not in axes])


def with_ones(shape: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape with some axes of size 1."""
    return tuple([1 if i in axes else size for i, size in enumerate(shape)])


def count(shape: Sequence[int]) -> int:
    """Return the number of elements."""
    total = 1
    for size in shape:
        total *= size
    return total


def text(a: array) -> str:
    """Return an array's shape as errors show it."""
    return str(tuple(a.shape))
