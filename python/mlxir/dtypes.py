# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element types, their categories, and questions about them."""

from __future__ import annotations

from enum import Enum

from ._core import (
    Dtype,
    array,
    as_array,
    bfloat16,
    bool_,
    cast,
    fail_type,
    fail_value,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    ops,
    promote_types,
    public,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .shapes import reshape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Dtype",
    "DtypeCategory",
    "astype",
    "bfloat16",
    "bool_",
    "can_cast",
    "complexfloating",
    "finfo",
    "float16",
    "float32",
    "float64",
    "floating",
    "generic",
    "iinfo",
    "inexact",
    "int8",
    "int16",
    "int32",
    "int64",
    "integer",
    "isdtype",
    "issubdtype",
    "number",
    "result_type",
    "signedinteger",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "unsignedinteger",
    "view",
]


class DtypeCategory(Enum):
    """A set of element types; ``issubdtype`` tells what belongs to it.

    Example:
        >>> mx.floating
        DtypeCategory.floating
    """

    complexfloating = 0
    floating = 1
    inexact = 2
    signedinteger = 3
    unsignedinteger = 4
    integer = 5
    number = 6
    generic = 7

    def __repr__(self) -> str:
        return f"DtypeCategory.{self.name}"

    __str__ = __repr__


complexfloating = DtypeCategory.complexfloating
floating = DtypeCategory.floating
inexact = DtypeCategory.inexact
signedinteger = DtypeCategory.signedinteger
unsignedinteger = DtypeCategory.unsignedinteger
integer = DtypeCategory.integer
number = DtypeCategory.number
generic = DtypeCategory.generic

_parents = {
    complexfloating: inexact,
    floating: inexact,
    inexact: number,
    signedinteger: integer,
    unsignedinteger: integer,
    integer: number,
    number: generic,
}
_categories = {bool_: generic}
_categories.update(dict.fromkeys((uint8, uint16, uint32, uint64), unsignedinteger))
_categories.update(dict.fromkeys((int8, int16, int32, int64), signedinteger))
_categories.update(dict.fromkeys((float16, bfloat16, float32, float64), floating))

_kinds: dict[str, Callable[[Dtype], bool]] = {
    "bool": lambda dtype: dtype is bool_,
    "signed integer": lambda dtype: _categories[dtype] is signedinteger,
    "unsigned integer": lambda dtype: _categories[dtype] is unsignedinteger,
    "integral": lambda dtype: issubdtype(dtype, integer),
    "real floating": lambda dtype: _categories[dtype] is floating,
    "complex floating": lambda dtype: False,
    "numeric": lambda dtype: dtype is not bool_,
}


@public
def issubdtype(arg1: Dtype | DtypeCategory, arg2: Dtype | DtypeCategory) -> bool:
    """Return whether one type or category is part of another.

    Args:
        arg1: a dtype or a category.
        arg2: a dtype or a category.

    Example:
        >>> mx.issubdtype(mx.int32, mx.integer)
        True
        >>> mx.issubdtype(mx.float32, mx.float64)
        False
    """
    if arg1 is arg2:
        return True
    if isinstance(arg2, Dtype):
        return False
    category = _categories[arg1] if isinstance(arg1, Dtype) else arg1
    while category is not None:
        if category is arg2:
            return True
        category = _parents.get(category)
    for argument in (arg1, arg2):
        if not isinstance(argument, (Dtype, DtypeCategory)):
            fail_value(f"expected dtypes or categories of them, got {type(argument).__name__}")
    return False


@public
def isdtype(dtype: Dtype, kind: Dtype | str | tuple[Dtype | str, ...]) -> bool:
    """Return whether a dtype is of a kind, or of one of several.

    Args:
        dtype: the dtype.
        kind: a dtype, or one of "bool", "signed integer", "unsigned integer",
            "integral", "real floating", "complex floating", "numeric".

    Raises:
        ValueError: the kind is none of these.

    Example:
        >>> mx.isdtype(mx.float16, "real floating"), mx.isdtype(mx.int8, (mx.int8, mx.bool_))
        (True, True)
    """
    if isinstance(kind, tuple):
        return any([isdtype(dtype, one) for one in kind])
    if isinstance(kind, Dtype):
        return dtype is kind
    if kind not in _kinds:
        fail_value(f"expected one of {', '.join(map(repr, _kinds))}, got {kind!r}")
    return _kinds[kind](dtype)


@public
def result_type(*arrays_and_dtypes: array | Dtype) -> Dtype:
    """Return the dtype that arrays and dtypes have together.

    Raises:
        ValueError: there is nothing to ask about.

    Example:
        >>> mx.result_type(mx.int8, mx.uint8)
        mlxir.int16
    """
    dtypes = [a if isinstance(a, Dtype) else as_array(a).dtype for a in arrays_and_dtypes]
    if not dtypes:
        fail_value("expected at least one array or dtype, got none")
    result = dtypes[0]
    for dtype in dtypes[1:]:
        result = promote_types(result, dtype)
    return result


@public
def can_cast(from_: array | Dtype, to: Dtype) -> bool:
    """Return whether promotion of the two gives ``to`` again.

    Args:
        from_: array or dtype.
        to: the dtype to convert to.

    Example:
        >>> mx.can_cast(mx.int32, mx.float32), mx.can_cast(mx.float32, mx.int32)
        (True, False)
    """
    return promote_types(from_ if isinstance(from_, Dtype) else as_array(from_).dtype, to) is to


@public
def astype(a: array, /, dtype: Dtype, *, stream: object = None) -> array:
    """Convert the elements to another type.

    Floats are truncated towards zero on their way to integers.

    Args:
        a: any array.
        dtype: that of the result, which has the shape of ``a``.

    Example:
        >>> mx.array([1.7, -1.7]).astype(mx.int32)
        array([1, -1], dtype=int32)
    """
    return cast(a, dtype)


@public
def view(a: array, dtype: Dtype, stream: object = None) -> array:
    """Read the same bytes as elements of another type.

    If the sizes of the types differ, the last axis grows or shrinks.

    Args:
        a: array of at least one axis if the sizes of elements differ.
        dtype: that of the result; the last axis grows or shrinks by the sizes' ratio.

    Raises:
        ValueError: the bytes of the last axis are no whole number of elements.
        TypeError: ``dtype`` is no dtype.

    Example:
        >>> mx.array([1.0]).view(mx.uint32)
        array([1065353216], dtype=uint32)
    """
    a = as_array(a)
    if not isinstance(dtype, Dtype):
        fail_type(f"expected a Dtype for dtype, got {type(dtype).__name__}")
    if a.dtype is dtype:
        return cast(a, dtype)
    old, new = a.dtype.size, dtype.size
    if old == new:
        return _same_width(a, dtype)
    if a.ndim == 0:
        fail_value(f"expected a dtype of {old} bytes for a scalar, got {dtype}")
    last = a.shape[-1]
    if last * old % new:
        fail_value(f"expected a last axis of a multiple of {new} bytes, got {last * old} bytes")
    if old > new:
        return _same_width(_to_narrow(_as_bits(a), new), dtype)
    return _same_width(_to_wide(_as_bits(a), new), dtype)


_bits = {1: uint8, 2: uint16, 4: uint32, 8: uint64}


def _as_bits(a: array) -> array:
    return _same_width(a, _bits[a.dtype.size])


def _same_width(a: array, dtype: Dtype) -> array:
    # A bool is a byte that is 0 or 1.
    if a.dtype is bool_:
        a = cast(a, uint8)
    if dtype is bool_:
        return cast(a, bool_)
    return a if a.dtype is dtype else ops.bitcast(a, dtype=dtype)


def _to_narrow(a: array, size: int) -> array:
    """Split unsigned words into the ``size`` bytes wide parts, low part first."""
    parts = a.dtype.size // size
    shifts = ops.iota(axis=0, shape=(parts,), dtype=a.dtype) * (8 * size)
    split = cast(reshape(a, (*a.shape, 1)) >> shifts, _bits[size])
    return reshape(split, (*a.shape[:-1], a.shape[-1] * parts))


def _to_wide(a: array, size: int) -> array:
    parts = size // a.dtype.size
    words = reshape(a, (*a.shape[:-1], a.shape[-1] // parts, parts))
    shifts = ops.iota(axis=0, shape=(parts,), dtype=_bits[size]) * (8 * a.dtype.size)
    return ops.sum(cast(words, _bits[size]) << shifts, axes=(words.ndim - 1,))


_float_limits = {
    # dtype: (max, eps, smallest normal)
    float16: (65504.0, 2.0**-10, 2.0**-14),
    bfloat16: (float.fromhex("0x1.fep127"), 2.0**-7, 2.0**-126),
    float32: (float.fromhex("0x1.fffffep127"), 2.0**-23, 2.0**-126),
    float64: (float.fromhex("0x1.fffffffffffffp1023"), 2.0**-52, 2.0**-1022),
}


class finfo:  # noqa: N801
    """What a floating-point type can hold.

    Args:
        dtype: floating-point.

    Raises:
        ValueError: ``dtype`` is not floating-point.

    Example:
        >>> mx.finfo(mx.float16).max
        65504.0
    """

    def __init__(self, dtype: Dtype, /) -> None:
        if dtype not in _float_limits:
            raise ValueError(f"[finfo] expected a floating-point dtype, got {dtype}")
        self.dtype = dtype
        self.max, self.eps, self.smallest_normal = _float_limits[dtype]
        self.min = -self.max
        self.bits = dtype.size * 8

    def __repr__(self) -> str:
        return f"finfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype.name})"


class iinfo:  # noqa: N801
    """What an integer type can hold.

    Args:
        dtype: integer.

    Raises:
        ValueError: ``dtype`` is no integer type.

    Example:
        >>> mx.iinfo(mx.int8)
        iinfo(min=-128, max=127, dtype=int8)
    """

    def __init__(self, dtype: Dtype, /) -> None:
        if not isinstance(dtype, Dtype) or not issubdtype(dtype, integer):
            raise ValueError(f"[iinfo] expected an integer dtype, got {dtype}")
        self.dtype = dtype
        self.bits = dtype.size * 8
        signed = issubdtype(dtype, signedinteger)
        self.min = -(1 << (self.bits - 1)) if signed else 0
        self.max = (1 << (self.bits - signed)) - 1

    def __repr__(self) -> str:
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype.name})"
