# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What becomes one kernel without being asked, and which registers its code uses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import mlxir as mx
import numpy as np
import pytest

Function = Callable[..., mx.array]


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def softmax(x):
    e = mx.exp(x - mx.max(x, axis=-1, keepdims=True))
    return e / mx.sum(e, axis=-1, keepdims=True)


def softmax_with_temperature_and_mask(x):
    x = mx.where(x > 1.5, -1e9, x / 0.7)
    e = mx.exp(x - mx.max(x, axis=-1, keepdims=True))
    return 2 * e / (mx.sum(e, axis=-1, keepdims=True) + 1e-6) - 0.1


def layer_norm(x):
    mean = mx.mean(x, axis=-1, keepdims=True)
    centered = x - mean
    return centered * mx.rsqrt(mx.mean(centered * centered, axis=-1, keepdims=True) + 1e-5)


def norm_of_another_kind(x):
    """Mean absolute deviation instead of the variance, a bias from the row's maximum, and tanh after it."""
    centered = x * 1.25 - mx.mean(x, axis=-1, keepdims=True)
    scale = mx.mean(mx.abs(centered), axis=-1, keepdims=True) + 0.01
    return mx.tanh(centered / scale) + mx.max(x, axis=-1, keepdims=True)


def gelu(x):
    return 0.5 * x * (1 + mx.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


ROWS: list[Function] = [softmax, softmax_with_temperature_and_mask, layer_norm, norm_of_another_kind, gelu]


def kernels(function: Function, *arrays: np.ndarray) -> int:
    return mx.jit(function).lower(*map(mx.array, arrays)).ir("kernels").count("mlxir.launch @")


def in_float64(function: Function, *arrays: np.ndarray) -> np.ndarray:
    return np.array(function(*(mx.array(a, dtype=mx.float64) for a in arrays)))


@pytest.mark.parametrize("function", ROWS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(64, 512), (33, 1023), (4, 8, 100)], ids=str)
def test_rows_from_primitives_are_one_kernel(function: Function, shape: tuple[int, ...]) -> None:
    a = normal(*shape)
    assert kernels(function, a) == 1
    expected = in_float64(function, a)
    np.testing.assert_allclose(np.array(mx.jit(function)(mx.array(a))), expected, rtol=2e-5, atol=2e-5)
    np.testing.assert_array_equal(np.array(function(mx.array(a))), np.array(mx.jit(function)(mx.array(a))))


def test_a_product_takes_what_follows_it() -> None:
    a, w, bias = normal(64, 96), normal(96, 80), normal(80)
    for function in (
        lambda a, w, b: gelu(a @ w + b),
        lambda a, w, b: mx.maximum(a @ w, 0) * b,
        lambda a, w, b: (a @ w).astype(mx.float16) + b.astype(mx.float16),
    ):
        assert kernels(function, a, w, bias) == 1
        np.testing.assert_allclose(
            np.array(mx.jit(function)(*map(mx.array, (a, w, bias)))).astype(np.float64),
            in_float64(function, a, w, bias).astype(np.float64),
            rtol=2e-3,
            atol=2e-2,
        )


def test_eager_code_is_fused_too() -> None:
    a = mx.array(normal(50, 300))
    mx.eval(a)
    mx.cache.clear(disk=True)
    before = mx.cache.info()["kernel_compiles"]
    mx.eval(layer_norm(a))
    assert mx.cache.info()["kernel_compiles"] == before + 1


@pytest.mark.parametrize("cpu", ["x86-64-v3", "x86-64-v4"])
def test_registers_are_those_of_the_cpu(cpu: str) -> None:
    """AVX2 code holds no register of AVX-512; AVX-512 code does not stay with half of it."""
    code = (
        "import mlxir as mx\n"
        "def f(x, w):\n"
        "    y = mx.exp(x @ w)\n"
        "    rows = mx.take(x, mx.argmax(x, axis=0), axis=0)\n"
        "    return y / mx.sum(y, axis=-1, keepdims=True), mx.sum(x, axis=0), rows\n"
        "print(mx.jit(f).lower(mx.ones((64, 96)), mx.ones((96, 80))).ir('asm'))\n"
    )
    environment = {**os.environ, "MLXIR_CPU": cpu, "MLXIR_CACHE": "off"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "ymm" in done.stdout
    assert ("zmm" in done.stdout) == (cpu == "x86-64-v4")
