# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Dropout: random zeros in training, the identity otherwise."""

from __future__ import annotations

from ... import core as mx
from .base import Module


class Dropout(Module):
    """Zero each element with probability ``p`` and scale the rest by 1/(1-p).

    It draws from ``mx.random.state`` in training mode and returns its input
    otherwise.

    Args:
        p: the probability, in [0, 1).

    Raises:
        ValueError: ``p`` is outside of that range.

    Example:
        >>> layer = nn.Dropout(0.5)
        >>> layer.eval()(mx.array([1.0, 2.0]))
        array([1, 2], dtype=float32)
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"[Dropout] expected a probability in [0, 1), got {p}")
        self._p_1 = 1 - p

    def _extra_repr(self) -> str:
        return f"p={1 - self._p_1}"

    def __call__(self, x: mx.array) -> mx.array:
        if self._p_1 == 1 or not self.training:
            return x
        kept = mx.random.bernoulli(self._p_1, x.shape)
        return mx.where(kept, x * (1 / self._p_1), 0)
