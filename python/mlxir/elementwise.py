# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elementwise functions that consist of others. The plain ones come from the op table."""

from __future__ import annotations

from math import inf, pi

from ._core import (
    array,
    array_of,
    as_array,
    bfloat16,
    bool_,
    cast,
    composite,
    fail_value,
    fill,
    float16,
    float32,
    functions,
    ops,
    promote,
    public,
    uint8,
    uint16,
    uint32,
)
from .axes import integer
from .dtypes import finfo, floating, issubdtype

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._core import Dtype

__all__ = [
    "allclose",
    "array_equal",
    "clip",
    "conj",
    "conjugate",
    "degrees",
    "divmod",
    "from_fp8",
    "imag",
    "isclose",
    "isneginf",
    "isposinf",
    "logical_xor",
    "nan_to_num",
    "positive",
    "radians",
    "real",
    "reciprocal",
    "round",
    "square",
    "to_fp8",
    "where",
]

_isnan, _isfinite = functions["isnan"], functions["isfinite"]
_maximum, _minimum = functions["maximum"], functions["minimum"]


def _float(a: array) -> array:
    """Bring integers and bool to float32."""
    return promote((a,), "inexact", False)[0]


@public
def where(condition: array | float, x: array | float, y: array | float, /, *, stream: object = None) -> array:
    """Choose elements from ``x`` where the condition holds, from ``y`` elsewhere.

    Args:
        condition: any array; what is not 0 holds.
        x: array or number.
        y: array or number; all three broadcast together.

    Returns:
        An array of the common dtype of ``x`` and ``y``.

    Raises:
        ValueError: the shapes do not broadcast.

    Example:
        >>> mx.where(mx.array([True, False]), 1, 2)
        array([1, 2], dtype=int32)
    """
    x, y = promote((x, y), "same", False)
    return ops.select(cast(as_array(condition), bool_), x, y)


@public
def square(a: array, /, *, stream: object = None) -> array:
    """Elementwise square.

    Args:
        a: array or number; the result has its dtype.

    Example:
        >>> mx.square(mx.array([1, -3]))
        array([1, 9], dtype=int32)
    """
    a = as_array(a)
    return a * a


@public
def reciprocal(a: array, /, *, stream: object = None) -> array:
    """Elementwise ``1 / a``.

    Example:
        >>> mx.reciprocal(mx.array([2.0, 4.0]))
        array([0.5, 0.25], dtype=float32)
    """
    return 1 / as_array(a)


@public
def degrees(a: array, /, *, stream: object = None) -> array:
    """Elementwise degrees of an angle in radians.

    Args:
        a: array or number; integers become float32.

    Example:
        >>> mx.degrees(mx.array([0.0, mx.pi]))
        array([0, 180], dtype=float32)
    """
    return _float(a) * (180 / pi)


@public
def radians(a: array, /, *, stream: object = None) -> array:
    """Elementwise radians of an angle in degrees.

    Args:
        a: array or number; integers become float32.

    Example:
        >>> mx.radians(mx.array([0, 180]))
        array([0, 3.14159], dtype=float32)
    """
    return _float(a) * (pi / 180)


@public
def positive(a: array, /, *, stream: object = None) -> array:
    """Return the elements as they are.

    Args:
        a: array or number.

    Example:
        >>> mx.positive(mx.array([1, -2]))
        array([1, -2], dtype=int32)
    """
    return array_of(as_array(a), None)


@public
def real(a: array, /, *, stream: object = None) -> array:
    """Elementwise real part.

    Args:
        a: array or number.

    Example:
        >>> mx.real(mx.array([1.0, 2.0]))
        array([1, 2], dtype=float32)
    """
    return array_of(as_array(a), None)


@public
def imag(a: array, /, *, stream: object = None) -> array:
    """Elementwise imaginary part; zeros for real types.

    Args:
        a: array or number.

    Example:
        >>> mx.imag(mx.array([1.0, 2.0]))
        array([0, 0], dtype=float32)
    """
    a = as_array(a)
    return fill(0, a.dtype, a.shape)


@public
def conjugate(a: array, *, stream: object = None) -> array:
    """Elementwise complex conjugate; real types stay as they are.

    Args:
        a: array or number.

    Example:
        >>> mx.conjugate(mx.array([1.0, 2.0]))
        array([1, 2], dtype=float32)
    """
    return array_of(as_array(a), None)


conj = conjugate


@public
def isposinf(a: array, stream: object = None) -> array:
    """Elementwise test for positive infinity.

    Args:
        a: array or number.

    Example:
        >>> mx.isposinf(mx.array([1.0, mx.inf, -mx.inf]))
        array([False, True, False], dtype=bool)
    """
    return as_array(a) == inf


@public
def isneginf(a: array, stream: object = None) -> array:
    """Elementwise test for negative infinity.

    Args:
        a: array or number.

    Example:
        >>> mx.isneginf(mx.array([1.0, mx.inf, -mx.inf]))
        array([False, False, True], dtype=bool)
    """
    return as_array(a) == -inf


@public
def logical_xor(a: array, b: array, /, *, stream: object = None) -> array:
    """Elementwise truth of exactly one.

    Args:
        a: array or number; what is not 0 is true.
        b: array or number; broadcasts with ``a``.

    Example:
        >>> mx.logical_xor(mx.array([0, 2]), mx.array([3, 4]))
        array([True, False], dtype=bool)
    """
    return cast(as_array(a), bool_) != cast(as_array(b), bool_)


@public
def divmod(a: array | float, b: array | float, stream: object = None) -> list[array]:
    """Elementwise quotient rounded down, and remainder.

    Args:
        a: array or number.
        b: array or number; broadcasts with ``a``.

    Example:
        >>> mx.divmod(mx.array([-7, 7]), 3)
        [array([-3, 2], dtype=int32), array([2, 1], dtype=int32)]
    """
    a, b = promote((a, b), "same", True)
    return [a // b, a % b]


@public
def clip(a: array, /, a_min: array | float | None, a_max: array | float | None, *, stream: object = None) -> array:
    """Bring elements into a range.

    Args:
        a: any array.
        a_min: lower bound, or ``None``; broadcasts with ``a``.
        a_max: upper bound, or ``None``; broadcasts with ``a``.

    Raises:
        ValueError: both bounds are ``None``, or the shapes do not broadcast.

    Example:
        >>> mx.clip(mx.array([-1, 3, 9]), 0, 5)
        array([0, 3, 5], dtype=int32)
    """
    if a_min is None and a_max is None:
        fail_value("expected a_min or a_max, got None for both")
    if a_min is not None:
        a = _maximum(a, a_min)
    return a if a_max is None else _minimum(a, a_max)


@public
def round(a: array, /, decimals: int = 0, stream: object = None) -> array:
    """Elementwise nearest number of some decimals, halves to the even one.

    Args:
        a: any array; the result has its dtype.
        decimals: digits after the point; negative ones are before it.

    Example:
        >>> mx.round(mx.array([0.5, 1.5, 2.345]), decimals=2)
        array([0.5, 1.5, 2.34], dtype=float32)
    """
    a, decimals = as_array(a), integer(decimals, "decimals")
    if decimals == 0 or (decimals > 0 and not issubdtype(a.dtype, floating)):
        return ops.round(a)
    # Scaled so that the factor is a whole number.
    factor = 10 ** abs(decimals)
    wide = a if issubdtype(a.dtype, floating) else cast(a, float32)
    if decimals > 0:
        return ops.round(wide * factor) / factor
    return cast(ops.round(wide / factor) * factor, a.dtype)


@public
def nan_to_num(
    a: array,
    nan: float = 0,
    posinf: float | None = None,
    neginf: float | None = None,
    *,
    stream: object = None,
) -> array:
    """Replace NaN and infinities by numbers.

    Args:
        a: array or number; integers stay as they are.
        nan: in place of NaN.
        posinf: in place of infinity; the largest finite number by default.
        neginf: in place of negative infinity; the smallest one by default.

    Example:
        >>> mx.nan_to_num(mx.array([1.0, mx.nan, mx.inf]), posinf=9.0)
        array([1, 0, 9], dtype=float32)
    """
    a = as_array(a)
    if not issubdtype(a.dtype, floating):
        return array_of(a, None)
    limit = finfo(a.dtype).max
    return _nan_to_num(
        a,
        nan=float(nan),
        posinf=limit if posinf is None else float(posinf),
        neginf=-limit if neginf is None else float(neginf),
    )


@composite
def _nan_to_num(a: array, *, nan: float, posinf: float, neginf: float) -> array:
    a = where(_isnan(a), nan, a)
    a = where(a == inf, posinf, a)
    return where(a == -inf, neginf, a)


@public
def isclose(
    a: array,
    b: array,
    /,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    *,
    equal_nan: bool = False,
    stream: object = None,
) -> array:
    """Elementwise ``abs(a - b) <= atol + rtol * abs(b)``; infinities equal themselves.

    Args:
        a: array or number.
        b: array or number.
        rtol: relative tolerance.
        atol: absolute tolerance.
        equal_nan: whether NaN is close to NaN.

    Example:
        >>> mx.isclose(mx.array([1.0, 2.0]), mx.array([1.0 + 1e-07, 2.1]))
        array([True, False], dtype=bool)
    """
    a, b = promote((a, b), "inexact", True)
    return _isclose(a, b, rtol=float(rtol), atol=float(atol), equal_nan=bool(equal_nan))


@composite
def _isclose(a: array, b: array, *, rtol: float, atol: float, equal_nan: bool) -> array:
    near = abs(a - b) <= abs(b) * rtol + atol
    near = (near & _isfinite(a) & _isfinite(b)) | (a == b)
    return near | (_isnan(a) & _isnan(b)) if equal_nan else near


@public
def allclose(
    a: array,
    b: array,
    /,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    *,
    equal_nan: bool = False,
    stream: object = None,
) -> array:
    """Return whether all elements are close; see :func:`isclose`.

    Example:
        >>> mx.allclose(mx.array([1.0, 2.0]), mx.array([1.0, 2.1]), rtol=0.1)
        array(True, dtype=bool)
    """
    near = isclose(a, b, rtol, atol, equal_nan=equal_nan)
    return ops.all(near, axes=range(near.ndim))


@public
def array_equal(a: array, b: array, equal_nan: bool = False, stream: object = None) -> array:
    """Return whether two arrays have one shape and equal elements.

    Args:
        a: array or number.
        b: array or number.
        equal_nan: whether NaN equals NaN.

    Example:
        >>> mx.array_equal(mx.array([1, 2]), mx.array([1, 2]))
        array(True, dtype=bool)
    """
    a, b = as_array(a), as_array(b)
    if a.shape != b.shape:
        return fill(False, bool_, ())
    same = a == b
    if equal_nan:
        same = same | (_isnan(a) & _isnan(b))
    return ops.all(same, axes=range(same.ndim))


@public
def to_fp8(x: array, *, stream: object = None) -> array:
    """Convert floats to 8-bit floats (e4m3: 4 exponent bits, 3 of mantissa) as uint8.

    Values are rounded to the nearest, halves to even, and kept within ±448.

    Args:
        x: array or number; read as float32.

    Example:
        >>> mx.to_fp8(mx.array([1.0, 448.0, 1000.0]))
        array([56, 126, 126], dtype=uint8)
    """
    return _to_fp8(cast(as_array(x), float32))


@composite
def _to_fp8(x: array) -> array:
    bits = ops.bitcast(x, dtype=uint32)
    sign = (bits >> 24) & 0x80
    magnitude = bits & 0x7FFFFFFF
    # Below 2^-6 the spacing is 2^-9: adding 2^14 leaves the rounded multiple of it.
    small = ops.bitcast(ops.bitcast(magnitude, dtype=float32) + 16384.0, dtype=uint32)
    small = small - 0x46800000
    # Above, 20 bits of the mantissa are rounded away and the exponent is rebased.
    normal = (magnitude - 0x3C000000 + 0x7FFFF + ((magnitude >> 20) & 1)) >> 20
    code = where(magnitude < 0x3C800000, small, normal)
    code = _minimum(code, 0x7E)
    code = where(magnitude > 0x7F800000, 0x7F, code)
    return cast(code | sign, uint8)


@public
def from_fp8(x: array, dtype: Dtype = bfloat16, *, stream: object = None) -> array:
    """Convert 8-bit floats (e4m3), kept as uint8, to another floating-point type.

    Args:
        x: uint8 array.
        dtype: floating-point type of the result.

    Raises:
        ValueError: ``x`` is not of dtype uint8.

    Example:
        >>> mx.from_fp8(mx.to_fp8(mx.array([1.0, 3.3])), mx.float32)
        array([1, 3.25], dtype=float32)
    """
    x = as_array(x)
    if x.dtype is not uint8:
        fail_value(f"expected uint8, got {x.dtype.name}")
    return cast(_from_fp8(x), dtype)


@composite
def _from_fp8(x: array) -> array:
    # Sign and magnitude land where a float16 has them, 2^8 too small.
    code = cast(x, uint16)
    half = ((code & 0x80) << 8) | ((code & 0x7F) << 7)
    value = cast(ops.bitcast(half, dtype=float16), float32) * 256.0
    return where((code & 0x7F) == 0x7F, float("nan"), value)
