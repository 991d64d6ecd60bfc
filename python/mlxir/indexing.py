# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reading and writing items: what stands between the brackets, brought to ops.

An index is reduced to a window (ints and slices), which is cut out first, and to
arrays of integers, which then choose elements of the window.
"""

from __future__ import annotations

from ._core import (
    array,
    array_of,
    as_array,
    assign,
    bool_,
    broadcast,
    cast,
    fail_index,
    fail_value,
    fill,
    int32,
    int64,
    number_as,
    ops,
    promote,
    public,
    require_array,
)
from .axes import axis_of, is_sequence, text
from .dtypes import integer as integers, issubdtype
from .elementwise import where
from .shapes import reshape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["ArrayAt", "take", "take_along_axis"]

_REPLACE, _ADD, _MULTIPLY, _MAXIMUM, _MINIMUM = range(5)


class Index:
    """An index, resolved for an array of some shape.

    The window has one entry per axis of the array. ``arrays`` choose along
    ``axes``; ``shape`` is that of the result, in which the dims of the index arrays
    begin at ``front``.
    """

    __slots__ = ("arrays", "axes", "front", "inner", "shape", "sizes", "starts", "strides")

    def __init__(self, items: Sequence[Any], dims: tuple[int, ...]) -> None:
        self.starts: list[int] = []
        self.strides: list[int] = []
        self.sizes: list[int] = []
        self.axes: list[int] = []
        chosen: list[array] = []
        # Dims of the result: sizes of slices and 1 for None; where arrays stand, their place.
        before: list[int] = []
        places: list[tuple[int, int]] = []
        axis = 0
        for position, item in enumerate(_without_ellipsis(items, len(dims))):
            if item is None:
                before.append(1)
                continue
            size = dims[axis]
            if isinstance(item, slice):
                start, stride, number = _slice(item, size)  # pyright: ignore[reportUnknownArgumentType]
                before.append(number)
            elif isinstance(item, array):
                start, stride, number = 0, 1, size
                self.axes.append(axis)
                chosen.append(item)
                places.append((position, len(before)))
            else:
                start, stride, number = _position(item, size, axis), 1, 1
                places.append((position, len(before)))
            self.starts.append(start)
            self.strides.append(stride)
            self.sizes.append(number)
            axis += 1
        self.arrays = promote(chosen, "none", True) if chosen else ()
        self._place(before, places)

    def _place(self, before: list[int], places: list[tuple[int, int]]) -> None:
        """The dims of index arrays stand together: where they all stood, else in front."""
        positions = [position for position, _ in places]
        together = positions == list(range(positions[0], positions[0] + len(positions))) if places else True
        self.front = places[0][1] if self.arrays and together else 0
        dims = list(self.arrays[0].shape) if self.arrays else []
        self.inner = before
        self.shape = (*before[: self.front], *dims, *before[self.front :])

    def is_whole(self, dims: tuple[int, ...]) -> bool:
        """Whether the window is the array itself."""
        return tuple(self.sizes) == dims and all([s == 1 for s in self.strides])

    def window(self, a: array) -> array:
        """Cut the window out of the array; the axes all stay."""
        if self.is_whole(a.shape):
            return a
        starts = [s if n else 0 for s, n in zip(self.starts, self.sizes, strict=True)]
        return ops.slice(a, starts=starts, strides=self.strides, shape=self.sizes)

    def put_window(self, a: array, update: array) -> array:
        """Replace the window."""
        if self.is_whole(a.shape):
            return update
        if 0 in self.sizes:
            return a
        return ops.slice_update(a, update, starts=self.starts, strides=self.strides)

    def slices(self) -> list[int]:
        """How much of each axis of the window one element of the index arrays reads."""
        return [1 if i in self.axes else n for i, n in enumerate(self.sizes)]

    def to_result(self, gathered: array) -> array:
        """Bring what was gathered, index dims in front, to the result's shape."""
        rank = len(self.shape) - len(self.inner)
        dims = gathered.shape[:rank]
        gathered = reshape(gathered, (*dims, *self.inner))
        if self.front == 0:
            return gathered
        order = list(range(rank, rank + self.front)) + list(range(rank))
        order += list(range(rank + self.front, gathered.ndim))
        return ops.transpose(gathered, permutation=order)

    def from_result(self, values: array) -> array:
        """The way back: values of the result's shape as updates of the window."""
        rank = len(self.shape) - len(self.inner)
        if self.front:
            order = list(range(self.front, self.front + rank)) + list(range(self.front))
            order += list(range(self.front + rank, values.ndim))
            values = ops.transpose(values, permutation=order)
        return reshape(values, (*values.shape[:rank], *self.slices()))


def _position(item: Any, size: int, axis: int) -> int:
    position = item.__index__()
    if not -size <= position < size:
        fail_index(f"expected an index within axis {axis} of size {size}, got {position}")
    return position + size if position < 0 else position


def _slice(item: slice, size: int) -> tuple[int, int, int]:
    try:
        start, stop, step = item.indices(size)
    except TypeError:
        fail_value("expected integers or None in a slice, got something else")
    return start, step, len(range(start, stop, step))


def _mask_of(item: Any) -> array | None:
    """Return the index as an array if it chooses by truth values."""
    if isinstance(item, array):
        return item if item.dtype is bool_ else None
    if isinstance(item, bool):
        return as_array(item)
    given: Any = item
    if isinstance(item, list) or hasattr(item, "__array__"):
        a = array_of(given, None)
        return a if a.dtype is bool_ else None
    return None


def _normal(item: Any, indexed: tuple[int, ...]) -> Any:
    """Return None, Ellipsis, a slice, an int or an array of integers."""
    known: Any = item
    if item is None or item is Ellipsis or isinstance(item, slice):
        return known
    if isinstance(item, array):
        if item.dtype is bool_:
            fail_value("expected integers as index, got bool, whose result has no known shape")
        if not issubdtype(item.dtype, integers):
            fail_value(f"expected integers as index, got {item.dtype.name}")
        return item
    if isinstance(item, int) and not isinstance(item, bool):
        return item
    if isinstance(item, (list, tuple)) or hasattr(item, "__array__"):
        return _normal(_from_list(known), indexed)
    if not isinstance(item, bool) and hasattr(item, "__index__"):
        return item.__index__()
    fail_value(f"expected ints, slices, None, ... or arrays of integers as index, got {type(item).__name__}")


def _from_list(item: object) -> array:
    a = array_of(item, None)
    return cast(a, int32) if a.size == 0 else a


def _check_list(item: Any, size: int, axis: int) -> None:
    """Numbers that are written into an index are known now: none may be out of range."""
    if is_sequence(item):
        for one in item:
            _check_list(one, size, axis)
    elif isinstance(item, int):
        _position(item, size, axis)


def _without_ellipsis(items: Sequence[Any], ndim: int) -> list[Any]:
    """Replace an Ellipsis by whole slices, and add those that are missing at the end."""
    used = sum([item is not None and item is not Ellipsis for item in items])
    if used > ndim:
        fail_index(f"expected at most {ndim} indices, got {used}")
    whole = [slice(None)] * (ndim - used)
    at = [i for i, item in enumerate(items) if item is Ellipsis]
    if len(at) > 1:
        fail_value("expected at most one ... in an index")
    at = at[0] if at else len(items)
    return [*items[:at], *whole, *items[at + 1 :]]


def resolve(item: Any, dims: tuple[int, ...]) -> Index:
    """Resolve what stands between the brackets."""
    several: Any = item
    items: tuple[Any, ...] = several if isinstance(item, tuple) else (several,)
    normal = tuple([_normal(one, dims) for one in items])
    if any([isinstance(one, (list, tuple)) for one in items]):
        axis = 0
        for one in _without_ellipsis(items, len(dims)):
            if one is not None:
                if isinstance(one, (list, tuple)):
                    _check_list(one, dims[axis], axis)
                axis += 1
    return Index(normal, dims)


def getitem(a: array, item: object) -> array:
    """``a[item]``."""
    index = resolve(item, a.shape)
    part = index.window(a)
    if index.arrays:
        if 0 in index.shape and 0 in [part.shape[axis] for axis in index.axes]:
            return fill(0, a.dtype, index.shape)  # nothing of nothing
        part = ops.gather(part, *index.arrays, axes=index.axes, slices=index.slices())
        return index.to_result(part)
    return reshape(part, index.shape)


def _as_update(value: object, a: array) -> array:
    if isinstance(value, (bool, int, float)):
        return number_as(value, a.dtype)
    return cast(array_of(value, None), a.dtype)


def _fitted(value: array, shape: tuple[int, ...]) -> array:
    """Broadcast a value to the shape of what it is written to; ones in front may be too many."""
    while value.ndim > len(shape) and value.shape[0] == 1:
        value = reshape(value, value.shape[1:])
    return broadcast(value, shape)


def setitem(a: array, item: Any, value: object) -> None:
    """``a[item] = value``: the array object holds the result from now on."""
    update = _as_update(value, a)
    mask = _mask_of(item)
    if mask is None:
        assign(a, updated(a, item, update, _REPLACE))
    else:
        assign(a, _masked(a, mask, update))


def _masked(a: array, mask: array, update: array) -> array:
    """Write where a mask of the leading dims holds: one value everywhere, or one after the other."""
    if mask.ndim > a.ndim or mask.shape != a.shape[: mask.ndim]:
        fail_value(f"expected a mask of shape {text(a)} or its first dims, got {text(mask)}")
    each = a.shape[mask.ndim :]
    if mask.ndim and update.ndim > len(each):
        if update.ndim > len(each) + 1:
            fail_value(f"expected values of shape {each} or a sequence of them, got {text(update)}")
        update = broadcast(update, (update.shape[0], *each))
        if update.shape[0] != 1:
            if 0 in (update.shape[0], mask.size):
                return a
            update = getitem(update, reshape(_count_true(reshape(mask, (mask.size,))) - 1, mask.shape))
    mask = reshape(mask, mask.shape + (1,) * len(each))
    return where(mask, _fitted(update, a.shape), a)


# Elements that are counted at once, by comparing all with all.
_COUNTED = 32


def _count_true(flags: array) -> array:
    """How many of a vector's elements hold up to each one, or the sums up to each of a vector of counts."""
    size = flags.size
    blocks = -(-size // _COUNTED)
    length = min(size, _COUNTED)
    counts = ops.pad(cast(flags, int64), fill(0, int64, ()), low=[0], high=[blocks * length - size])
    place = ops.iota(axis=0, shape=(length,), dtype=int32)
    upto = reshape(place, (1, length)) <= reshape(place, (length, 1))
    within = where(upto, reshape(counts, (blocks, 1, length)), 0).sum(2)
    if blocks > 1:
        whole = reshape(within[:, -1:], (blocks,))
        within = within + reshape(_count_true(whole) - whole, (blocks, 1))
    return reshape(within, (blocks * length,))[:size]


def updated(a: array, item: object, update: array, mode: int) -> array:
    """Return the array with items replaced by, or combined with, an update."""
    index = resolve(item, a.shape)
    values = index.from_result(_fitted(update, index.shape))
    part = index.window(a)
    if index.arrays:
        new = ops.scatter(part, *index.arrays, values, axes=index.axes, mode=mode)
    else:
        new = _combined(part, values, mode)
    return index.put_window(a, new)


def _combined(old: array, new: array, mode: int) -> array:
    if mode == _ADD:
        return old + new
    if mode == _MULTIPLY:
        return old * new
    if mode == _MAXIMUM:
        return where(old > new, old, new)
    return where(old < new, old, new) if mode == _MINIMUM else new


@public
def at(place: ArrayAt, value: object, mode: int, prepared: Callable[[array], array] | None = None) -> array:
    """``a.at[index]``, combined with a value."""
    if not hasattr(place, "_item"):
        fail_value("expected an index, as in x.at[0].add(4), got none")
    update = _as_update(value, place._array)
    return updated(place._array, place._item, prepared(update) if prepared else update, mode)


class ArrayAt:
    """``a.at[index]``: updates that return a new array, and that all take part.

    Example:
        >>> mx.zeros((2,)).at[mx.array([0, 0])].add(1)
        array([2, 0], dtype=float32)
    """

    __slots__ = ("_array", "_item")
    _item: object

    def __init__(self, a: array) -> None:
        self._array = a

    def __getitem__(self, item: object) -> ArrayAt:
        at = ArrayAt(self._array)
        at._item = item
        return at

    def add(self, value: object) -> array:
        """Add to the items.

        Args:
            value: array or number that broadcasts to what the index selects.

        Example:
            >>> mx.zeros((3,)).at[mx.array([0, 0, 2])].add(1)
            array([2, 0, 1], dtype=float32)
        """
        return at(self, value, _ADD)

    def subtract(self, value: object) -> array:
        """Subtract from the items.

        Args:
            value: array or number that broadcasts to what the index selects.

        Example:
            >>> mx.zeros((3,)).at[mx.array([0, 0, 2])].subtract(1)
            array([-2, 0, -1], dtype=float32)
        """
        return at(self, value, _ADD, lambda x: -x)

    def multiply(self, value: object) -> array:
        """Multiply the items.

        Args:
            value: array or number that broadcasts to what the index selects.

        Example:
            >>> mx.ones((3,)).at[mx.array([0, 0, 2])].multiply(3)
            array([9, 1, 3], dtype=float32)
        """
        return at(self, value, _MULTIPLY)

    def divide(self, value: object) -> array:
        """Divide the items.

        Args:
            value: array or number that broadcasts to what the index selects.

        Example:
            >>> mx.ones((3,)).at[mx.array([0, 0, 2])].divide(2)
            array([0.25, 1, 0.5], dtype=float32)
        """
        return at(self, value, _MULTIPLY, lambda x: 1 / x)

    def maximum(self, value: object) -> array:
        """Replace items by the value where it is larger.

        Args:
            value: array or number that broadcasts to what the index selects.

        Example:
            >>> mx.zeros((3,)).at[1:].maximum(mx.array([5.0, -5.0]))
            array([0, 5, 0], dtype=float32)
        """
        return at(self, value, _MAXIMUM)

    def minimum(self, value: object) -> array:
        """Replace items by the value where it is smaller.

        Args:
            value: array or number that broadcasts to what the index selects.

        Example:
            >>> mx.zeros((3,)).at[1:].minimum(mx.array([5.0, -5.0]))
            array([0, 0, -5], dtype=float32)
        """
        return at(self, value, _MINIMUM)


@public
def take(a: array, /, indices: int | array, axis: int | None = None, *, stream: object = None) -> array:
    """Take elements along an axis, or of the flattened array.

    Args:
        a: any array.
        indices: an int, or an array of integers; negative ones count from the end.
        axis: the axis; the array is flattened if absent.

    Returns:
        The elements; the dims of ``indices`` stand in place of the axis.

    Raises:
        ValueError: the indices are no integers.
        AxisError: there is no such axis, an int is out of range, or the axis is empty.

    Example:
        >>> mx.take(mx.array([1, 2, 3]), mx.array([2, 0]))
        array([3, 1], dtype=int32)
    """
    a = require_array(a)
    if axis is None:
        a, axis = reshape(a, (a.size,)), 0
    axis = axis_of(axis, a.ndim)
    return getitem(a, (slice(None),) * axis + (indices,))


@public
def take_along_axis(a: array, /, indices: array, axis: int | None = -1, *, stream: object = None) -> array:
    """Take elements along an axis, by an index for each place.

    Args:
        a: any array.
        indices: integers of the same number of dimensions; other axes broadcast.
        axis: the axis; both are flattened if it is ``None``.

    Raises:
        ValueError: the indices are no integers, or do not fit the array.
        AxisError: the array has no such axis.

    Example:
        >>> a = mx.array([[3, 1], [2, 4]])
        >>> mx.take_along_axis(a, mx.argmin(a, axis=1, keepdims=True), axis=1)
        array([[1],
               [2]], dtype=int32)
    """
    a, indices = require_array(a), require_array(indices)
    if axis is None:
        a, axis = reshape(a, (a.size,)), 0
        indices = reshape(indices, (indices.size,))
    axis = axis_of(axis, a.ndim)
    if indices.ndim != a.ndim:
        fail_value(f"expected indices of {a.ndim} dimensions, got shape {text(indices)}")
    if not issubdtype(indices.dtype, integers):
        fail_value(f"expected integers as indices, got {indices.dtype.name}")
    # Other axes of size 1 broadcast, on either side.
    others = [
        max(n, m) if i != axis and 1 in (n, m) else n
        for i, (n, m) in enumerate(zip(a.shape, indices.shape, strict=True))
    ]
    a = broadcast(a, (*others[:axis], a.shape[axis], *others[axis + 1 :]))
    indices = broadcast(indices, (*others[:axis], indices.shape[axis], *others[axis + 1 :]))
    return ops.take_along_axis(a, indices, axis=axis)
