# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Embedding: a table of vectors looked up by integer."""

from __future__ import annotations

import math

from ... import core as mx
from .base import Module


class Embedding(Module):
    """Look up rows of a table; they start normal with variance 1/dims.

    Args:
        num_embeddings: rows of the table.
        dims: size of a row.

    Example:
        >>> table = nn.Embedding(256, 8)
        >>> table
        Embedding(256, 8)
        >>> table(mx.array([[1, 2, 3]])).shape
        (1, 3, 8)
    """

    def __init__(self, num_embeddings: int, dims: int) -> None:
        super().__init__()
        self.weight = mx.random.normal((num_embeddings, dims), scale=math.sqrt(1 / dims))

    def _extra_repr(self) -> str:
        rows, dims = self.weight.shape
        return f"{rows}, {dims}"

    def __call__(self, x: mx.array) -> mx.array:
        return self["weight"][x]

    def as_linear(self, x: mx.array) -> mx.array:
        """Multiply by the transposed table, as an output layer with tied weights.

        Args:
            x: floating, (..., dims).

        Returns:
            The products, (..., num_embeddings).

        Example:
            >>> nn.Embedding(10, 4).as_linear(mx.ones((2, 4))).shape
            (2, 10)
        """
        return x @ self["weight"].T
