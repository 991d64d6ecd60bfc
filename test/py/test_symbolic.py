# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs whose sizes are run-time values compute what those with constants compute, bit by bit."""

import mlxir as mx
import numpy as np
import pytest


def rows(b, t, d):
    return normal(b, t, d), normal(d)


def normal(*shape):
    return mx.array(np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32))


def tokens(b, t):
    return mx.array(np.random.default_rng(b).integers(0, 50, (b, t)).astype(np.int32))


def attention(weight, embedding, index, qkv, cotangent):
    b, t, d = *index.shape, embedding.shape[1]
    x = embedding[index]
    parts = mx.split(mx.fast.rms_norm(x, weight, 1e-5) @ qkv.T, 3, axis=-1)
    q, k, v = (part.reshape(b, t, -1, 16).transpose(0, 2, 1, 3) for part in parts)
    q, k = (mx.fast.rope(y, 16, traditional=False, base=1e4, scale=1.0, offset=0) for y in (q, k))
    mixed = mx.fast.scaled_dot_product_attention(q, k, v, scale=0.25, mask="causal")
    return mx.sum((x + mixed.transpose(0, 2, 1, 3).reshape(b, t, d)) * cotangent)


def split(x, weight, cotangent):
    q, k, v = mx.split(x @ weight.T, 3, axis=-1)
    return mx.sum((q * k + v) * cotangent)


CASES = {
    "sum of rows": (lambda x, w: (x * w).sum(-1), rows),
    "sum of columns": (lambda x, w: (x * w).sum((0, 1)), rows),
    "sum of everything": (lambda x, w: mx.sum(x * w), rows),
    "softmax": (lambda x, w: mx.softmax(x * w, axis=-1), rows),
    "norm": (lambda x, w: mx.fast.rms_norm(x, w, 1e-5), rows),
    "gradients of a norm": (
        mx.grad(lambda x, w: mx.sum(mx.square(mx.fast.layer_norm(x, w, None, 1e-5))), argnums=(0, 1)),
        rows,
    ),
    "mean and variance": (lambda x, w: (x.mean((0, 2)), x.var(1) * w), rows),
    "product": (lambda x, y: x @ y, lambda b, t, d: (normal(b, t, d), normal(d, 3 * d))),
    "gradients of a product that is split": (
        mx.grad(split, argnums=(0, 1)),
        lambda b, t, d: (normal(b, t, d), normal(3 * d, d), normal(b, t, d)),
    ),
    "gradients of pieces": (
        mx.grad(lambda x, y: mx.sum(mx.tanh(mx.concatenate([x[:, 1:], y[:, :1]], axis=1) @ y[0].T)), argnums=(0, 1)),
        lambda b, t, d: (normal(b, t, d), normal(b, t, d)),
    ),
    "gradients of attention": (
        mx.grad(attention, argnums=(0, 1, 3)),
        lambda b, t, d: (normal(d), normal(50, d), tokens(b, t), normal(3 * d, d), normal(b, t, d)),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_symbolic_sizes_change_no_bit(case):
    function, make = CASES[case]
    first, given = make(6, 24, 48), make(4, 32, 32)
    mx.eval(first, given)

    def run(arguments):
        got = mx.jit(function)(*arguments)
        mx.eval(got)
        return [np.array(x) for x in (got if isinstance(got, (tuple, list)) else [got])]

    mx.cache.clear(disk=True)
    constant = run(given)
    mx.cache.clear(disk=True)
    run(first)
    before = mx.cache.info()["generalisations"]
    symbolic = run(given)
    assert mx.cache.info()["generalisations"] == before + 1
    for a, b in zip(constant, symbolic, strict=True):
        np.testing.assert_array_equal(a, b)
