# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of whole layers: normalization, rotary embedding, attention."""

from __future__ import annotations

from ._core import (
    array,
    as_array,
    bool_,
    broadcast,
    cast,
    composite,
    fail_value,
    float32,
    functions,
    int32,
    ops,
    promote,
    promote_types,
    public,
    require_array,
)
from .axes import text
from .dtypes import finfo, floating, issubdtype
from .elementwise import where
from .joining import concatenate, stack, window
from .products import _dot
from .reductions import mean, softmax
from .shapes import reshape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["layer_norm", "rms_norm", "rope", "scaled_dot_product_attention"]

_cos, _sin = functions["cos"], functions["sin"]
_power, _rsqrt = functions["power"], functions["rsqrt"]


def _check_norm(x: array, *vectors: array | None) -> tuple[Any, ...]:
    """Bring the input and what scales its last axis to one floating dtype."""
    x = require_array(x)
    if x.ndim == 0:
        fail_value("expected an array of at least one dimension, got a scalar")
    given: list[array | None] = []
    for vector in vectors:
        if vector is not None:
            vector = require_array(vector)
            if vector.shape != (x.shape[-1],):
                fail_value(f"expected a vector of the last size of shape {text(x)}, got shape {text(vector)}")
        given.append(vector)
    dtype = x.dtype
    for vector in given:
        dtype = dtype if vector is None else promote_types(dtype, vector.dtype)
    if not issubdtype(dtype, floating):
        fail_value(f"expected floating-point arrays, got {dtype.name}")
    return (cast(x, dtype), *[None if v is None else cast(v, dtype) for v in given])


@public
def rms_norm(x: array, weight: array | None, eps: float, *, stream: object = None) -> array:
    """Divide the last axis by its root mean square, then scale it.

    Args:
        x: floating, (..., n).
        weight: floating, (n,), or ``None``.
        eps: added to the mean square.

    Raises:
        ValueError: ``x`` is a scalar or no floats, or ``weight`` is not of its last size.

    Example:
        >>> mx.fast.rms_norm(mx.array([3.0, 4.0]), mx.ones((2,)), 1e-05)
        array([0.848528, 1.13137], dtype=float32)
    """
    x, weight = _check_norm(x, weight)
    return _rms_norm(x, weight, eps=float(eps))


@composite
def _rms_norm(x: array, weight: array | None, *, eps: float) -> array:
    wide = _wide(x)
    wide = wide * _rsqrt(mean(wide * wide, -1, keepdims=True) + eps)
    if weight is not None:
        wide = wide * _wide(weight)
    return cast(wide, x.dtype)


@public
def layer_norm(
    x: array,
    weight: array | None,
    bias: array | None,
    eps: float,
    *,
    stream: object = None,
) -> array:
    """Bring the last axis to mean 0 and variance 1, then scale and shift it.

    Args:
        x: floating, (..., n).
        weight: floating, (n,), or ``None``.
        bias: floating, (n,), or ``None``.
        eps: added to the variance.

    Raises:
        ValueError: ``x`` is a scalar or no floats, or a vector is not of its last size.

    Example:
        >>> mx.fast.layer_norm(mx.array([1.0, 3.0]), None, None, 1e-05)
        array([-0.999995, 0.999995], dtype=float32)
    """
    x, weight, bias = _check_norm(x, weight, bias)
    return _layer_norm(x, weight, bias, eps=float(eps))


@composite
def _layer_norm(x: array, weight: array | None, bias: array | None, *, eps: float) -> array:
    wide = _wide(x)
    centered = wide - mean(wide, -1, keepdims=True)
    result = centered * _rsqrt(mean(centered * centered, -1, keepdims=True) + eps)
    if weight is not None:
        result = result * _wide(weight)
    if bias is not None:
        result = result + _wide(bias)
    return cast(result, x.dtype)


def _wide(x: array) -> array:
    """Compute 16-bit floats in float32."""
    return cast(x, float32) if x.dtype.size < 4 else x


@public
def rope(
    a: array,
    dims: int,
    *,
    traditional: bool,
    base: float | None,
    scale: float,
    offset: int | array,
    freqs: array | None = None,
    stream: object = None,
) -> array:
    """Rotate pairs of features by angles that grow with the position.

    Su et al., "RoFormer: enhanced transformer with rotary position embedding",
    arXiv:2104.09864.

    Args:
        a: floating, (B, ..., T, D).
        dims: how many features to rotate; the others stay.
        traditional: pair neighbouring features rather than those of two halves.
        base: the wavelengths are powers of it. Exactly one of ``base`` and ``freqs``.
        scale: factor of the positions.
        offset: position of the first element, or one for each of B.
        freqs: the wavelengths over 2 pi, (dims / 2,).

    Raises:
        ValueError: fewer than three axes, an odd number of features or more than there are,
            or not exactly one of ``base`` and ``freqs``.

    Example:
        >>> q = mx.ones((1, 4, 8))
        >>> mx.fast.rope(q, 8, traditional=False, base=10000.0, scale=1.0, offset=0).shape
        (1, 4, 8)
    """
    a = require_array(a)
    if a.ndim < 3:
        fail_value(f"expected an array of at least 3 dimensions, got shape {text(a)}")
    if not issubdtype(a.dtype, floating):
        fail_value(f"expected a floating-point array, got {a.dtype.name}")
    if (base is None) == (freqs is None):
        fail_value("expected exactly one of base and freqs")
    if dims <= 0 or dims % 2 or dims > a.shape[-1]:
        fail_value(f"expected an even number of features up to {a.shape[-1]}, got {dims}")
    offset = as_array(offset)
    if offset.size not in (1, a.shape[0]):
        fail_value(f"expected one offset or {a.shape[0]}, got shape {text(offset)}")
    if freqs is not None and as_array(freqs).shape != (dims // 2,):
        fail_value(f"expected freqs of shape ({dims // 2},), got {text(as_array(freqs))}")
    return _rope(
        a,
        reshape(cast(offset, float32), (offset.size,)),
        freqs if freqs is None else cast(as_array(freqs), float32),
        dims=int(dims),
        traditional=bool(traditional),
        base=None if base is None else float(base),
        scale=float(scale),
    )


@composite
def _rope(
    a: array,
    offset: array,
    freqs: array | None,
    *,
    dims: int,
    traditional: bool,
    base: float | None,
    scale: float,
) -> array:
    half, length = dims // 2, a.shape[-2]
    position = ops.iota(axis=0, shape=(length,), dtype=float32)
    # (1 or B, 1..., T, 1)
    position = (position + reshape(offset, (offset.size, 1))) * scale
    position = reshape(position, (offset.size,) + (1,) * (a.ndim - 3) + (length, 1))
    if freqs is None:
        exponent = ops.iota(axis=0, shape=(half,), dtype=float32) / half
        speed = _power(base, -exponent)
    else:
        speed = 1 / freqs
    angle = position * speed
    cos, sin = _cos(angle), _sin(angle)
    wide = _wide(window(a, a.ndim - 1, 0, dims))
    if traditional:
        pairs = reshape(wide, (*a.shape[:-1], half, 2))
        x = reshape(window(pairs, a.ndim, 0, 1), (*a.shape[:-1], half))
        y = reshape(window(pairs, a.ndim, 1, 2), (*a.shape[:-1], half))
        turned = stack([x * cos - y * sin, x * sin + y * cos], -1)
        turned = reshape(turned, (*a.shape[:-1], dims))
    else:
        x = window(wide, a.ndim - 1, 0, half)
        y = window(wide, a.ndim - 1, half, dims)
        turned = concatenate([x * cos - y * sin, x * sin + y * cos], -1)
    turned = cast(turned, a.dtype)
    if dims == a.shape[-1]:
        return turned
    return concatenate([turned, window(a, a.ndim - 1, dims, a.shape[-1])], -1)


@public
def scaled_dot_product_attention(
    q: array,
    k: array,
    v: array,
    *,
    scale: float,
    mask: str | array | None = None,
    sinks: array | None = None,
    force_fused: bool = False,
    stream: object = None,
) -> array:
    """Attention of several heads, ``softmax(scale * q @ k.T + mask) @ v``.

    The softmax is computed in float32. With fewer heads of keys and values than of
    queries, each serves several query heads in turn.

    Args:
        q: floating, (B, N_q, T_q, D).
        k: floating, (B, N_kv, T_kv, D).
        v: floating, (B, N_kv, T_kv, D_v).
        scale: factor of the scores, usually ``D ** -0.5``.
        mask: ``None``, "causal" (the last query sees all keys), or an array that
            broadcasts to (B, N_q, T_q, T_kv): bool, true where a key is seen, or
            floating, added to the scores.
        sinks: floating, (N_q,): a score for each head that takes part in the softmax
            and belongs to no key.
        force_fused: accepted for compatibility; fusion is the compiler's affair.

    Raises:
        ValueError: shapes that do not fit each other, integers, or a mask that does not
            broadcast to the scores.

    Example:
        >>> q = k = v = mx.ones((1, 2, 5, 8))
        >>> mx.fast.scaled_dot_product_attention(q, k, v, scale=8**-0.5, mask="causal").shape
        (1, 2, 5, 8)
    """
    q, k, v = promote([require_array(x) for x in (q, k, v)], "same", False)
    for name, x in (("queries", q), ("keys", k), ("values", v)):
        if x.ndim != 4:
            fail_value(f"expected {name} of 4 dimensions, got shape {text(x)}")
    if not issubdtype(q.dtype, floating):
        fail_value(f"expected floating-point arrays, got {q.dtype.name}")
    fits = (
        q.shape[0] == k.shape[0] == v.shape[0]
        and k.shape[1] == v.shape[1]
        and k.shape[2] == v.shape[2]
        and q.shape[3] == k.shape[3]
        and k.shape[1] > 0
        and q.shape[1] % k.shape[1] == 0
    )
    if not fits:
        fail_value(
            "expected queries, keys and values of shapes (B, N_q, T_q, D), "
            "(B, N_kv, T_kv, D) and (B, N_kv, T_kv, D_v), N_kv dividing N_q, got "
            f"{text(q)}, {text(k)} and {text(v)}"
        )
    mask, causal = _check_mask(mask, q, k)
    if sinks is not None:
        sinks = require_array(sinks)
        if promote_types(sinks.dtype, q.dtype) is not q.dtype:
            fail_value(f"expected sinks of a dtype up to {q.dtype.name}, got {sinks.dtype.name}")
        sinks = cast(sinks, q.dtype)
        if sinks.shape != (q.shape[1],):
            fail_value(f"expected sinks of shape ({q.shape[1]},), got {text(sinks)}")
    return _scaled_dot_product_attention(q, k, v, mask, sinks, scale=float(scale), causal=causal)


def _check_mask(mask: object, q: array, k: array) -> tuple[array | None, bool]:
    if mask is None or isinstance(mask, str):
        if mask not in (None, "", "causal"):
            fail_value(f"expected the mask 'causal', got {mask!r}")
        return None, mask == "causal"
    mask = require_array(mask)
    scores = (q.shape[0], q.shape[1], q.shape[2], k.shape[2])
    if mask.ndim > 4:
        fail_value(f"expected a mask of at most 4 dimensions, got shape {text(mask)}")
    if mask.dtype is not bool_ and promote_types(mask.dtype, q.dtype) is not q.dtype:
        fail_value(f"expected a mask of a dtype up to {q.dtype.name}, got {mask.dtype.name}")
    return broadcast(mask, scores), False


@composite
def _scaled_dot_product_attention(
    q: array,
    k: array,
    v: array,
    mask: array | None,
    sinks: array | None,
    *,
    scale: float,
    causal: bool,
) -> array:
    batch, heads, length, _ = q.shape
    groups, keys = k.shape[1], k.shape[2]
    # Queries of one group are rows like any others, so that keys are not repeated.
    rows = (batch, groups, heads // groups * length)
    scores = _dot(reshape(q * scale, (*rows, q.shape[3])), k, (3,), (3,), 2)
    scores = _wide(reshape(scores, (batch, heads, length, keys)))
    hidden = finfo(scores.dtype).min
    if causal:
        row = ops.iota(axis=0, shape=(length, keys), dtype=int32)
        column = ops.iota(axis=1, shape=(length, keys), dtype=int32)
        scores = where(row + (keys - length) >= column, scores, hidden)
    elif mask is not None and mask.dtype is bool_:
        scores = where(mask, scores, hidden)
    elif mask is not None:
        scores = scores + cast(mask, scores.dtype)
    if sinks is None:
        weights = softmax(scores, -1)
    else:
        column = reshape(cast(sinks, scores.dtype), (heads, 1, 1))
        column = broadcast(column, (batch, heads, length, 1))
        weights = softmax(concatenate([column, scores], -1), -1)
        weights = window(weights, 3, 1, keys + 1)
    result = _dot(reshape(cast(weights, v.dtype), (*rows, keys)), v, (3,), (2,), 2)
    return reshape(result, (batch, heads, length, v.shape[3]))
