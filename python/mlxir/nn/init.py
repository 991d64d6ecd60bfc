# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Initializers: each returns a function from an array to a new one of its shape.

Example:
    >>> layer = nn.Linear(3, 2).apply(nn.init.constant(1.0))
    >>> layer.bias
    array([1, 1], dtype=float32)
"""

from __future__ import annotations

import math

from .. import core as mx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    Initializer = Callable[[mx.array], mx.array]
    Mode = Literal["fan_in", "fan_out"]


def constant(value: float, dtype: mx.Dtype = mx.float32) -> Initializer:
    """Fill with ``value``.

    Args:
        value: a number.
        dtype: floating-point type of the result.

    Example:
        >>> nn.init.constant(0.5)(mx.zeros((2,)))
        array([0.5, 0.5], dtype=float32)
    """

    def initializer(a: mx.array) -> mx.array:
        return mx.full(a.shape, value, dtype=dtype)

    return initializer


def normal(mean: float = 0.0, std: float = 1.0, dtype: mx.Dtype = mx.float32) -> Initializer:
    """Draw from a normal distribution.

    Args:
        mean: of the distribution.
        std: its standard deviation.
        dtype: floating-point type of the result.

    Example:
        >>> nn.init.normal(std=0.02)(mx.zeros((2, 3))).shape
        (2, 3)
    """

    def initializer(a: mx.array) -> mx.array:
        return mx.random.normal(a.shape, dtype=dtype, loc=mean, scale=std)

    return initializer


def uniform(low: float = 0.0, high: float = 1.0, dtype: mx.Dtype = mx.float32) -> Initializer:
    """Draw uniformly from ``[low, high)``.

    Args:
        low: lower bound.
        high: upper bound, not included.
        dtype: floating-point type of the result.

    Example:
        >>> nn.init.uniform(-1.0, 1.0)(mx.zeros((2, 3))).shape
        (2, 3)
    """

    def initializer(a: mx.array) -> mx.array:
        return mx.random.uniform(low, high, a.shape, dtype=dtype)

    return initializer


def identity(dtype: mx.Dtype = mx.float32) -> Initializer:
    """Make an identity matrix; the array must be square.

    Args:
        dtype: type of the result.

    Example:
        >>> nn.init.identity()(mx.zeros((2, 2)))
        array([[1, 0],
               [0, 1]], dtype=float32)
    """

    def initializer(arr: mx.array) -> mx.array:
        if arr.ndim != 2 or arr.shape[0] != arr.shape[1]:
            raise ValueError(f"[init.identity] expected a square matrix, got shape {arr.shape}")
        return mx.eye(arr.shape[0], dtype=dtype)

    return initializer


def glorot_normal(dtype: mx.Dtype = mx.float32) -> Callable[..., mx.array]:
    """Draw normally with deviation ``gain * sqrt(2 / (fan_in + fan_out))``.

    The result takes ``(a, gain=1.0)``. Source: Glorot, Bengio, "Understanding the
    difficulty of training deep feedforward neural networks", 2010.

    Args:
        dtype: floating-point type of the result.

    Example:
        >>> nn.init.glorot_normal()(mx.zeros((2, 3))).shape
        (2, 3)
    """

    def initializer(a: mx.array, gain: float = 1.0) -> mx.array:
        std = gain * math.sqrt(2.0 / sum(_fans("glorot_normal", a)))
        return mx.random.normal(a.shape, dtype=dtype, scale=std)

    return initializer


def glorot_uniform(dtype: mx.Dtype = mx.float32) -> Callable[..., mx.array]:
    """Draw uniformly within ``±gain * sqrt(6 / (fan_in + fan_out))``.

    The result takes ``(a, gain=1.0)``; the source is that of :func:`glorot_normal`.

    Example:
        >>> bool(mx.all(mx.abs(nn.init.glorot_uniform()(mx.zeros((3, 3)))) <= 1))
        True
    """

    def initializer(a: mx.array, gain: float = 1.0) -> mx.array:
        bound = gain * math.sqrt(6.0 / sum(_fans("glorot_uniform", a)))
        return mx.random.uniform(-bound, bound, a.shape, dtype=dtype)

    return initializer


def he_normal(dtype: mx.Dtype = mx.float32) -> Callable[..., mx.array]:
    """Draw normally with deviation ``gain / sqrt(fan)``.

    The result takes ``(a, mode="fan_in", gain=1.0)``. Source: He et al., "Delving deep
    into rectifiers", arXiv:1502.01852.

    Args:
        dtype: floating-point type of the result.

    Example:
        >>> nn.init.he_normal()(mx.zeros((2, 3)), mode="fan_out").shape
        (2, 3)
    """

    def initializer(a: mx.array, mode: Mode = "fan_in", gain: float = 1.0) -> mx.array:
        std = gain / math.sqrt(_fan("he_normal", a, mode))
        return mx.random.normal(a.shape, dtype=dtype, scale=std)

    return initializer


def he_uniform(dtype: mx.Dtype = mx.float32) -> Callable[..., mx.array]:
    """Draw uniformly within ``±gain * sqrt(3 / fan)``.

    The result takes ``(a, mode="fan_in", gain=1.0)``; the source is that of
    :func:`he_normal`.

    Example:
        >>> nn.init.he_uniform()(mx.zeros((2, 3)), gain=1.0).shape
        (2, 3)
    """

    def initializer(a: mx.array, mode: Mode = "fan_in", gain: float = 1.0) -> mx.array:
        bound = gain * math.sqrt(3.0 / _fan("he_uniform", a, mode))
        return mx.random.uniform(-bound, bound, a.shape, dtype=dtype)

    return initializer


def _fans(function: str, a: mx.array) -> tuple[int, int]:
    """Return fan-in and fan-out of a weight with outputs first and inputs last."""
    if a.ndim < 2:
        raise ValueError(f"[init.{function}] expected at least 2 dimensions, got {a.ndim}")
    field = math.prod(a.shape[1:-1])
    return a.shape[-1] * field, a.shape[0] * field


def _fan(function: str, a: mx.array, mode: str) -> int:
    fans = _fans(function, a)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"[init.{function}] expected mode fan_in or fan_out, got '{mode}'")
    return fans[mode == "fan_out"]
