# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each framework behind the same few names: its functions, how to compile, how to wait for a result."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np


class Framework(SimpleNamespace):
    """`lib` for the workloads; `array(numpy)`; `compile(function)`; `value_and_grad(function)`, by the first argument;
    `wait(result)`; `version`. `compiles_parts`: gradients are taken outside of what it compiles. `count_compiles()`
    counts, where the framework does. `bfloat16(x)` and `float32(x)` convert."""

    compiles_parts = False
    float32 = staticmethod(lambda x: x)
    count_compiles = staticmethod(lambda: 0)


def _reductions(module: Any) -> SimpleNamespace:
    def over(name: str) -> Callable[..., Any]:
        function = getattr(module, name)
        return lambda x, axis, keep: function(x, axis=axis, keepdims=keep)

    return SimpleNamespace(
        tanh=module.tanh,
        exp=module.exp,
        sqrt=module.sqrt,
        log=module.log,
        transpose=module.transpose,
        take_along_axis=module.take_along_axis,
        concatenate=module.concatenate,
        max=over("max"),
        sum=over("sum"),
        mean=over("mean"),
    )


# What references are computed with, on float64; a peer of its own too.
NUMPY = _reductions(np)


def load_mlxir() -> Framework:
    import mlxir as mx

    return Framework(
        lib=_reductions(mx),
        array=mx.array,
        compile=mx.jit,
        value_and_grad=mx.value_and_grad,
        wait=mx.eval,
        version=mx.__version__,
        count_compiles=lambda: mx.cache.info()["compiles"],
        bfloat16=lambda x: x.astype(mx.bfloat16),
        float32=lambda x: x.astype(mx.float32),
    )


def load_mlx() -> Framework:
    import mlx.core as mx

    return Framework(
        lib=_reductions(mx),
        array=mx.array,
        bfloat16=lambda x: x.astype(mx.bfloat16),
        float32=lambda x: x.astype(mx.float32),
        compile=mx.compile,
        value_and_grad=mx.value_and_grad,
        wait=mx.eval,
        version=mx.__version__,
    )


def load_jax() -> Framework:
    import jax

    return Framework(
        lib=_reductions(jax.numpy),
        array=jax.numpy.asarray,
        bfloat16=lambda x: x.astype(jax.numpy.bfloat16),
        float32=lambda x: x.astype(jax.numpy.float32),
        compile=jax.jit,
        value_and_grad=jax.value_and_grad,
        wait=jax.block_until_ready,
        version=jax.__version__,
    )


def load_torch() -> Framework:
    import torch

    torch.set_num_threads(2)

    def reduce(name: str) -> Callable[..., Any]:
        function = getattr(torch, name)
        return lambda x, axis, keep: function(x) if axis is None else function(x, dim=axis, keepdim=keep)

    def value_and_grad(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(tree: dict[str, Any], *arguments: Any) -> Any:
            leaves = {k: x.detach().requires_grad_() for k, x in tree.items()}
            value = function(leaves, *arguments)
            return value.detach(), dict(zip(leaves, torch.autograd.grad(value, list(leaves.values())), strict=True))

        return call

    lib = SimpleNamespace(
        tanh=torch.tanh,
        exp=torch.exp,
        sqrt=torch.sqrt,
        log=torch.log,
        transpose=torch.permute,
        take_along_axis=lambda x, index, axis: torch.gather(x, axis, index.long()),
        concatenate=torch.cat,
        max=lambda x, axis, keep: torch.amax(x, dim=axis, keepdim=keep),
        sum=reduce("sum"),
        mean=reduce("mean"),
    )
    return Framework(
        lib=lib,
        array=lambda a: torch.from_numpy(np.array(a)),
        bfloat16=lambda x: x.bfloat16(),
        float32=lambda x: x.detach().float(),
        compile=torch.compile,
        compiles_parts=True,
        value_and_grad=value_and_grad,
        wait=lambda result: result,
        version=torch.__version__,
    )


def load_numpy() -> Framework:
    return Framework(lib=NUMPY, array=np.array, compile=lambda f: f, wait=lambda result: result, version=np.__version__)


LOADERS = {"mlxir": load_mlxir, "mlx": load_mlx, "jax": load_jax, "torch": load_torch, "numpy": load_numpy}
