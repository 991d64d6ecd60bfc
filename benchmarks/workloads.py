# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The workloads, written once for every framework: a name, its inputs, the function, and a reference in float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
from frameworks import NUMPY

Arrays = list[np.ndarray]


@dataclass(frozen=True)
class Workload:
    """`function(lib, *inputs)` is written with names that every framework has under `lib`.

    A result is right within `tolerance` of the largest element that it has for the inputs' absolute values: what sums
    are made of, not what is left of them.
    """

    name: str
    inputs: Callable[[np.random.Generator], Arrays]
    function: Callable[..., Any]
    reference: Callable[..., np.ndarray]
    tolerance: float = 1e-5
    floor_ms: Callable[[float, float], float] = field(default=lambda gflops, gbytes: 0.0)


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

    return Workload(name, inputs, function, reference, tolerance, floor)


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
    _row("matvec", _normal((4096, 4096), (4096, 1)), lambda lib, a, b: a @ b, _bytes(64 * _M), 1e-6),
    _row("linear_gelu", _normal((2048, 1024), (1024, 1024), (1024,)), _linear_gelu, _flops(2.0 * 2048 * 1024**2), 1e-6),
    _row("attention", _normal(*[(1, 8, 1024, 64)] * 3), _attention, _flops(4.0 * 8 * 1024**2 * 64)),
]
