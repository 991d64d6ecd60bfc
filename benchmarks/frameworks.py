# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each framework behind the same few names: its functions, how to compile, how to wait for a result."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np


class Framework(SimpleNamespace):
    """`lib` for the workloads; `array(numpy)`; `compile(function)`; `wait(result)`; `version`."""


def _reductions(module: Any) -> SimpleNamespace:
    def over(name: str) -> Callable[..., Any]:
        function = getattr(module, name)
        return lambda x, axis, keep: function(x, axis=axis, keepdims=keep)

    return SimpleNamespace(
        tanh=module.tanh, exp=module.exp, sqrt=module.sqrt, max=over("max"), sum=over("sum"), mean=over("mean")
    )


def load_mlxir() -> Framework:
    import mlxir as mx

    return Framework(lib=_reductions(mx), array=mx.array, compile=mx.jit, wait=mx.eval, version=mx.__version__)


def load_mlx() -> Framework:
    import mlx.core as mx

    return Framework(lib=_reductions(mx), array=mx.array, compile=mx.compile, wait=mx.eval, version=mx.__version__)


def load_jax() -> Framework:
    import jax

    return Framework(
        lib=_reductions(jax.numpy),
        array=jax.numpy.asarray,
        compile=jax.jit,
        wait=jax.block_until_ready,
        version=jax.__version__,
    )


def load_torch() -> Framework:
    import torch

    torch.set_num_threads(2)

    def reduce(name: str) -> Callable[..., Any]:
        function = getattr(torch, name)
        return lambda x, axis, keep: function(x) if axis is None else function(x, dim=axis, keepdim=keep)

    lib = SimpleNamespace(
        tanh=torch.tanh,
        exp=torch.exp,
        sqrt=torch.sqrt,
        max=lambda x, axis, keep: torch.amax(x, dim=axis, keepdim=keep),
        sum=reduce("sum"),
        mean=reduce("mean"),
    )
    return Framework(
        lib=lib,
        array=lambda a: torch.from_numpy(np.array(a)),
        compile=torch.compile,
        wait=lambda result: result,
        version=torch.__version__,
    )


LOADERS = {"mlxir": load_mlxir, "mlx": load_mlx, "jax": load_jax, "torch": load_torch}
