# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalization over the last axis: LayerNorm and RMSNorm."""

from __future__ import annotations

from ... import core as mx
from .base import Module


class LayerNorm(Module):
    """Normalize the last axis to mean 0 and variance 1, then scale and shift.

    ``y = (x - mean(x)) / sqrt(var(x) + eps) * weight + bias``; Ba, Kiros, Hinton,
    "Layer normalization", arXiv:1607.06450.

    Args:
        dims: size of the last axis.
        eps: added to the variance; positive.
        affine: whether there is a weight.
        bias: whether there is a bias too.

    Raises:
        ValueError: ``eps`` is not positive.

    Example:
        >>> nn.LayerNorm(2)(mx.array([[1.0, 1.0]]))
        array([[0, 0]], dtype=float32)
    """

    def __init__(self, dims: int, eps: float = 1e-5, affine: bool = True, bias: bool = True) -> None:
        super().__init__()
        _require_positive("LayerNorm", eps)
        if affine:
            self.weight = mx.ones((dims,))
            if bias:
                self.bias = mx.zeros((dims,))
        self.eps = eps
        self.dims = dims

    def _extra_repr(self) -> str:
        return f"{self.dims}, eps={self.eps}, affine={'weight' in self}"

    def __call__(self, x: mx.array) -> mx.array:
        return mx.fast.layer_norm(x, self.get("weight"), self.get("bias"), self.eps)


class RMSNorm(Module):
    """Divide the last axis by its root mean square, then scale.

    ``y = x / sqrt(mean(x**2) + eps) * weight``; Zhang, Sennrich, "Root mean square
    layer normalization", arXiv:1910.07467.

    Args:
        dims: size of the last axis.
        eps: added to the mean square; positive.

    Raises:
        ValueError: ``eps`` is not positive.

    Example:
        >>> nn.RMSNorm(2)(mx.array([[0.0, 0.0]]))
        array([[0, 0]], dtype=float32)
    """

    def __init__(self, dims: int, eps: float = 1e-5) -> None:
        super().__init__()
        _require_positive("RMSNorm", eps)
        self.weight = mx.ones((dims,))
        self.eps = eps

    def _extra_repr(self) -> str:
        return f"{self.weight.shape[0]}, eps={self.eps}"

    def __call__(self, x: mx.array) -> mx.array:
        return mx.fast.rms_norm(x, self["weight"], self.eps)


def _require_positive(layer: str, eps: float) -> None:
    if eps <= 0.0:
        raise ValueError(f"[{layer}] expected a positive eps, got {eps}")
