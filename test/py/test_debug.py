# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MLXIR_DEBUG: the op that makes a NaN or reads out of bounds is named, with its line and the first index."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import mlxir as mx
import numpy as np
import pytest
from mlxir import _core, nn


@pytest.fixture(autouse=True)
def debug() -> Iterator[None]:
    _core.set_compile_options("debug=nans,bounds")
    yield
    _core.set_compile_options("")


nan, inf = float("nan"), float("inf")
v = mx.array([1.0, 4.0, -9.0, 16.0])  # the third one has no logarithm
p = mx.array([1.0, 4.0, 9.0, 16.0])
grid = mx.array([[1.0, 2.0, 3.0], [4.0, -5.0, 6.0]])
zero = mx.array([1.0, 0.0, 2.0])
huge = mx.array([1.0, 3e38, 2.0])
infinite = mx.array([1.0, inf, inf])

# What is computed, the function to blame, and the first index of a NaN.
NANS = [
    (lambda: mx.log(v), "log", (2,)),
    (lambda: mx.sqrt(v), "sqrt", (2,)),
    (lambda: mx.rsqrt(v), "rsqrt", (2,)),
    (lambda: mx.log2(v), "log2", (2,)),
    (lambda: mx.log10(v), "log10", (2,)),
    (lambda: mx.log1p(v), "log1p", (2,)),
    (lambda: mx.arcsin(v), "arcsin", (1,)),
    (lambda: mx.arccos(v), "arccos", (1,)),
    (lambda: mx.arctanh(v), "arctanh", (1,)),
    (lambda: mx.arccosh(v), "arccosh", (2,)),
    (lambda: mx.sin(infinite), "sin", (1,)),
    (lambda: mx.cos(infinite), "cos", (1,)),
    (lambda: mx.tan(infinite), "tan", (1,)),
    (lambda: v**0.5, "power", (2,)),
    (lambda: zero / zero, "divide", (1,)),
    (lambda: infinite - infinite, "subtract", (1,)),
    (lambda: infinite + -infinite, "add", (1,)),
    (lambda: zero * (1 / zero), "multiply", (1,)),
    (lambda: mx.remainder(zero, 0.0), "remainder", (0,)),
    (lambda: mx.log(grid), "log", (1, 1)),
    (lambda: mx.log(grid.T), "log", (1, 1)),
    (lambda: mx.log(grid[:, 1]), "log", (1,)),
    (lambda: mx.log(grid[None]), "log", (0, 1, 1)),
    (lambda: mx.log(mx.array(-1.0)), "log", ()),
    (lambda: mx.log(v.astype(mx.float16)), "log", (2,)),
    (lambda: mx.log(v.astype(mx.bfloat16)), "log", (2,)),
    (lambda: mx.log(v.astype(mx.float64)), "log", (2,)),
    # In the middle of fused chains, before and after reductions and products.
    (lambda: mx.exp(mx.log(v + 1) * 2) + 3, "log", (2,)),
    (lambda: mx.tanh(mx.sqrt(v * 2 - 1)).sum(), "sqrt", (2,)),
    (lambda: (mx.sqrt(grid) @ grid.T).sum(), "sqrt", (1, 1)),
    (lambda: mx.log(grid @ grid.T - 40), "log", (0, 0)),
    (lambda: mx.log(grid.sum(axis=0) + 1), "log", (1,)),
    (lambda: mx.log(grid.sum(axis=1) - 5.5), "log", (1,)),
    (lambda: mx.sum(infinite * mx.array([1.0, 1.0, -1.0])), "sum", ()),
    (lambda: mx.sum(mx.stack([infinite, -infinite]), axis=0), "sum", (1,)),
    (lambda: mx.prod(mx.array([0.0, inf])), "prod", ()),
    (lambda: mx.array([[inf, 1.0]]) @ mx.array([[0.0], [1.0]]), "dot_general", (0, 0)),
    (lambda: mx.softmax(infinite), "softmax", (1,)),
    (lambda: mx.where(v > 0, mx.log(v), 0), "log", (2,)),
    (lambda: mx.maximum(mx.log(v), 0), "log", (2,)),
    (lambda: mx.concatenate([p, mx.log(v)]), "log", (2,)),
    (lambda: mx.broadcast_to(mx.log(v), (3, 4)), "log", (2,)),
    (lambda: mx.exp(huge) - mx.exp(huge), "subtract", (1,)),
    # Derivatives and batches.
    (lambda: mx.grad(lambda x: (mx.sqrt(x) * 0).sum())(zero), "divide", (1,)),
    (lambda: mx.value_and_grad(lambda x: mx.where(x > 0, mx.log(x), 0).sum())(v), "log", (2,)),
    (lambda: mx.grad(lambda x: mx.grad(lambda y: mx.sqrt(y).sum())(x).sum())(v), "sqrt", (2,)),
    (lambda: mx.jvp(lambda x: mx.log(x), [v], [p]), "log", (2,)),
    (lambda: mx.vmap(mx.log)(grid), "log", (1, 1)),
    (lambda: mx.vmap(mx.grad(lambda x: mx.sqrt(x).sum()))(grid), "sqrt", (1, 1)),
    (lambda: nn.losses.mse_loss(mx.log(v), p), "log", (2,)),
]

# What is read or written, the function to blame, and the first index of an index out of bounds.
rows, some = mx.arange(12).reshape(4, 3), mx.array([0, -4, 4, 9])
BOUNDS = [
    (lambda: rows[some], 0, 4, (2,)),
    (lambda: mx.take(rows, some, axis=1), 1, 3, (1,)),
    (lambda: mx.take(rows, mx.array([[0, 11], [-12, 12]])), 0, 12, (1, 1)),
    (lambda: rows[mx.array([0, 1]), mx.array([2, 3])], 1, 3, (1,)),
    (lambda: mx.take_along_axis(rows, mx.array([[0, -3, 3]]), axis=1), 1, 3, (0, 2)),
    (lambda: rows[mx.array([250, 3], mx.uint8)], 0, 4, (0,)),
    (lambda: rows[mx.array([0, 2**40])], 0, 4, (1,)),
    (lambda: rows.at[some].add(1), 0, 4, (2,)),
    (lambda: mx.vmap(lambda row, i: row[i])(rows, some), 1, 3, (1,)),  # of the array with its batch
    (lambda: mx.grad(lambda x: x[some].sum())(rows.astype(mx.float32)), 0, 4, (2,)),
    (lambda: nn.Embedding(4, 8)(some), 0, 4, (2,)),
]


def line_of(function: Callable[[], object]) -> int:
    """Return the line of a lambda that has one."""
    return inspect.getsourcelines(function)[1]


def shape_text(index: tuple[int, ...]) -> str:
    return f"({index[0]},)" if len(index) == 1 else str(index)


@pytest.mark.parametrize("jit", [False, True], ids=["eager", "jit"])
@pytest.mark.parametrize(("program", "name", "index"), NANS, ids=[f"{i}-{row[1]}" for i, row in enumerate(NANS)])
def test_the_op_that_makes_a_nan_is_named(
    program: Callable[[], mx.array], name: str, index: tuple[int, ...], jit: bool
) -> None:
    with pytest.raises(FloatingPointError) as caught:
        mx.eval(mx.jit(program)() if jit else program())
    text = str(caught.value)
    assert text.startswith(f"[{name}] expected no NaN, got one at index {shape_text(index)} of a result of shape")
    assert text.endswith(f"recorded at {__file__}:{line_of(program)}")


@pytest.mark.parametrize("jit", [False, True], ids=["eager", "jit"])
@pytest.mark.parametrize(("program", "axis", "size", "index"), BOUNDS, ids=range(len(BOUNDS)))
def test_an_index_out_of_bounds_is_found(
    program: Callable[[], mx.array], axis: int, size: int, index: tuple[int, ...], jit: bool
) -> None:
    with pytest.raises(IndexError) as caught:
        mx.eval(mx.jit(program)() if jit else program())
    text = str(caught.value)
    assert (
        f"expected indices into axis {axis} of size {size}, got one out of bounds at index {shape_text(index)}" in text
    )


def test_what_failed_left_nothing_behind() -> None:
    x = mx.array([1.0, -1.0])
    for _ in range(2):
        with pytest.raises(FloatingPointError, match=r"\[log\]"):
            mx.eval(mx.log(x))
    assert x.tolist() == [1.0, -1.0]
    state = {"total": mx.array(1.0)}

    def step(value: mx.array) -> mx.array:
        state["total"] = state["total"] * 2
        return mx.sqrt(value)

    compiled = mx.jit(step, state=state)
    compiled(mx.array(4.0))
    with pytest.raises(FloatingPointError, match=r"\[sqrt\]"):
        mx.eval(compiled(mx.array(-4.0)))
    assert state["total"].item() == 2.0
    assert compiled(mx.array(9.0)).item() == 3.0
    assert state["total"].item() == 4.0


def test_sizes_that_vary() -> None:
    """A Program for any length says where the wrong element of this length is."""
    for n in (5, 6, 7, 8):
        x = mx.concatenate([mx.ones((2, n - 1)), -mx.ones((2, 1))], axis=1)
        with pytest.raises(FloatingPointError, match=rf"index \(0, {n - 1}\) of a result of shape \(2, {n}\)"):
            mx.eval(mx.log(x))
        with pytest.raises(IndexError, match=rf"of size {n}, got one out of bounds at index \(1,\)"):
            mx.eval(mx.take(x, mx.array([n - 1, n]), axis=1))


def test_what_is_right_stays_as_it_is() -> None:
    """Checks add results and change none: the same bits, for values that NaN and infinity are no part of."""
    model = nn.Sequential(nn.Embedding(16, 8), nn.LayerNorm(8), nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 16))
    tokens = mx.array([[1, 2, 3], [4, 5, 15]])

    def loss(parameters: dict[str, object]) -> mx.array:
        model.update(parameters)
        return nn.losses.cross_entropy(model(tokens), tokens, reduction="mean")

    def run() -> list[np.ndarray]:
        from mlxir.utils import tree_flatten

        value, gradients = mx.value_and_grad(loss)(model.parameters())
        return [np.array(a) for a in (value, *(g for _, g in tree_flatten(gradients)))]

    checked = run()
    _core.set_compile_options("")
    for one, other in zip(checked, run(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.isnan(checked[0])


def test_infinity_and_given_nan() -> None:
    """Infinity is no NaN; a NaN that somebody put in is reported where it is first computed with."""
    assert mx.exp(mx.array(1000.0)).item() == inf
    assert np.isnan(mx.array([nan])[0].item())
    assert mx.isnan(mx.array([nan])).item()
    with pytest.raises(FloatingPointError, match=r"\[exp\]"):
        mx.eval(mx.exp(mx.array([nan])))


def test_guards_find_writes_beyond_a_buffer() -> None:
    text = """
import ctypes
import mlxir as mx
import numpy as np

for offset in (-1, 100):
    array = mx.zeros(100, dtype=mx.uint8) + 1
    mx.eval(array)
    if not os.fork():
        (ctypes.c_char * 1).from_address(np.asarray(array).ctypes.data + offset).value = b"?"
        del array
        os._exit(0)
    print(os.WTERMSIG(os.wait()[1]) == signal.SIGABRT)
"""
    done = subprocess.run(
        [sys.executable, "-c", "import os, signal\n" + text],
        env={**os.environ, "MLXIR_DEBUG": "guards"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == ["True", "True"], done
    assert "mlxir: a buffer of 100 bytes was written at offset -1" in done.stderr
    assert "mlxir: a buffer of 100 bytes was written at offset 100" in done.stderr
