# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Activation functions: pure functions of arrays, elementwise unless they take an axis.

Each takes an array of any shape, returns one of that shape and, for a floating
input, of that dtype. The formulas are in the docstrings.
"""

from __future__ import annotations

import math

from .. import core as mx

__all__ = [
    "celu",
    "elu",
    "gelu",
    "gelu_approx",
    "gelu_fast_approx",
    "glu",
    "hard_shrink",
    "hard_tanh",
    "hardswish",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "prelu",
    "relu",
    "relu2",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "step",
    "tanh",
]


def relu(x: mx.array) -> mx.array:
    """Rectified linear unit, ``max(x, 0)``.

    Example:
        >>> nn.relu(mx.array([-1.0, 2.0]))
        array([0, 2], dtype=float32)
    """
    return mx.maximum(x, 0)


def relu2(x: mx.array) -> mx.array:
    """Squared rectified linear unit, ``max(x, 0)**2``.

    Example:
        >>> nn.relu2(mx.array([-1.0, 3.0]))
        array([0, 9], dtype=float32)
    """
    return mx.square(mx.maximum(x, 0))


def relu6(x: mx.array) -> mx.array:
    """Rectified linear unit with a ceiling, ``min(max(x, 0), 6)``.

    Example:
        >>> nn.relu6(mx.array([-1.0, 3.0, 8.0]))
        array([0, 3, 6], dtype=float32)
    """
    return mx.minimum(mx.maximum(x, 0), 6.0)


def leaky_relu(x: mx.array, negative_slope: float = 0.01) -> mx.array:
    """Leaky rectified linear unit, ``max(negative_slope * x, x)``.

    Example:
        >>> nn.leaky_relu(mx.array([-2.0, 2.0]), 0.5)
        array([-1, 2], dtype=float32)
    """
    return mx.maximum(negative_slope * x, x)


def prelu(x: mx.array, alpha: mx.array) -> mx.array:
    """Rectified linear unit with a learned slope, ``max(x, 0) + alpha * min(x, 0)``.

    Args:
        x: the input.
        alpha: the slopes, of a shape that broadcasts against ``x``.

    Example:
        >>> nn.prelu(mx.array([-2.0, 2.0]), mx.array([0.5]))
        array([-1, 2], dtype=float32)
    """
    return mx.maximum(0, x) + alpha * mx.minimum(0, x)


def elu(x: mx.array, alpha: float = 1.0) -> mx.array:
    """Exponential linear unit: ``x`` above 0, ``alpha * (exp(x) - 1)`` elsewhere.

    Example:
        >>> nn.elu(mx.array([0.0, 2.0]))
        array([0, 2], dtype=float32)
    """
    # The inner selection keeps exp, and with it the gradient, finite for large x.
    return mx.where(x > 0, x, alpha * mx.expm1(mx.where(x > 0, 0, x)))


def celu(x: mx.array, alpha: float = 1.0) -> mx.array:
    """Continuously differentiable elu, ``max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)``.

    Example:
        >>> nn.celu(mx.array([0.0, 2.0]), 2.0)
        array([0, 2], dtype=float32)
    """
    return mx.maximum(x, 0.0) + alpha * mx.expm1(mx.minimum(x, 0.0) / alpha)


def selu(x: mx.array) -> mx.array:
    """Scaled elu, ``1.0507 * elu(x, 1.67326)``; arXiv:1706.02515.

    Example:
        >>> nn.selu(mx.array([0.0, 10.0]))
        array([0, 10.507], dtype=float32)
    """
    return elu(x, 1.67326) * 1.0507


def gelu(x: mx.array) -> mx.array:
    """Gaussian error linear unit, ``x * (1 + erf(x / sqrt(2))) / 2``; arXiv:1606.08415.

    Example:
        >>> nn.gelu(mx.array([0.0, 10.0]))
        array([0, 10], dtype=float32)
    """
    return x * (1 + mx.erf(x / math.sqrt(2))) / 2


def gelu_approx(x: mx.array) -> mx.array:
    """Gelu through tanh, ``x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x**3)))``.

    Example:
        >>> nn.gelu_approx(mx.array([0.0, 10.0]))
        array([0, 10], dtype=float32)
    """
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + mx.tanh(inner))


def gelu_fast_approx(x: mx.array) -> mx.array:
    """Gelu through the logistic function, ``x * sigmoid(1.702 * x)``.

    Example:
        >>> nn.gelu_fast_approx(mx.array([0.0, 20.0]))
        array([0, 20], dtype=float32)
    """
    return x * mx.sigmoid(1.702 * x)


def silu(x: mx.array) -> mx.array:
    """Sigmoid linear unit, also named swish, ``x * sigmoid(x)``.

    Example:
        >>> nn.silu(mx.array([0.0, 40.0]))
        array([0, 40], dtype=float32)
    """
    return x * mx.sigmoid(x)


def mish(x: mx.array) -> mx.array:
    """Mish, ``x * tanh(softplus(x))``; arXiv:1908.08681.

    Example:
        >>> nn.mish(mx.array([0.0, 40.0]))
        array([0, 40], dtype=float32)
    """
    return x * mx.tanh(softplus(x))


def hardswish(x: mx.array) -> mx.array:
    """Piecewise swish, ``x * min(max(x + 3, 0), 6) / 6``; arXiv:1905.02244.

    Example:
        >>> nn.hardswish(mx.array([-3.0, 0.0, 3.0]))
        array([-0, 0, 3], dtype=float32)
    """
    return x * mx.minimum(mx.maximum(x + 3, 0), 6) / 6


def sigmoid(x: mx.array) -> mx.array:
    """Logistic function, ``1 / (1 + exp(-x))``.

    Example:
        >>> nn.sigmoid(mx.array([0.0]))
        array([0.5], dtype=float32)
    """
    return mx.sigmoid(x)


def log_sigmoid(x: mx.array) -> mx.array:
    """Logarithm of the logistic function, ``-softplus(-x)``.

    Example:
        >>> nn.log_sigmoid(mx.array([-200.0]))
        array([-200], dtype=float32)
    """
    return -softplus(-x)


def softplus(x: mx.array) -> mx.array:
    """Smooth rectified linear unit, ``log(1 + exp(x))``.

    Example:
        >>> nn.softplus(mx.array([200.0]))
        array([200], dtype=float32)
    """
    return mx.logaddexp(x, 0)


def softsign(x: mx.array) -> mx.array:
    """Softsign, ``x / (1 + abs(x))``.

    Example:
        >>> nn.softsign(mx.array([-1.0, 3.0]))
        array([-0.5, 0.75], dtype=float32)
    """
    return mx.divide(x, 1 + mx.abs(x))


def softshrink(x: mx.array, lambd: float = 0.5) -> mx.array:
    """Move ``x`` towards 0 by ``lambd``, and to 0 when it is nearer than that.

    Example:
        >>> nn.softshrink(mx.array([-2.0, 0.25, 2.0]))
        array([-1.5, 0, 1.5], dtype=float32)
    """
    return mx.where(mx.abs(x) > lambd, x - mx.sign(x) * lambd, 0)


def hard_shrink(x: mx.array, lambd: float = 0.5) -> mx.array:
    """Return ``x`` where it is further than ``lambd`` from 0, else 0.

    Example:
        >>> nn.hard_shrink(mx.array([-2.0, 0.25, 2.0]))
        array([-2, 0, 2], dtype=float32)
    """
    return mx.where(mx.abs(x) > lambd, x, 0)


def hard_tanh(x: mx.array, min_val: float = -1.0, max_val: float = 1.0) -> mx.array:
    """Clip ``x`` to ``[min_val, max_val]``.

    Example:
        >>> nn.hard_tanh(mx.array([-2.0, 0.25, 2.0]))
        array([-1, 0.25, 1], dtype=float32)
    """
    return mx.minimum(mx.maximum(x, min_val), max_val)


def tanh(x: mx.array) -> mx.array:
    """Hyperbolic tangent.

    Args:
        x: any array; integers become float32.

    Example:
        >>> nn.tanh(mx.array([0.0, 20.0]))
        array([0, 1], dtype=float32)
    """
    return mx.tanh(x)


def step(x: mx.array, threshold: float = 0.0) -> mx.array:
    """Return int32 ones where ``x >= threshold``, zeros elsewhere.

    Example:
        >>> nn.step(mx.array([-1.0, 0.0, 1.0]))
        array([0, 1, 1], dtype=int32)
    """
    return mx.where(x >= threshold, 1, 0)


def glu(x: mx.array, axis: int = -1) -> mx.array:
    """Gated linear unit, ``a * sigmoid(b)`` for the two halves of ``x`` along ``axis``.

    Args:
        x: the input, of even size along ``axis``.
        axis: the axis to halve.

    Example:
        >>> nn.glu(mx.array([1.0, 2.0, 0.0, 0.0]))
        array([0.5, 1], dtype=float32)
    """
    value, gate = mx.split(x, 2, axis=axis)
    return value * mx.sigmoid(gate)


def softmax(x: mx.array, axis: int = -1) -> mx.array:
    """Exponentials that sum to 1 along ``axis``.

    Args:
        x: any array; integers become float32.
        axis: the axis along which results sum to 1.

    Example:
        >>> nn.softmax(mx.array([3.0, 3.0]))
        array([0.5, 0.5], dtype=float32)
    """
    return mx.softmax(x, axis=axis)


def softmin(x: mx.array, axis: int = -1) -> mx.array:
    """Softmax of ``-x``.

    Args:
        x: any array; integers become float32.
        axis: the axis along which results sum to 1.

    Example:
        >>> nn.softmin(mx.array([3.0, 3.0]))
        array([0.5, 0.5], dtype=float32)
    """
    return mx.softmax(-x, axis=axis)


def log_softmax(x: mx.array, axis: int = -1) -> mx.array:
    """Logarithm of the softmax, ``x - logsumexp(x)`` along ``axis``.

    Example:
        >>> nn.log_softmax(mx.array([[7.0]]))
        array([[0]], dtype=float32)
    """
    shifted = x - mx.stop_gradient(mx.max(x, axis=axis, keepdims=True))
    return shifted - mx.logsumexp(shifted, axis=axis, keepdims=True)
