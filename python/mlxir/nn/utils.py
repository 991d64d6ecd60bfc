# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Transforms of functions that use a module's parameters."""

from __future__ import annotations

from functools import wraps

from .. import core as mx
from ..utils import tree_flatten, tree_unflatten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .layers.base import Module


def value_and_grad(model: Module, fn: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Differentiate a function with respect to a model's trainable parameters.

    Args:
        model: the module whose parameters ``fn`` uses.
        fn: returns the loss, a scalar, or a tuple that begins with it.

    Returns:
        A function of the same arguments that returns what ``fn`` does and the
        gradients, a tree like ``model.trainable_parameters()``.

    Example:
        >>> model = nn.RMSNorm(1)
        >>> loss_and_grad = nn.value_and_grad(model, lambda x: (model.weight * x).sum())
        >>> loss_and_grad(mx.array([4.0]))
        (array(4, dtype=float32), {'weight': array([4], dtype=float32)})
    """

    def of_parameters(parameters: Any, *args: Any, **kwargs: Any) -> Any:
        model.update(parameters)
        traced.append(tree_flatten(parameters))
        return fn(*args, **kwargs)

    traced: list[list[tuple[str, Any]]] = []
    differentiated = mx.value_and_grad(of_parameters)

    @wraps(fn)
    def wrapped(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        parameters = model.trainable_parameters()
        originals = tree_flatten(parameters, destination={})
        try:
            return differentiated(parameters, *args, **kwargs)
        finally:
            if traced:
                _restore(model, traced.pop(), originals)

    return wrapped


def _restore(model: Module, traced: list[tuple[str, Any]], originals: dict[str, Any]) -> None:
    """Put the parameters back, except where ``fn`` assigned others in their place."""
    current = tree_flatten(model.parameters(), destination={})
    kept = [(path, originals[path]) for path, tracer in traced if current.get(path) is tracer]
    if kept:
        model.update(tree_unflatten(kept))
