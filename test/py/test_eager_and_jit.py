# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Eager code and `jit` give the same bits: every layer, every optimizer, forward and backward, dropout's draws.

Fusion must show in time alone (design decision D14). Layers are found by name, so that a new one is tested or fails.
"""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable
from typing import Any

import mlxir as mx
import numpy as np
import pytest
from mlxir import nn, optimizers as optim
from mlxir.utils import tree_flatten, tree_map

LAYERS = [name for name in dir(nn) if inspect.isclass(getattr(nn, name)) and name != "Module"]
# Constructor arguments, where there are any; Bilinear takes two inputs and Embedding integers.
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "Bilinear": (24, 7, 5),
    "Dropout": (0.3,),
    "Embedding": (11, 6),
    "LayerNorm": (24,),
    "Linear": (24, 9),
    "RMSNorm": (24,),
}
OPTIMIZERS: dict[str, Callable[..., optim.Optimizer]] = {
    "SGD": lambda rate: optim.SGD(rate, momentum=0.9, weight_decay=0.01),
    "SGD with Nesterov": lambda rate: optim.SGD(rate, momentum=0.9, nesterov=True),
    "SGD alone": optim.SGD,
    "Adam": lambda rate: optim.Adam(rate, bias_correction=True),
    "Adam without correction": optim.Adam,
    "AdamW": lambda rate: optim.AdamW(rate, weight_decay=0.1),
}


def normal(*shape: int) -> mx.array:
    return mx.array(np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32))


def make(name: str) -> tuple[nn.Module, tuple[mx.array, ...]]:
    mx.random.seed(3)
    if name == "Sequential":
        layer: nn.Module = nn.Sequential(nn.Linear(24, 16), nn.GELU(), nn.LayerNorm(16), nn.Linear(16, 3))
    else:
        layer = getattr(nn, name)(*ARGUMENTS.get(name, ()))
    x = {"Bilinear": (normal(30, 24), normal(30, 7)), "Embedding": (mx.arange(30).reshape(5, 6) % 11,)}
    mx.eval(layer.parameters())
    return layer, x.get(name, (normal(30, 24),))


def same(a: Any, b: Any) -> None:
    flat_a, flat_b = tree_flatten(a), tree_flatten(b)
    assert [path for path, _ in flat_a] == [path for path, _ in flat_b]
    for (path, x), (_, y) in zip(flat_a, flat_b, strict=True):
        np.testing.assert_array_equal(np.array(x), np.array(y), err_msg=path)


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str) -> None:
    layer, inputs = make(name)

    def loss(*xs: mx.array) -> mx.array:
        return mx.mean(mx.square(layer(*xs)))

    def step(*xs: mx.array) -> list[Any]:
        by_inputs = [] if name == "Embedding" else mx.grad(loss, argnums=tuple(range(len(xs))))(*xs)
        by_parameters = nn.value_and_grad(layer, loss)(*xs) if layer.trainable_parameters() else []
        return [by_inputs, by_parameters]

    mx.random.seed(7)
    eager = [layer(*inputs), step(*inputs)]
    mx.eval(eager)
    mx.random.seed(7)
    state = [layer.state, mx.random.state]
    jitted = [mx.jit(lambda *xs: layer(*xs), state=state)(*inputs), mx.jit(step, state=state)(*inputs)]
    same(eager, jitted)


def test_every_optimizer_is_here() -> None:
    found = [value for value in vars(optim).values() if inspect.isclass(value) and issubclass(value, optim.Optimizer)]
    assert {make(0.1).__class__ for make in OPTIMIZERS.values()} == {*found} - {optim.Optimizer}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_and_a_rate_that_changes(name: str) -> None:
    """Ten steps with a rate that falls: the same bits, and one program for them all."""

    def train(jit: bool) -> tuple[Any, list[int]]:
        mx.random.seed(1)
        model = nn.Sequential(nn.Linear(24, 16), nn.Dropout(0.2), nn.Tanh(), nn.Linear(16, 4))
        optimizer = OPTIMIZERS[name](0.1)
        optimizer.init(model.trainable_parameters())
        step = nn.value_and_grad(model, lambda x: mx.mean(mx.square(model(x))))
        x = normal(30, 24)
        state = [model.state, optimizer.state, mx.random.state]

        def update(x: mx.array) -> mx.array:
            loss, gradients = step(x)
            optimizer.update(model, gradients)
            return loss

        run = mx.jit(update, state=state) if jit else update
        losses, compiles = [], []
        for i in range(10):
            optimizer.learning_rate = 0.1 / (1 + i)
            losses.append(run(x))
            mx.eval(losses, state)
            compiles.append(mx.cache.info()["compiles"])
        assert not jit or run.cache_info().misses == 1
        return (losses, tree_map(lambda a: a, model.parameters()), optimizer.state), compiles

    (eager, eager_compiles), (jitted, jit_compiles) = train(False), train(True)
    same(eager, jitted)
    assert jit_compiles[1] == jit_compiles[-1]
    assert eager_compiles[3] == eager_compiles[-1]


def test_rate_as_an_argument_of_jit() -> None:
    w, g = normal(40), normal(41)[:40]
    step = mx.jit(lambda w, g, rate: w - rate * g)
    step(w, g, 0.5)
    before = mx.cache.info()["compiles"]
    for rate in (0.25, 0.1, 1e-3, 2.0, 0.0, 1.0):
        np.testing.assert_array_equal(np.array(step(w, g, rate)), np.array(w) - np.float32(rate) * np.array(g))
    assert mx.cache.info()["compiles"] == before
    assert step.cache_info().misses == 1


def test_schedule_inside_of_jit() -> None:
    optimizer = optim.SGD(optim.cosine_decay(0.1, 20))
    parameters = {"w": normal(8)}
    optimizer.init(parameters)
    step = mx.jit(lambda p: optimizer.apply_gradients({"w": mx.ones(8)}, p), state=optimizer.state)
    expected = np.array(parameters["w"])
    for i in range(10):
        parameters = step(parameters)
        expected = expected - np.float32(0.1 * 0.5 * (1 + np.cos(np.pi * i / 20)))
        np.testing.assert_allclose(np.array(parameters["w"]), expected, rtol=1e-5, atol=1e-6)
    assert step.cache_info().misses == 1


def test_dropout_draws_anew_at_each_call() -> None:
    layer, x = nn.Dropout(0.5), mx.ones((64, 64))
    mx.random.seed(11)
    eager = [np.array(layer(x)) for _ in range(3)]
    mx.random.seed(11)
    f = mx.jit(lambda x: layer(x), state=mx.random.state)
    jitted = [np.array(f(x)) for _ in range(3)]
    same(eager, jitted)
    assert f.cache_info().misses == 1
    assert not np.array_equal(eager[0], eager[1])
    layer.eval()
    assert np.array(mx.jit(lambda x: layer(x))(x)).min() == 1


@pytest.mark.parametrize("collect", [True, False], ids=["gc", "no gc"])
def test_1000_eager_steps_compile_nothing(collect: bool) -> None:
    """When arrays die must not decide what is compiled, nor whether memory is given back."""
    model = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 4))
    optimizer = optim.Adam(1e-3)
    optimizer.init(model.trainable_parameters())
    step = nn.value_and_grad(model, lambda x, y: nn.losses.cross_entropy(model(x), y, reduction="mean"))
    x, y = normal(8, 16), mx.arange(8) % 4
    gc.collect()
    if not collect:
        gc.disable()
    try:
        for i in range(1010):
            if i == 10:
                before, active = mx.cache.info(), mx.get_active_memory()
            loss, gradients = step(x, y)
            optimizer.update(model, gradients)
            mx.eval(loss, model.parameters(), optimizer.state)
            if i % 7 == 0:
                assert 0 < loss.item() < 10
            if collect and i % 100 == 0:
                gc.collect()
        after = mx.cache.info()
    finally:
        gc.enable()
    for counter in ("compiles", "kernel_compiles", "transforms", "generalisations"):
        assert after[counter] == before[counter], counter
    assert mx.get_active_memory() == active


def test_a_vector_times_a_matrix_adds_as_a_matrix_times_a_vector_does() -> None:
    """Vectors run along memory in both: across the sum in one, along it in the other."""
    rng = np.random.default_rng(7)
    for k, n in ((7, 5), (100, 64), (513, 70), (4097, 300)):
        row, matrix = rng.standard_normal((1, k)).astype(np.float32), rng.standard_normal((k, n)).astype(np.float32)
        product = np.array(mx.array(row) @ mx.array(matrix))
        other = np.array(mx.array(matrix.T.copy()) @ mx.array(row.T.copy()))
        np.testing.assert_array_equal(product, other.T)
        np.testing.assert_allclose(product, row.astype(np.float64) @ matrix, rtol=0, atol=1e-5 * k**0.5)
