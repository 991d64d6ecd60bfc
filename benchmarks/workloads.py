# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The workloads, written once for every framework: a name, its inputs, the function, and a reference in float64."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np
from frameworks import NUMPY, Framework

Arrays = list[np.ndarray]


@dataclass(frozen=True)
class Workload:
    """`make(framework)` is the function to time, written with names that every framework has under `lib`.

    A result is right within `tolerance` of the largest element that it has for the inputs' absolute values: what sums
    are made of, not what is left of them. Of train steps, within it of the largest element of each result itself.
    """

    name: str
    inputs: Callable[[np.random.Generator], Arrays]
    make: Callable[[Framework], Callable[..., Any]]
    reference: Callable[..., Any]  # an array, or one for each result
    tolerance: float = 1e-5
    floor_ms: Callable[[float, float], float] = field(default=lambda gflops, gbytes: 0.0)
    dtype: str = "float32"  # of floats; inputs are exact in it
    is_step: bool = False


def _normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], Arrays]:
    return lambda rng: [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]


def gelu(lib: ModuleType, x: Any) -> Any:
    return 0.5 * x * (1 + lib.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def softmax(lib: ModuleType, x: Any) -> Any:
    e = lib.exp(x - lib.max(x, -1, True))
    return e / lib.sum(e, -1, True)


def _layernorm(lib: ModuleType, x: Any) -> Any:
    d = x - lib.mean(x, -1, True)
    return d * (1 / lib.sqrt(lib.mean(d * d, -1, True) + 1e-5))


def _attention(lib: ModuleType, q: Any, k: Any, v: Any) -> Any:
    return softmax(lib, q @ lib.transpose(k, (0, 1, 3, 2)) * 0.125) @ v


def _linear_gelu(lib: ModuleType, x: Any, w: Any, b: Any) -> Any:
    return gelu(lib, x @ w + b)


def _row(name: str, inputs: Any, function: Any, floor: Any, tolerance: float = 1e-5) -> Workload:
    def reference(*arrays: np.ndarray) -> np.ndarray:
        return function(NUMPY, *(a.astype(np.float64) for a in arrays))

    def make(framework: Framework) -> Callable[..., Any]:
        return framework.compile(lambda *arrays: function(framework.lib, *arrays))

    return Workload(name, inputs, make, reference, tolerance, floor)


# Train steps: gradients are taken outside of what torch compiles, and inside elsewhere.


def _scored(framework: Framework, loss: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A loss with its gradients, and what compiles a function that calls it."""
    apart = framework.compiles_parts
    scored = framework.value_and_grad(framework.compile(loss) if apart else loss)
    return scored, (lambda step: step) if apart else framework.compile


def _embedding_grad(framework: Framework) -> Callable[..., Any]:
    lib = framework.lib
    scored, outer = _scored(framework, lambda p, ids, weights: lib.sum(p["table"][ids] * weights, None, False))
    return outer(lambda table, ids, weights: scored({"table": table}, ids, weights)[1]["table"])


def _embedding_inputs(rng: np.random.Generator) -> Arrays:
    table = rng.standard_normal((32768, 256), dtype=np.float32)
    return [table, rng.integers(0, 32768, 8192).astype(np.int32), rng.standard_normal((8192, 256), dtype=np.float32)]


def _embedding_reference(table: np.ndarray, ids: np.ndarray, weights: np.ndarray) -> np.ndarray:
    gradient = np.zeros(table.shape)
    np.add.at(gradient, ids, weights.astype(np.float64))
    return gradient


_MLP, _RATE = (784, 1024, 1024, 10), 0.1


def _mlp_loss(lib: Any, p: dict[str, Any], x: Any, targets: Any) -> Any:
    for i in range(2):
        x = x @ p[f"w{i}"] + p[f"b{i}"]
        x = x * (x > 0)
    z = x @ p["w2"] + p["b2"]
    top = lib.max(z, -1, True)
    total = lib.log(lib.sum(lib.exp(z - top), -1, False)) + top[..., 0]
    return lib.mean(total - lib.take_along_axis(z, targets, -1)[..., 0], None, False)


def _mlp_step(framework: Framework) -> Callable[..., Any]:
    names = [f"{kind}{i}" for i in range(3) for kind in "wb"]
    scored, outer = _scored(framework, lambda p, x, targets: _mlp_loss(framework.lib, p, x, targets))

    def step(x: Any, targets: Any, *values: Any) -> list[Any]:
        p = dict(zip(names, values, strict=True))
        _, gradients = scored(p, x, targets)
        return [p[name] - _RATE * gradients[name] for name in names]

    return outer(step)


def _mlp_inputs(rng: np.random.Generator) -> Arrays:
    arrays = [rng.standard_normal((256, _MLP[0]), dtype=np.float32), rng.integers(0, 10, (256, 1)).astype(np.int32)]
    for fan_in, fan_out in itertools.pairwise(_MLP):
        arrays.append(rng.standard_normal((fan_in, fan_out), dtype=np.float32) / np.float32(math.sqrt(fan_in)))
        arrays.append(np.zeros(fan_out, np.float32))
    return arrays


def _mlp_reference(x: np.ndarray, targets: np.ndarray, *values: np.ndarray) -> list[np.ndarray]:
    wide = [v.astype(np.float64) for v in values]
    weights, biases = wide[::2], wide[1::2]
    layers = [x.astype(np.float64)]
    for w, b in zip(weights[:2], biases[:2], strict=True):
        layers.append(np.maximum(layers[-1] @ w + b, 0))
    slope = softmax(NUMPY, layers[-1] @ weights[2] + biases[2])
    slope[np.arange(len(x)), targets[:, 0]] -= 1
    slope /= len(x)
    updated: list[np.ndarray] = []
    for w, b, layer in zip(weights[::-1], biases[::-1], layers[::-1], strict=True):
        updated = [w - _RATE * layer.T @ slope, b - _RATE * slope.sum(0), *updated]
        slope = slope @ w.T * (layer > 0)
    return updated


def _bfloat16_normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], Arrays]:
    """float32 numbers that bfloat16 holds."""
    cut = np.uint32(0xFFFF0000)
    return lambda rng: [(a.view(np.uint32) & cut).view(np.float32) for a in _normal(*shapes)(rng)]


def _bytes(count: float) -> Callable[[float, float], float]:
    return lambda gflops, gbytes: count / gbytes / 1e6


def _flops(count: float) -> Callable[[float, float], float]:
    return lambda gflops, gbytes: count / gflops / 1e6


_M = 1 << 20
WORKLOADS = [
    _row("gelu_chain", _normal((8 * _M,)), gelu, _bytes(64 * _M)),
    _row("axpy", _normal((16 * _M,), (16 * _M,)), lambda lib, x, y: x * 2.5 + y, _bytes(192 * _M)),
    _row("softmax", _normal((2048, 2048)), softmax, _bytes(32 * _M)),
    _row("layernorm", _normal((4096, 1024)), _layernorm, _bytes(32 * _M)),
    _row("sum_axis0", _normal((4096, 4096)), lambda lib, x: lib.sum(x, 0, False), _bytes(64 * _M), 1e-6),
    _row("sum_all", _normal((4096, 4096)), lambda lib, x: lib.sum(x, None, False), _bytes(64 * _M), 1e-8),
    _row("transpose+1", _normal((4096, 4096)), lambda lib, x: x.T + 1, _bytes(128 * _M)),
    *(
        _row(f"matmul_{n}", _normal((n, n), (n, n)), lambda lib, a, b: a @ b, _flops(2.0 * n**3), 1e-6)
        for n in (256, 1024, 2048)
    ),
    replace(
        _row(
            "matmul_bf16_1024", _bfloat16_normal((1024, 1024), (1024, 1024)), lambda lib, a, b: a @ b, _flops(2.0**31)
        ),
        dtype="bfloat16",
        tolerance=2.0**-8,
    ),
    _row("matvec", _normal((4096, 4096), (4096, 1)), lambda lib, a, b: a @ b, _bytes(64 * _M), 1e-6),
    _row("linear_gelu", _normal((2048, 1024), (1024, 1024), (1024,)), _linear_gelu, _flops(2.0 * 2048 * 1024**2), 1e-6),
    _row("attention", _normal(*[(1, 8, 1024, 64)] * 3), _attention, _flops(4.0 * 8 * 1024**2 * 64)),
    Workload("embedding_grad", _embedding_inputs, _embedding_grad, _embedding_reference, 1e-6, is_step=True),
    Workload("mlp_step", _mlp_inputs, _mlp_step, _mlp_reference, 1e-5, is_step=True),
]
