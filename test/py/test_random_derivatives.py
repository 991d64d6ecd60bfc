# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random compositions of differentiable functions: every transform against differences, and against each other.

Rules that are right one by one can be wrong together: a cotangent that is added twice, a residual that a fusion
changed, a batch axis that a nested rule lost. A failure names its seed: `pytest -k "agree and [7]"` runs one alone.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import mlxir as mx
import numpy as np
import pytest

PROGRAMS = int(os.environ.get("MLXIR_FUZZ_GRAPHS", "2000")) // 50
LARGEST = 64  # elements of a value

Step = Callable[..., mx.array]


def constant(rng: random.Random, shape: tuple[int, ...]) -> mx.array:
    return mx.array([rng.uniform(-1, 1) for _ in range(int(np.prod(shape)))], dtype=mx.float64).reshape(shape)


# Functions that are smooth everywhere and keep magnitudes near 1. Each takes the generator and an array, and gives
# the step as a function of that array alone, or None if it does not fit the shape.


def elementwise(rng: random.Random, x: mx.array) -> Step:
    return rng.choice(
        [
            mx.sin, mx.cos, mx.tanh, mx.sigmoid, mx.arctan, mx.erf, mx.arcsinh,
            lambda v: mx.exp(mx.sin(v)),
            lambda v: mx.log1p(v * v),
            lambda v: mx.sqrt(1 + v * v),
            lambda v: mx.rsqrt(2 + mx.square(v)),
            lambda v: 1 / (2 + mx.cos(v)),
            lambda v: (v * v + 1) ** -0.5,
            lambda v: mx.logaddexp(v, -v),
            lambda v: mx.expm1(-v * v),
            lambda v: v * 1.5 - v,
        ]
    )  # fmt: skip


def shaped(rng: random.Random, x: mx.array) -> Step | None:
    if x.ndim == 0:
        return rng.choice([lambda v: mx.broadcast_to(v, (3, 2)), lambda v: v.reshape(1, 1)])
    axis = rng.randrange(x.ndim)
    n = x.shape[axis]
    order = rng.sample(range(x.ndim), x.ndim)
    picked = [rng.randrange(-n, n) for _ in range(rng.randint(1, 4))]
    start, step = rng.randrange(n), rng.choice([1, 2, -1])
    along = [n if i == axis else 1 for i in range(x.ndim)]
    window = (slice(None),) * axis + (slice(start, None, step),)
    return rng.choice(
        [
            lambda v: v.transpose(order),
            lambda v: v.reshape(-1),
            lambda v: mx.expand_dims(v, axis),
            lambda v: mx.concatenate([v, mx.sin(v)], axis=axis),
            lambda v: mx.stack([v, v * v], axis=axis),
            lambda v: mx.pad(v, [(1, 2) if i == axis else (0, 0) for i in range(v.ndim)]),
            lambda v: v[window],
            lambda v: mx.take(v, mx.array(picked), axis=axis),
            lambda v: mx.repeat(v, 2, axis=axis),
            lambda v: v.at[window].add(mx.cos(v[window])),
            lambda v: mx.roll(v, 1, axis=axis),
            lambda v: sum(mx.split(mx.concatenate([v, v * v], axis=axis), 2, axis=axis)),
            lambda v: mx.where(mx.arange(n).reshape(along) % 2 == 0, v, v * v),
        ]
    )  # fmt: skip


def reduced(rng: random.Random, x: mx.array) -> Step | None:
    if x.ndim == 0:
        return None
    axis = rng.randrange(x.ndim)
    keep = rng.random() < 0.5
    return rng.choice(
        [
            lambda v: mx.mean(v, axis=axis, keepdims=keep),
            lambda v: mx.sum(mx.sin(v), axis=axis, keepdims=keep),
            lambda v: mx.var(v, axis=axis, keepdims=keep),
            lambda v: mx.logsumexp(v, axis=axis, keepdims=keep),
            lambda v: mx.prod(1 + 0.25 * mx.tanh(v), axis=axis, keepdims=keep),
            lambda v: mx.softmax(v, axis=axis),
            lambda v: v - mx.mean(v, axis=axis, keepdims=True),
            lambda v: mx.fast.rms_norm(v, None, 1e-2),
            lambda v: mx.fast.layer_norm(v, None, None, 1e-1),
        ]
    )


def contracted(rng: random.Random, x: mx.array) -> Step | None:
    if x.ndim == 0:
        return None
    w = constant(rng, (x.shape[-1], 3))
    if x.ndim == 1:
        return rng.choice([lambda v: mx.tanh(v @ w), lambda v: mx.outer(mx.sin(v), v) if v.size < 8 else v @ w])
    return rng.choice(
        [
            lambda v: mx.tanh(v @ w),
            lambda v: mx.tanh(v @ mx.swapaxes(v, -1, -2)),
            lambda v: mx.tanh(mx.tensordot(v, v, axes=([0], [0]))) if v.size < 12 else mx.tanh(v @ w),
            lambda v: mx.inner(mx.sin(v), w.T),
        ]
    )


def joined(rng: random.Random, x: mx.array, y: mx.array) -> Callable[[mx.array, mx.array], mx.array]:
    return rng.choice(
        [
            lambda a, b: a + b,
            lambda a, b: a * mx.sin(b),
            lambda a, b: a / (2 + b * b),
            lambda a, b: a - mx.tanh(b) * a,
            lambda a, b: mx.logaddexp(a, b),
            lambda a, b: mx.arctan2(a, 2 + mx.square(b)),
        ]
    )


def draw(seed: int) -> tuple[Callable[..., mx.array], list[mx.array]]:
    """A function of two arrays to a scalar, and where to look at it."""
    rng = random.Random(seed)
    shape = tuple(rng.randint(1, 4) for _ in range(rng.randint(0, 3)))
    inputs = [constant(rng, shape), constant(rng, shape[rng.randint(0, len(shape)) :])]
    steps: list[tuple[Step, tuple[int, ...]]] = []
    values = list(inputs)
    while len(steps) < 9:
        number = rng.randrange(max(0, len(values) - 4), len(values))
        kind = rng.choice([elementwise, elementwise, shaped, shaped, reduced, contracted, joined])
        if kind is joined:
            other = rng.randrange(len(values))
            try:
                np.broadcast_shapes(values[number].shape, values[other].shape)
            except ValueError:
                continue
            step, reads = joined(rng, values[number], values[other]), (number, other)
        else:
            step, reads = kind(rng, values[number]), (number,)
        if step is None:
            continue
        value = step(*(values[i] for i in reads))
        if not 0 < value.size <= LARGEST:
            continue
        steps.append((step, reads))
        values.append(value)
    weights = [constant(rng, value.shape) for value in values[2:]]

    def function(*arrays: mx.array) -> mx.array:
        values = list(arrays)
        for step, reads in steps:
            values.append(step(*(values[i] for i in reads)))
        return sum(
            (mx.sum(w * mx.tanh(v)) for w, v in zip(weights, values[2:], strict=True)), mx.array(0.0, mx.float64)
        )

    return function, inputs


def difference(function: Callable[..., Any], inputs: list[mx.array], direction: list[mx.array], h: float) -> np.ndarray:
    """The fourth-order central difference along a direction."""

    def at(t: float) -> np.ndarray:
        return np.array(function(*(x + t * h * d for x, d in zip(inputs, direction, strict=True))))

    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)


def dot(xs: Any, ys: Any) -> mx.array:
    return sum((mx.sum(x * y) for x, y in zip(xs, ys, strict=True)), mx.array(0.0, mx.float64))


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_transforms_agree(seed: int) -> None:
    function, inputs = draw(seed)
    rng = random.Random(seed + 1)
    direction = [constant(rng, x.shape) for x in inputs]
    towards = [constant(rng, x.shape) for x in inputs]
    gradient = mx.grad(function, argnums=(0, 1))

    slope = difference(function, inputs, direction, 1e-3)
    scale = 1 + abs(float(slope))
    _, (forward,) = mx.jvp(function, inputs, direction)
    np.testing.assert_allclose(forward.item(), slope, atol=1e-7 * scale)
    gradients = gradient(*inputs)
    np.testing.assert_allclose(dot(gradients, direction).item(), slope, atol=1e-7 * scale)

    # Reverse over reverse, and forward over reverse, against differences of the gradient.
    along = lambda *xs: dot(gradient(*xs), towards)  # noqa: E731
    curvature = difference(along, inputs, direction, 1e-3)
    scale = 1 + abs(float(curvature))
    np.testing.assert_allclose(
        dot(mx.grad(along, argnums=(0, 1))(*inputs), direction).item(), curvature, atol=1e-6 * scale
    )
    np.testing.assert_allclose(mx.jvp(along, inputs, direction)[1][0].item(), curvature, atol=1e-6 * scale)

    # A batch of gradients, a gradient under jit: the same numbers.
    several = [[x + 0.1 * k for x in inputs] for k in range(3)]
    batch = mx.vmap(gradient)(*(mx.stack(list(column)) for column in zip(*several, strict=True)))
    for k, one in enumerate(several):
        for got, expected in zip(batch, gradient(*one), strict=True):
            np.testing.assert_allclose(np.array(got[k]), np.array(expected), rtol=1e-12, atol=1e-12)
    for got, expected in zip(mx.jit(gradient)(*inputs), gradients, strict=True):
        np.testing.assert_array_equal(np.array(got), np.array(expected))
