# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Linear maps of the last axis: Identity, Linear, Bilinear."""

from __future__ import annotations

import math

from ... import core as mx
from .base import Module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Identity(Module):
    """Return the input; all arguments of the constructor are ignored.

    Example:
        >>> nn.Identity(64)(mx.array([1.0, 2.0]))
        array([1, 2], dtype=float32)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def __call__(self, x: mx.array) -> mx.array:
        return x


class Linear(Module):
    """Affine map of the last axis, ``x @ weight.T + bias``.

    Weight and bias start uniform in ±1/sqrt(input_dims).

    Args:
        input_dims: size of the input's last axis.
        output_dims: size of the output's last axis.
        bias: whether to add a bias.

    Example:
        >>> layer = nn.Linear(16, 4)
        >>> layer
        Linear(input_dims=16, output_dims=4, bias=True)
        >>> layer(mx.zeros((2, 16))).shape
        (2, 4)
    """

    def __init__(self, input_dims: int, output_dims: int, bias: bool = True) -> None:
        super().__init__()
        bound = math.sqrt(1 / input_dims)
        self.weight = mx.random.uniform(-bound, bound, (output_dims, input_dims))
        if bias:
            self.bias = mx.random.uniform(-bound, bound, (output_dims,))

    def _extra_repr(self) -> str:
        outputs, inputs = self.weight.shape
        return f"input_dims={inputs}, output_dims={outputs}, bias={'bias' in self}"

    def __call__(self, x: mx.array) -> mx.array:
        weight = self["weight"].T
        return mx.addmm(self["bias"], x, weight) if "bias" in self else x @ weight


class Bilinear(Module):
    """Bilinear map of two last axes, ``out[o] = x2 @ weight[o] @ x1 + bias[o]``.

    Weight and bias start uniform in ±1/sqrt(input1_dims).

    Args:
        input1_dims: size of the first input's last axis.
        input2_dims: size of the second input's last axis.
        output_dims: size of the output's last axis.
        bias: whether to add a bias.

    Example:
        >>> layer = nn.Bilinear(3, 4, 5)
        >>> layer(mx.zeros((2, 3)), mx.zeros((2, 4))).shape
        (2, 5)
    """

    def __init__(self, input1_dims: int, input2_dims: int, output_dims: int, bias: bool = True) -> None:
        super().__init__()
        bound = math.sqrt(1 / input1_dims)
        shape = (output_dims, input2_dims, input1_dims)
        self.weight = mx.random.uniform(-bound, bound, shape)
        if bias:
            self.bias = mx.random.uniform(-bound, bound, (output_dims,))

    def _extra_repr(self) -> str:
        outputs, second, first = self.weight.shape
        return f"input1_dims={first}, input2_dims={second}, output_dims={outputs}, bias={'bias' in self}"

    def __call__(self, x1: mx.array, x2: mx.array) -> mx.array:
        outputs, second, first = self.weight.shape
        mapped = x1.reshape(-1, first) @ self.weight.reshape(outputs * second, first).T
        y = (mapped.reshape(-1, outputs, second) * x2.reshape(-1, 1, second)).sum(-1)
        y = y.reshape(*x1.shape[:-1], outputs)
        return y + self.bias if "bias" in self else y
