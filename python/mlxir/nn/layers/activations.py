# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Layers that apply an activation function; the functions have the formulas."""

from __future__ import annotations

from ... import core as mx
from .. import activations as F
from ..activations import *  # noqa: F403  (programs import the functions from here)
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

    _function = staticmethod(F.relu)


class ReLU2(_Activation):
    """Apply :func:`relu2`."""

    _function = staticmethod(F.relu2)


class ReLU6(_Activation):
    """Apply :func:`relu6`."""

    _function = staticmethod(F.relu6)


class SELU(_Activation):
    """Apply :func:`selu`."""

    _function = staticmethod(F.selu)


class SiLU(_Activation):
    """Apply :func:`silu`."""

    _function = staticmethod(F.silu)


class Mish(_Activation):
    """Apply :func:`mish`."""

    _function = staticmethod(F.mish)


class Hardswish(_Activation):
    """Apply :func:`hardswish`."""

    _function = staticmethod(F.hardswish)


class HardTanh(_Activation):
    """Apply :func:`hard_tanh` with its default bounds."""

    _function = staticmethod(F.hard_tanh)


class Tanh(_Activation):
    """Apply :func:`tanh`."""

    _function = staticmethod(F.tanh)


class Sigmoid(_Activation):
    """Apply :func:`sigmoid`."""

    _function = staticmethod(F.sigmoid)


class LogSigmoid(_Activation):
    """Apply :func:`log_sigmoid`."""

    _function = staticmethod(F.log_sigmoid)


class Softplus(_Activation):
    """Apply :func:`softplus`."""

    _function = staticmethod(F.softplus)


class Softsign(_Activation):
    """Apply :func:`softsign`."""

    _function = staticmethod(F.softsign)


class Softmax(_Activation):
    """Apply :func:`softmax` to the last axis."""

    _function = staticmethod(F.softmax)


class Softmin(_Activation):
    """Apply :func:`softmin` to the last axis."""

    _function = staticmethod(F.softmin)


class LogSoftmax(_Activation):
    """Apply :func:`log_softmax` to the last axis."""

    _function = staticmethod(F.log_softmax)


class LeakyReLU(Module):
    """Apply :func:`leaky_relu` with the given slope."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        self._negative_slope = negative_slope

    def __call__(self, x: mx.array) -> mx.array:
        return F.leaky_relu(x, self._negative_slope)


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
        return F.prelu(x, self.weight)


class ELU(Module):
    """Apply :func:`elu` with the given ``alpha``."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self._alpha = alpha

    def __call__(self, x: mx.array) -> mx.array:
        return F.elu(x, self._alpha)


class CELU(Module):
    """Apply :func:`celu` with the given ``alpha``."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        self._alpha = alpha

    def __call__(self, x: mx.array) -> mx.array:
        return F.celu(x, self._alpha)


class GELU(Module):
    """Apply :func:`gelu` or one of its approximations.

    Args:
        approx: ``"none"`` for the exact function, ``"precise"`` or ``"tanh"`` for
            :func:`gelu_approx`, ``"fast"`` for :func:`gelu_fast_approx`.

    Raises:
        ValueError: ``approx`` is none of these.
    """

    _variants = {
        "none": F.gelu,
        "precise": F.gelu_approx,
        "tanh": F.gelu_approx,
        "fast": F.gelu_fast_approx,
    }

    def __init__(self, approx: str = "none") -> None:
        super().__init__()
        if approx not in self._variants:
            raise ValueError(
                f"[GELU] expected approx in {list(self._variants)}, got '{approx}'"
            )
        self._approx = approx

    def __call__(self, x: mx.array) -> mx.array:
        return self._variants[self._approx](x)


class GLU(Module):
    """Apply :func:`glu` along the given axis."""

    def __init__(self, axis: int = -1) -> None:
        super().__init__()
        self.axis = axis

    def __call__(self, x: mx.array) -> mx.array:
        return F.glu(x, self.axis)


class Step(Module):
    """Apply :func:`step` with the given threshold."""

    def __init__(self, threshold: float = 0.0) -> None:
        super().__init__()
        self.threshold = threshold

    def __call__(self, x: mx.array) -> mx.array:
        return F.step(x, self.threshold)


class Softshrink(Module):
    """Apply :func:`softshrink` with the given ``lambd``."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def __call__(self, x: mx.array) -> mx.array:
        return F.softshrink(x, self.lambd)


class HardShrink(Module):
    """Apply :func:`hard_shrink` with the given ``lambd``."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def __call__(self, x: mx.array) -> mx.array:
        return F.hard_shrink(x, self.lambd)
