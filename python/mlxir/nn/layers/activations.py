# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Layers that apply an activation function; the functions have the formulas."""

from __future__ import annotations

from ... import core as mx
from .. import activations as act
from ..activations import *  # noqa: F403
from .base import Module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class _Activation(Module):
    """A layer without parameters that applies one function."""

    if TYPE_CHECKING:
        _function: Callable[[mx.array], mx.array]

    def __call__(self, x: mx.array) -> mx.array:
        return type(self)._function(x)


class ReLU(_Activation):
    """Apply :func:`relu`.

    Example:
        >>> nn.ReLU()(mx.array([-1.0, 2.0]))
        array([0, 2], dtype=float32)
    """

    _function = staticmethod(act.relu)


class ReLU2(_Activation):
    """Apply :func:`relu2`.

    Example:
        >>> nn.ReLU2()(mx.array([-1.0, 2.0]))
        array([0, 4], dtype=float32)
    """

    _function = staticmethod(act.relu2)


class ReLU6(_Activation):
    """Apply :func:`relu6`.

    Example:
        >>> nn.ReLU6()(mx.array([-1.0, 8.0]))
        array([0, 6], dtype=float32)
    """

    _function = staticmethod(act.relu6)


class SELU(_Activation):
    """Apply :func:`selu`.

    Example:
        >>> nn.SELU()(mx.array([-1.0, 2.0]))
        array([-1.11133, 2.1014], dtype=float32)
    """

    _function = staticmethod(act.selu)


class SiLU(_Activation):
    """Apply :func:`silu`.

    Example:
        >>> nn.SiLU()(mx.array([-1.0, 2.0]))
        array([-0.268941, 1.76159], dtype=float32)
    """

    _function = staticmethod(act.silu)


class Mish(_Activation):
    """Apply :func:`mish`.

    Example:
        >>> nn.Mish()(mx.array([-1.0, 2.0]))
        array([-0.303401, 1.94396], dtype=float32)
    """

    _function = staticmethod(act.mish)


class Hardswish(_Activation):
    """Apply :func:`hardswish`.

    Example:
        >>> nn.Hardswish()(mx.array([-1.0, 2.0]))
        array([-0.333333, 1.66667], dtype=float32)
    """

    _function = staticmethod(act.hardswish)


class HardTanh(_Activation):
    """Apply :func:`hard_tanh` with its default bounds.

    Example:
        >>> nn.HardTanh()(mx.array([-3.0, 0.5]))
        array([-1, 0.5], dtype=float32)
    """

    _function = staticmethod(act.hard_tanh)


class Tanh(_Activation):
    """Apply :func:`tanh`.

    Example:
        >>> nn.Tanh()(mx.array([-1.0, 2.0]))
        array([-0.761594, 0.964028], dtype=float32)
    """

    _function = staticmethod(act.tanh)


class Sigmoid(_Activation):
    """Apply :func:`sigmoid`.

    Example:
        >>> nn.Sigmoid()(mx.array([-1.0, 2.0]))
        array([0.268941, 0.880797], dtype=float32)
    """

    _function = staticmethod(act.sigmoid)


class LogSigmoid(_Activation):
    """Apply :func:`log_sigmoid`.

    Example:
        >>> nn.LogSigmoid()(mx.array([-1.0, 2.0]))
        array([-1.31326, -0.126928], dtype=float32)
    """

    _function = staticmethod(act.log_sigmoid)


class Softplus(_Activation):
    """Apply :func:`softplus`.

    Example:
        >>> nn.Softplus()(mx.array([-1.0, 2.0]))
        array([0.313262, 2.12693], dtype=float32)
    """

    _function = staticmethod(act.softplus)


class Softsign(_Activation):
    """Apply :func:`softsign`.

    Example:
        >>> nn.Softsign()(mx.array([-1.0, 2.0]))
        array([-0.5, 0.666667], dtype=float32)
    """

    _function = staticmethod(act.softsign)


class Softmax(_Activation):
    """Apply :func:`softmax` to the last axis.

    Example:
        >>> nn.Softmax()(mx.array([1.0, 2.0]))
        array([0.268941, 0.731059], dtype=float32)
    """

    _function = staticmethod(act.softmax)


class Softmin(_Activation):
    """Apply :func:`softmin` to the last axis.

    Example:
        >>> nn.Softmin()(mx.array([1.0, 2.0]))
        array([0.731059, 0.268941], dtype=float32)
    """

    _function = staticmethod(act.softmin)


class LogSoftmax(_Activation):
    """Apply :func:`log_softmax` to the last axis.

    Example:
        >>> nn.LogSoftmax()(mx.array([1.0, 2.0]))
        array([-1.31326, -0.313262], dtype=float32)
    """

    _function = staticmethod(act.log_softmax)


class LeakyReLU(Module):
    """Apply :func:`leaky_relu` with the given slope.

    Example:
        >>> nn.LeakyReLU(0.1)(mx.array([-1.0, 2.0]))
        array([-0.1, 2], dtype=float32)
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        self._negative_slope = negative_slope

    def __call__(self, x: mx.array) -> mx.array:
        return act.leaky_relu(x, self._negative_slope)


class PReLU(Module):
    """Apply :func:`prelu` with learned slopes.

    Args:
        num_parameters: number of slopes, 1 or the size of the last axis.
        init: their first value.

    Example:
        >>> nn.PReLU(init=0.5)(mx.array([-1.0, 2.0]))
        array([-0.5, 2], dtype=float32)
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        super().__init__()
        self.weight = mx.full([num_parameters], init)

    def __call__(self, x: mx.array) -> mx.array:
        return act.prelu(x, self.weight)


class ELU(Module):
    """Apply :func:`elu` with the given ``alpha``.

    Example:
        >>> nn.ELU(alpha=2.0)(mx.array([-1.0, 2.0]))
        array([-1.26424, 2], dtype=float32)
    """

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self._alpha = alpha

    def __call__(self, x: mx.array) -> mx.array:
        return act.elu(x, self._alpha)


class CELU(Module):
    """Apply :func:`celu` with the given ``alpha``.

    Example:
        >>> nn.CELU(alpha=2.0)(mx.array([-1.0, 2.0]))
        array([-0.786939, 2], dtype=float32)
    """

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self._alpha = alpha

    def __call__(self, x: mx.array) -> mx.array:
        return act.celu(x, self._alpha)


_GELU_VARIANTS = {
    "none": act.gelu,
    "precise": act.gelu_approx,
    "tanh": act.gelu_approx,
    "fast": act.gelu_fast_approx,
}


class GELU(Module):
    """Apply :func:`gelu` or one of its approximations.

    Args:
        approx: ``"none"`` for the exact function, ``"precise"`` or ``"tanh"`` for
            :func:`gelu_approx`, ``"fast"`` for :func:`gelu_fast_approx`.

    Raises:
        ValueError: ``approx`` is none of these.

    Example:
        >>> nn.GELU(approx="tanh")(mx.array([-1.0, 2.0]))
        array([-0.158808, 1.9546], dtype=float32)
    """

    def __init__(self, approx: str = "none") -> None:
        super().__init__()
        if approx not in _GELU_VARIANTS:
            raise ValueError(f"[GELU] expected approx in {list(_GELU_VARIANTS)}, got '{approx}'")
        self._approx = approx

    def __call__(self, x: mx.array) -> mx.array:
        return _GELU_VARIANTS[self._approx](x)


class GLU(Module):
    """Apply :func:`glu` along the given axis.

    Example:
        >>> nn.GLU()(mx.array([1.0, 0.0]))
        array([0.5], dtype=float32)
    """

    def __init__(self, axis: int = -1) -> None:
        super().__init__()
        self.axis = axis

    def __call__(self, x: mx.array) -> mx.array:
        return act.glu(x, self.axis)


class Step(Module):
    """Apply :func:`step` with the given threshold.

    Example:
        >>> nn.Step(threshold=1.0)(mx.array([0.5, 2.0]))
        array([0, 1], dtype=int32)
    """

    def __init__(self, threshold: float = 0.0) -> None:
        super().__init__()
        self.threshold = threshold

    def __call__(self, x: mx.array) -> mx.array:
        return act.step(x, self.threshold)


class Softshrink(Module):
    """Apply :func:`softshrink` with the given ``lambd``.

    Example:
        >>> nn.Softshrink()(mx.array([0.3, 2.0]))
        array([0, 1.5], dtype=float32)
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def __call__(self, x: mx.array) -> mx.array:
        return act.softshrink(x, self.lambd)


class HardShrink(Module):
    """Apply :func:`hard_shrink` with the given ``lambd``.

    Example:
        >>> nn.HardShrink()(mx.array([0.3, 2.0]))
        array([0, 2], dtype=float32)
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def __call__(self, x: mx.array) -> mx.array:
        return act.hard_shrink(x, self.lambd)
