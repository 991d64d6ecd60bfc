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
    """Apply :func:`relu`."""

    _function = staticmethod(act.relu)


class ReLU2(_Activation):
    """Apply :func:`relu2`."""

    _function = staticmethod(act.relu2)


class ReLU6(_Activation):
    """Apply :func:`relu6`."""

    _function = staticmethod(act.relu6)


class SELU(_Activation):
    """Apply :func:`selu`."""

    _function = staticmethod(act.selu)


class SiLU(_Activation):
    """Apply :func:`silu`."""

    _function = staticmethod(act.silu)


class Mish(_Activation):
    """Apply :func:`mish`."""

    _function = staticmethod(act.mish)


class Hardswish(_Activation):
    """Apply :func:`hardswish`."""

    _function = staticmethod(act.hardswish)


class HardTanh(_Activation):
    """Apply :func:`hard_tanh` with its default bounds."""

    _function = staticmethod(act.hard_tanh)


class Tanh(_Activation):
    """Apply :func:`tanh`."""

    _function = staticmethod(act.tanh)


class Sigmoid(_Activation):
    """Apply :func:`sigmoid`."""

    _function = staticmethod(act.sigmoid)


class LogSigmoid(_Activation):
    """Apply :func:`log_sigmoid`."""

    _function = staticmethod(act.log_sigmoid)


class Softplus(_Activation):
    """Apply :func:`softplus`."""

    _function = staticmethod(act.softplus)


class Softsign(_Activation):
    """Apply :func:`softsign`."""

    _function = staticmethod(act.softsign)


class Softmax(_Activation):
    """Apply :func:`softmax` to the last axis."""

    _function = staticmethod(act.softmax)


class Softmin(_Activation):
    """Apply :func:`softmin` to the last axis."""

    _function = staticmethod(act.softmin)


class LogSoftmax(_Activation):
    """Apply :func:`log_softmax` to the last axis."""

    _function = staticmethod(act.log_softmax)


class LeakyReLU(Module):
    """Apply :func:`leaky_relu` with the given slope."""

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
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        super().__init__()
        self.weight = mx.full([num_parameters], init)

    def __call__(self, x: mx.array) -> mx.array:
        return act.prelu(x, self.weight)


class ELU(Module):
    """Apply :func:`elu` with the given ``alpha``."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self._alpha = alpha

    def __call__(self, x: mx.array) -> mx.array:
        return act.elu(x, self._alpha)


class CELU(Module):
    """Apply :func:`celu` with the given ``alpha``."""

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
    """

    def __init__(self, approx: str = "none") -> None:
        super().__init__()
        if approx not in _GELU_VARIANTS:
            raise ValueError(f"[GELU] expected approx in {list(_GELU_VARIANTS)}, got '{approx}'")
        self._approx = approx

    def __call__(self, x: mx.array) -> mx.array:
        return _GELU_VARIANTS[self._approx](x)


class GLU(Module):
    """Apply :func:`glu` along the given axis."""

    def __init__(self, axis: int = -1) -> None:
        super().__init__()
        self.axis = axis

    def __call__(self, x: mx.array) -> mx.array:
        return act.glu(x, self.axis)


class Step(Module):
    """Apply :func:`step` with the given threshold."""

    def __init__(self, threshold: float = 0.0) -> None:
        super().__init__()
        self.threshold = threshold

    def __call__(self, x: mx.array) -> mx.array:
        return act.step(x, self.threshold)


class Softshrink(Module):
    """Apply :func:`softshrink` with the given ``lambd``."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def __call__(self, x: mx.array) -> mx.array:
        return act.softshrink(x, self.lambd)


class HardShrink(Module):
    """Apply :func:`hard_shrink` with the given ``lambd``."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def __call__(self, x: mx.array) -> mx.array:
        return act.hard_shrink(x, self.lambd)
