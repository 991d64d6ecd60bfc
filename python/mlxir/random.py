# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random numbers from keys, by the Threefry-2x32 counter cipher.

Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
The same key gives the same numbers on every device, and the numbers of MLX.
"""

from __future__ import annotations

from math import sqrt
from time import time_ns

from ._core import (
    Dtype,
    array,
    as_array,
    assign,
    bool_,
    broadcast,
    broadcast_dims,
    cast,
    composite,
    fail_type,
    fail_value,
    float32,
    functions,
    int32,
    leaf,
    ops,
    public,
    require_array,
    uint32,
)
from .axes import axis_of, count, integer, shape_of, without
from .dtypes import finfo, floating, issubdtype
from .elementwise import where
from .joining import window
from .reductions import argmax
from .shapes import expand_dims, reshape
from .turn import turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "bernoulli",
    "categorical",
    "gumbel",
    "key",
    "normal",
    "randint",
    "seed",
    "split",
    "state",
    "uniform",
]

_log, _sqrt, _floor = functions["log"], functions["sqrt"], functions["floor"]
_maximum, _minimum = functions["maximum"], functions["minimum"]

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA
# The largest value of 32 bits as a float32, and the largest float32 below 1.
_SCALE = 4294967295.0
_BELOW_ONE = {2: None, 4: 1 - 2.0**-24, 8: 1 - 2.0**-24}


@public
def key(seed: int) -> array:
    """Return the key of a seed.

    Args:
        seed: of 64 bits; not negative.

    Returns:
        The key, uint32 (2,).

    Raises:
        ValueError: ``seed`` is negative or wider than 64 bits.

    Example:
        >>> mx.random.key(0)
        array([0, 0], dtype=uint32)
    """
    seed = integer(seed, "seed")
    if not 0 <= seed < 2**64:
        fail_type(f"expected a seed of 64 bits that is not negative, got {seed}")
    words = (seed >> 32).to_bytes(4, "little") + (seed & 0xFFFFFFFF).to_bytes(4, "little")
    return leaf(words, uint32, (2,))


class RandomState(list[array]):
    """The global key, as a tree that ``jit`` takes for state.

    Drawing numbers without a key changes the array in it.

    Example:
        >>> draw = mx.jit(lambda: mx.random.uniform(), state=mx.random.state)
        >>> draw() == draw()
        array(False, dtype=bool)
    """

    def __setitem__(self, at: int, new: array) -> None:  # type: ignore[override]
        # The array object stays, since traced functions refer to it.
        assign(self[at], as_array(new))


state = RandomState([key(time_ns() & 0xFFFFFFFF)])


@public
def seed(seed: int) -> None:
    """Set the global key to that of a seed.

    Args:
        seed: of 64 bits; not negative.

    Example:
        >>> mx.random.seed(0)
        >>> a = mx.random.uniform()
        >>> mx.random.seed(0)
        >>> mx.random.uniform() == a
        array(True, dtype=bool)
    """
    with turn:
        assign(RandomState.__getitem__(state, 0), key(seed))


@public
def split(key: array, num: int = 2, stream: object = None) -> array:
    """Make keys of a key.

    Args:
        key: uint32 (2,).
        num: how many.

    Returns:
        The keys, uint32 (num, 2).

    Raises:
        ValueError: ``key`` is no key, or ``num`` is negative.

    Example:
        >>> mx.random.split(mx.random.key(0), 2)
        array([[4146024105, 967050713],
               [2718843009, 1272950319]], dtype=uint32)
    """
    num = integer(num, "num")
    if num < 0:
        fail_value(f"expected a number of keys >= 0, got {num}")
    return _bits((num, 2), _checked(key))


def _next_key() -> array:
    """Take a key off the global one."""
    with turn:
        pair = split(RandomState.__getitem__(state, 0))
        assign(RandomState.__getitem__(state, 0), reshape(window(pair, 0, 0, 1), (2,)))
    return reshape(window(pair, 0, 1, 2), (2,))


def _checked(key: array | None) -> array:
    if key is None:
        return _next_key()
    key = require_array(key)
    if key.dtype is not uint32 or key.shape != (2,):
        fail_value(f"expected a key of dtype uint32 and shape (2,), got {key.dtype.name}{tuple(key.shape)}")
    return key


def _bits(shape: tuple[int, ...], key: array) -> array:
    if min(shape, default=0) < 0:
        fail_value(f"expected no negative size, got the shape {shape}")
    return _random_bits(key, shape=shape)


@composite
def _random_bits(key: array, *, shape: tuple[int, ...]) -> array:
    """Return uniform 32-bit words: each counter gives one for either half of the result."""
    size = count(shape)
    half = size // 2
    number = half + size % 2
    first = ops.iota(axis=0, shape=(number,), dtype=uint32)
    second = first + number
    if size % 2:
        second = where(first == number - 1, 0, second)
    low, high = _threefry(_word(key, 0), _word(key, 1), first, second)
    words = ops.concatenate(low, window(high, 0, 0, half), axis=0)
    return reshape(words, shape)


def _word(key: array, at: int) -> array:
    return reshape(window(key, 0, at, at + 1), ())


def _threefry(k0: array, k1: array, x0: array, x1: array) -> tuple[array, array]:
    schedule = (k0, k1, k0 ^ k1 ^ _PARITY)
    x0, x1 = x0 + k0, x1 + k1
    for group in range(5):
        for rotation in _ROTATIONS[group % 2]:
            x0 = x0 + x1
            x1 = ((x1 << rotation) | (x1 >> (32 - rotation))) ^ x0
        x0 = x0 + schedule[(group + 1) % 3]
        x1 = x1 + schedule[(group + 2) % 3] + (group + 1)
    return x0, x1


def _unit(shape: tuple[int, ...], dtype: Dtype, key: array) -> array:
    """Return float32 numbers in [0, 1) which stay below 1 when they become ``dtype``."""
    below_one = 1 - finfo(dtype).eps / 2 if dtype.size == 2 else 1 - 2.0**-24
    return _minimum(cast(_bits(shape, key), float32) / _SCALE, below_one)


def _floating(dtype: Dtype | None) -> Dtype:
    dtype = dtype or float32
    if not issubdtype(dtype, floating):
        fail_value(f"expected a floating-point dtype, got {dtype.name}")
    return dtype


@public
def uniform(
    low: array | float = 0,
    high: array | float = 1,
    shape: Sequence[int] = (),
    dtype: Dtype | None = float32,
    key: array | None = None,
    stream: object = None,
) -> array:
    """Draw from the uniform distribution over [low, high).

    Args:
        low: lower bound; broadcasts to the shape.
        high: upper bound; broadcasts to the shape.
        shape: shape of the result.
        dtype: floating-point dtype of the result.
        key: uint32 (2,); the global key if absent.

    Raises:
        ValueError: ``dtype`` is not floating-point, ``key`` is no key, or a bound does not
            broadcast to the shape.

    Example:
        >>> mx.random.uniform(0, 10, (3,), key=mx.random.key(0))
        array([9.65321, 3.14682, 6.3303], dtype=float32)
    """
    dtype, shape = _floating(dtype), shape_of(shape)
    low, high = cast(as_array(low), dtype), cast(as_array(high), dtype)
    _require_broadcast(shape, low, high)
    return cast(_unit(shape, dtype, _checked(key)), dtype) * (high - low) + low


def _require_broadcast(shape: tuple[int, ...], *arrays: array) -> None:
    for a in arrays:
        if a.ndim and broadcast_dims((a.shape, shape)) != shape:
            fail_value(f"expected a shape that {tuple(a.shape)} broadcasts to, got {shape}")


@public
def normal(
    shape: Sequence[int] = (),
    dtype: Dtype | None = float32,
    loc: array | float | None = None,
    scale: array | float | None = None,
    key: array | None = None,
    stream: object = None,
) -> array:
    """Draw from the normal distribution.

    Args:
        shape: shape of the result.
        dtype: floating-point dtype of the result.
        loc: mean; 0 if absent. Broadcasts to the shape.
        scale: standard deviation; 1 if absent. Broadcasts to the shape.
        key: uint32 (2,); the global key if absent.

    Raises:
        ValueError: ``dtype`` is not floating-point, ``key`` is no key, or ``loc`` or ``scale``
            does not broadcast to the shape.

    Example:
        >>> mx.random.normal((3,), key=mx.random.key(0))
        array([1.81609, -0.482623, 0.339889], dtype=float32)
    """
    dtype, shape = _floating(dtype), shape_of(shape)
    low = -1 + 2.0**-24
    inside = _unit(shape, float32, _checked(key)) * (1 - low) + low
    draws = cast(_erfinv(inside), dtype) * sqrt(2)
    if scale is not None:
        scale = cast(as_array(scale), dtype)
        _require_broadcast(shape, scale)
        draws = draws * scale
    if loc is not None:
        loc = cast(as_array(loc), dtype)
        _require_broadcast(shape, loc)
        draws = draws + loc
    return draws


# M. Giles, "Approximating the erfinv function", GPU Computing Gems (2011): single
# precision, near the middle and in the tails, highest power first.
_CENTRAL = (
    2.81022636e-08,
    3.43273939e-07,
    -3.5233877e-06,
    -4.39150654e-06,
    0.00021858087,
    -0.00125372503,
    -0.00417768164,
    0.246640727,
    1.50140941,
)
_TAIL = (
    -0.000200214257,
    0.000100950558,
    0.00134934322,
    -0.00367342844,
    0.00573950773,
    -0.0076224613,
    0.00943887047,
    1.00167406,
    2.83297682,
)


@composite
def _erfinv(x: array) -> array:
    w = -_log((1 - x) * (1 + x))
    central = _polynomial(_CENTRAL, w - 2.5)
    tail = _polynomial(_TAIL, _sqrt(w) - 3)
    return where(w < 5, central, tail) * x


def _polynomial(coefficients: Sequence[float], x: array) -> array:
    result = x * coefficients[0] + coefficients[1]
    for coefficient in coefficients[2:]:
        result = result * x + coefficient
    return result


@public
def bernoulli(
    p: array | float = 0.5,
    shape: Sequence[int] | None = None,
    key: array | None = None,
    stream: object = None,
) -> array:
    """Draw bools that are true with a probability.

    Args:
        p: floating, the probability; broadcasts to the shape.
        shape: shape of the result; that of ``p`` if absent.
        key: uint32 (2,); the global key if absent.

    Raises:
        ValueError: ``p`` is not floating-point or does not broadcast to the shape, or ``key``
            is no key.

    Example:
        >>> mx.random.bernoulli(0.3, (4,), key=mx.random.key(0))
        array([False, True, False, True], dtype=bool)
    """
    p = as_array(p)
    if not issubdtype(p.dtype, floating):
        fail_value(f"expected a floating-point probability, got {p.dtype.name}")
    shape = p.shape if shape is None else shape_of(shape)
    _require_broadcast(shape, p)
    return cast(_bits(shape, _checked(key)), float32) < cast(p, float32) * _SCALE


@public
def randint(
    low: array | int,
    high: array | int,
    shape: Sequence[int] = (),
    dtype: Dtype | None = int32,
    key: array | None = None,
    stream: object = None,
) -> array:
    """Draw integers in [low, high).

    Args:
        low: smallest integer; broadcasts to the shape.
        high: one more than the largest; broadcasts to the shape.
        shape: shape of the result.
        dtype: integer dtype of the result.
        key: uint32 (2,); the global key if absent.

    They are made from float32 numbers, of which a range beyond 2**24 misses some.

    Raises:
        ValueError: ``dtype`` is floating-point, ``key`` is no key, or a bound does not broadcast
            to the shape.

    Example:
        >>> mx.random.randint(0, 10, (4,), key=mx.random.key(0))
        array([9, 2, 6, 2], dtype=int32)
    """
    dtype, shape = dtype or int32, shape_of(shape)
    if issubdtype(dtype, floating):
        fail_value(f"expected an integer dtype, got {dtype.name}")
    if dtype is bool_:
        return cast(randint(low, high, shape, int32, key), bool_)
    low, high = as_array(low), as_array(high)
    draws = _floor(uniform(low, high, shape, float32, key))
    # float32 may have rounded up to the end of the range.
    draws, low = cast(draws, dtype), cast(low, dtype)
    return cast(_maximum(_minimum(draws, cast(high, dtype) - 1), low), dtype)


@public
def gumbel(
    shape: Sequence[int] = (),
    dtype: Dtype | None = float32,
    key: array | None = None,
    stream: object = None,
) -> array:
    """Draw from the standard Gumbel distribution; see :func:`normal`.

    Example:
        >>> mx.random.gumbel((2,), key=mx.random.key(0))
        array([-0.425993, 1.52325], dtype=float32)
    """
    dtype = _floating(dtype)
    draws = _unit(shape_of(shape), dtype, _checked(key))
    return -_log(-_log(cast(draws, dtype)))


@public
def categorical(
    logits: array,
    axis: int = -1,
    shape: Sequence[int] | None = None,
    num_samples: int | None = None,
    key: array | None = None,
    stream: object = None,
) -> array:
    """Draw indices with probabilities given by their logarithms.

    Args:
        logits: unnormalised logarithms of the probabilities.
        axis: the axis along which they belong together.
        shape: shape of the result, which that of ``logits`` without the axis
            broadcasts to.
        num_samples: how many to draw for each; they form a new last axis.
        key: uint32 (2,); the global key if absent.

    Returns:
        The indices, uint32.

    Raises:
        ValueError: both ``shape`` and ``num_samples``, no element to draw, or ``key`` is no
            key.
        AxisError: ``logits`` has no such axis.

    Example:
        >>> mx.random.categorical(mx.log(mx.array([0.1, 0.9])), num_samples=5, key=mx.random.key(0))
        array([1, 1, 1, 1, 1], dtype=uint32)
    """
    logits = as_array(logits)
    axis = axis_of(axis, logits.ndim)
    if shape is not None and num_samples is not None:
        fail_value("expected at most one of shape and num_samples, got both")
    if num_samples is not None:
        wide = (*logits.shape, integer(num_samples, "num_samples"))
        return argmax(expand_dims(logits, -1) + gumbel(wide, key=_checked(key)), axis=axis)
    own = without(logits.shape, (axis,))
    shape = own if shape is None else shape_of(shape)
    _require_broadcast(shape, broadcast(as_array(0), own))
    place = axis - logits.ndim
    at = len(shape) + place + 1
    wide = (*shape[:at], logits.shape[axis], *shape[at:])
    return argmax(logits + gumbel(wide, key=_checked(key)), axis=place)
