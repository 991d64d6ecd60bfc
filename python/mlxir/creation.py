# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that make arrays."""

from __future__ import annotations

from math import ceil, isfinite, isinf

from ._core import (
    Dtype,
    array,
    array_of,
    as_array,
    bool_,
    broadcast,
    cast,
    fail_type,
    fail_value,
    fill,
    float32,
    float64,
    import_from,
    int32,
    int64,
    ops,
    public,
)
from .axes import integer as as_integer, is_sequence, shape_of
from .dtypes import integer, issubdtype
from .elementwise import where
from .joining import diagonal, stack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = [
    "arange",
    "asarray",
    "diag",
    "empty",
    "empty_like",
    "eye",
    "from_dlpack",
    "full",
    "full_like",
    "identity",
    "linspace",
    "ones",
    "ones_like",
    "tri",
    "tril",
    "triu",
    "zeros",
    "zeros_like",
]


@public
def zeros(shape: int | Sequence[int], dtype: Dtype | None = float32, *, stream: object = None) -> array:
    """Return an array of zeros.

    Args:
        shape: an int or a sequence of ints.
        dtype: of the elements; float32 if absent.

    Raises:
        ValueError: a size is negative.

    Example:
        >>> mx.zeros((2,), mx.int32)
        array([0, 0], dtype=int32)
    """
    return fill(0, dtype or float32, shape_of(shape))


empty = zeros


@public
def ones(shape: int | Sequence[int], dtype: Dtype | None = float32, *, stream: object = None) -> array:
    """Return an array of ones.

    Args:
        shape: an int or a sequence of ints.
        dtype: of the elements; float32 if absent.

    Example:
        >>> mx.ones((2,), mx.int8)
        array([1, 1], dtype=int8)
    """
    return fill(1, dtype or float32, shape_of(shape))


@public
def zeros_like(a: array, /, dtype: Dtype | None = None, *, stream: object = None) -> array:
    """Return zeros of an array's shape, and of its dtype unless another is given.

    Args:
        a: array with the shape of the result.
        dtype: of the elements; that of ``a`` if absent.

    Example:
        >>> mx.zeros_like(mx.array([[5.0, 6.0]]))
        array([[0, 0]], dtype=float32)
    """
    a = as_array(a)
    return fill(0, dtype or a.dtype, a.shape)


empty_like = zeros_like


@public
def ones_like(a: array, /, dtype: Dtype | None = None, *, stream: object = None) -> array:
    """Return ones of an array's shape, and of its dtype unless another is given.

    Args:
        a: array with the shape of the result.
        dtype: of the elements; that of ``a`` if absent.

    Example:
        >>> mx.ones_like(mx.array([[5, 6]]))
        array([[1, 1]], dtype=int32)
    """
    a = as_array(a)
    return fill(1, dtype or a.dtype, a.shape)


@public
def full(
    shape: int | Sequence[int],
    vals: array | float,
    dtype: Dtype | None = None,
    *,
    stream: object = None,
) -> array:
    """Return an array filled with a value.

    Args:
        shape: the shape.
        vals: a number, or an array that broadcasts to the shape.
        dtype: that of ``vals`` if absent.

    Raises:
        ValueError: ``vals`` does not broadcast to the shape.

    Example:
        >>> mx.full((2,), 1.5)
        array([1.5, 1.5], dtype=float32)
    """
    shape = shape_of(shape)
    value = vals if isinstance(vals, array) else None
    if value is None and isinstance(vals, (bool, int, float)):
        number = vals
        if dtype is not None and issubdtype(dtype, integer):
            number = int(vals)
        return fill(number, dtype or as_array(vals).dtype, shape)
    value = as_array(vals)
    return broadcast(value if dtype is None else cast(value, dtype), shape)


@public
def full_like(a: array, vals: array | float, dtype: Dtype | None = None, *, stream: object = None) -> array:
    """Return an array of another's shape filled with a value.

    Args:
        a: array with the shape of the result.
        vals: number or array that broadcasts to it.
        dtype: of the elements; that of ``a`` if absent.

    Example:
        >>> mx.full_like(mx.array([1, 2]), 7)
        array([7, 7], dtype=int32)
    """
    a = as_array(a)
    return full(a.shape, vals, dtype or a.dtype)


@public
def arange(
    start: float | None = None,
    stop: float | None = None,
    step: float | None = None,
    dtype: Dtype | None = None,
    *,
    stream: object = None,
) -> array:
    """Return evenly spaced numbers from ``start`` up to ``stop``, without it.

    Args:
        start: the first number; with one argument it is where to stop.
        stop: where to stop.
        step: the distance.
        dtype: by default int32 (int64 if needed) for integers, float32 otherwise.

    Raises:
        ValueError: ``step`` is 0, or a bound is infinite or NaN.

    Example:
        >>> mx.arange(2, 8, 2)
        array([2, 4, 6], dtype=int32)
    """
    if stop is None:
        start, stop = None, start
    if stop is None:
        fail_type("expected a number to stop at, got None")
    first = 0 if start is None else start
    by = 1 if step is None else step
    for number in (first, stop, by):
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            fail_type(f"expected an int or a float, got {type(number).__name__}")
    if dtype is bool_:
        fail_value("expected a dtype of numbers, got bool")
    if by == 0:
        fail_value("expected a step that is not 0, got 0")
    length = (stop - first) / by
    if not isfinite(length):
        fail_value(f"expected a finite range, got {first} to {stop}")
    size = max(0, _exact_length(first, stop, by))
    dtype = dtype or _range_type(first, stop, by)
    if size == 1:  # a step that is not taken may be infinite
        return fill(int(first) if issubdtype(dtype, integer) else first, dtype, (1,))
    if issubdtype(dtype, integer):
        first, by = int(first), int(first + by) - int(first)
    result = ops.iota(axis=0, shape=(size,), dtype=dtype)
    if by != 1:
        result = result * by
    return result + first if first != 0 else result


def _exact_length(start: float, stop: float, step: float) -> int:
    if isinstance(start, int) and isinstance(stop, int) and isinstance(step, int):
        return -((start - stop) // step)
    if isinf(step):
        return int((stop - start) * step > 0)
    return ceil((stop - start) / step)


def _range_type(*numbers: float) -> Dtype:
    if any([isinstance(n, float) for n in numbers]):
        return float32
    return int32 if all([-(2**31) <= n < 2**31 for n in numbers]) else int64


@public
def linspace(
    start: float,
    stop: float,
    num: int | None = 50,
    endpoint: bool = True,
    dtype: Dtype | None = float32,
    stream: object = None,
) -> array:
    """Return ``num`` evenly spaced numbers from ``start`` to ``stop``.

    Args:
        start: the first number.
        stop: the last one, unless ``endpoint`` is false.
        num: how many.
        endpoint: whether ``stop`` is included.
        dtype: dtype of the result.

    Raises:
        ValueError: ``num`` is negative.

    Example:
        >>> mx.linspace(0, 1, 5)
        array([0, 0.25, 0.5, 0.75, 1], dtype=float32)
    """
    number = 50 if num is None else as_integer(num, "num")
    if number < 0:
        fail_value(f"expected a number of samples >= 0, got {number}")
    intervals = number - 1 if endpoint else number
    position = ops.iota(axis=0, shape=(number,), dtype=float64 if dtype is float64 else float32)
    if intervals > 1:
        position = position / intervals
    result = (1 - position) * _as_float(start, "start") + position * _as_float(stop, "stop")
    return cast(result, dtype or float32)


def _as_float(value: Any, what: str) -> float:
    if not hasattr(value, "__float__") and not hasattr(value, "__index__"):
        fail_type(f"expected a number for {what}, got {type(value).__name__}")
    return float(value)


@public
def eye(
    n: int,
    m: int | None = None,
    k: int = 0,
    dtype: Dtype | None = float32,
    *,
    stream: object = None,
) -> array:
    """Return a matrix with ones on a diagonal.

    Args:
        n: number of rows.
        m: number of columns; ``n`` if absent.
        k: which diagonal; positive above the main one.
        dtype: dtype of the result.

    Raises:
        ValueError: ``n`` or ``m`` is negative.

    Example:
        >>> mx.eye(2, 3, k=1)
        array([[0, 1, 0],
               [0, 0, 1]], dtype=float32)
    """
    rows, columns = _matrix_indices(n, n if m is None else m)
    return cast(rows + k == columns, dtype or float32)


@public
def identity(n: int, dtype: Dtype | None = float32, *, stream: object = None) -> array:
    """Return the identity matrix of ``n`` rows.

    Args:
        n: rows and columns.
        dtype: of the elements; float32 if absent.

    Example:
        >>> mx.identity(2)
        array([[1, 0],
               [0, 1]], dtype=float32)
    """
    return eye(n, dtype=dtype)


@public
def tri(
    n: int,
    m: int | None = None,
    k: int = 0,
    dtype: Dtype | None = None,
    *,
    stream: object = None,
) -> array:
    """Return a matrix with ones on and below a diagonal; see :func:`eye`.

    Example:
        >>> mx.tri(2, 3)
        array([[1, 0, 0],
               [1, 1, 0]], dtype=float32)
    """
    return cast(_lower(n, n if m is None else m, k), dtype or float32)


def _matrix_indices(rows: int, columns: int) -> tuple[array, array]:
    shape = (as_integer(rows, "rows"), as_integer(columns, "columns"))
    return (
        ops.iota(axis=0, shape=shape, dtype=int32),
        ops.iota(axis=1, shape=shape, dtype=int32),
    )


def _lower(rows: int, columns: int, k: int) -> array:
    i, j = _matrix_indices(rows, columns)
    return i + k >= j


def _require_matrix(x: array) -> array:
    x = as_array(x)
    if x.ndim < 2:
        fail_value(f"expected an array of at least 2 dimensions, got {x.ndim}")
    return x


@public
def tril(x: array, k: int = 0, *, stream: object = None) -> array:
    """Set the elements above a diagonal to 0, in the matrices of the last two axes.

    Args:
        x: matrices: an array of two axes or more.
        k: the last diagonal that is kept, 0 the main one, above it positive.

    Raises:
        ValueError: ``x`` has fewer than two axes.

    Example:
        >>> mx.tril(mx.array([[1, 2], [3, 4]]))
        array([[1, 0],
               [3, 4]], dtype=int32)
    """
    x = _require_matrix(x)
    return where(_lower(x.shape[-2], x.shape[-1], k), x, fill(0, x.dtype, ()))


@public
def triu(x: array, k: int = 0, *, stream: object = None) -> array:
    """Set the elements below a diagonal to 0, in the matrices of the last two axes.

    Args:
        x: matrices: an array of two axes or more.
        k: the first diagonal that is kept, 0 the main one, above it positive.

    Example:
        >>> mx.triu(mx.array([[1, 2], [3, 4]]))
        array([[1, 2],
               [0, 4]], dtype=int32)
    """
    x = _require_matrix(x)
    return where(_lower(x.shape[-2], x.shape[-1], k - 1), fill(0, x.dtype, ()), x)


@public
def diag(a: array, /, k: int = 0, *, stream: object = None) -> array:
    """Return the diagonal of a matrix, or a matrix with a vector as its diagonal.

    Args:
        a: of one or two dimensions.
        k: which diagonal; positive above the main one.

    Raises:
        ValueError: ``a`` has neither one nor two axes.

    Example:
        >>> mx.diag(mx.array([1, 2]))
        array([[1, 0],
               [0, 2]], dtype=int32)
    """
    a = as_array(a)
    if a.ndim == 2:
        return diagonal(a, k)
    if a.ndim != 1:
        fail_value(f"expected an array of 1 or 2 dimensions, got {a.ndim}")
    n = a.shape[0] + abs(k)
    rows, columns = _matrix_indices(n, n)
    # Each column holds one element of the vector, or none.
    low, high = (k, 0) if k > 0 else (0, -k)
    wide = ops.pad(a, fill(0, a.dtype, ()), low=[low], high=[high])
    return where(rows + k == columns, broadcast(wide, (n, n)), 0)


@public
def asarray(a: object, dtype: Dtype | None = None, *, copy: bool | None = None) -> array:
    """Convert to an array, sharing memory where that is possible.

    Args:
        a: an array, a number, nested lists, or an object with a buffer,
            ``__dlpack__`` or ``__array__``.
        dtype: dtype of the result; float32 if another library's elements are
            float64 and need not be shared.
        copy: ``True`` always copies, ``False`` never does.

    Raises:
        ValueError: ``copy`` is ``False`` and memory cannot be shared.

    Example:
        >>> mx.asarray([1, 2], dtype=mx.float32)
        array([1, 2], dtype=float32)
    """
    given: object = a
    shared = a if isinstance(a, array) else None
    if shared is None and not isinstance(a, (bool, int, float, list, tuple)):
        shared = import_from(a, copy)
    if copy is False and (shared is None or dtype not in (None, shared.dtype)):
        fail_value("expected memory that can be shared, got data that must be copied")
    if dtype is None and copy is not False and shared is not None and shared is not given and shared.dtype is float64:
        dtype = float32  # as in `array`
    return array_of(given if shared is None else shared, dtype)


@public
def from_dlpack(x: object, /, *, copy: bool | None = None) -> array:
    """Return an array of an object's elements through DLPack.

    Args:
        x: an object with ``__dlpack__``.
        copy: ``True`` always copies, ``False`` never does.

    Raises:
        TypeError: ``x`` has no ``__dlpack__``.

    Example:
        >>> mx.from_dlpack(mx.array([1, 2]))
        array([1, 2], dtype=int32)
    """
    if not hasattr(x, "__dlpack__"):
        fail_type(f"expected an object with __dlpack__, got {type(x).__name__}")
    return import_from(x, copy)


def stack_nested(items: Sequence[Any]) -> array:
    """Return the array of a nested list that contains arrays."""
    parts = [stack_nested(item) if is_sequence(item) else as_array(item) for item in items]
    return stack(parts)
