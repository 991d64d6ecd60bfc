# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sequential: layers one after the other."""

from __future__ import annotations

from .base import Module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Sequential(Module):
    """Call layers or plain functions one after the other.

    Args:
        modules: what to call, first to last.

    Example:
        >>> model = nn.Sequential(nn.Linear(4, 8), nn.relu, nn.Linear(8, 2))
        >>> model(mx.zeros((3, 4))).shape
        (3, 2)
    """

    def __init__(self, *modules: Callable[[Any], Any]) -> None:
        super().__init__()
        self.layers = list(modules)

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x
