# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random numbers: MLX's for MLX's keys, and what the distributions promise."""

from __future__ import annotations

import mlxir as mx
import numpy as np
import pytest
from oracle_expressions import RANDOM


@pytest.mark.parametrize("source", RANDOM)
def test_like_mlx(source: str, like_mlx) -> None:
    like_mlx(source)


# Known answers of Threefry-2x32 with 20 rounds (Salmon et al., Random123 kat_vectors):
# counter, key, result.
KNOWN = [
    ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
    ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_cipher(counter, key, result) -> None:
    words = [mx.array(w, mx.uint32) for w in (*key, *counter)]
    got = mx.random._threefry(*words)
    assert tuple(w.item() for w in got) == result


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 1001, 65536])
def test_bits_are_those_of_mlx(size: int) -> None:
    oracle = pytest.importorskip("mlx.core")
    for seed in (0, 1, 2**32 + 5, 2**63 + 9):
        ours = np.asarray(mx.random.split(mx.random.key(seed), size))
        np.testing.assert_array_equal(ours, np.array(oracle.random.split(oracle.random.key(seed), size)))


@pytest.mark.parametrize("size", [1, 5, 1000, 4097])
def test_uniform_is_bitwise_that_of_mlx(size: int) -> None:
    oracle = pytest.importorskip("mlx.core")
    ours = np.asarray(mx.random.uniform(-2, 5, (size,), key=mx.random.key(3)))
    np.testing.assert_array_equal(ours, np.array(oracle.random.uniform(-2, 5, (size,), key=oracle.random.key(3))))


def test_normal_is_that_of_mlx_to_few_ulp() -> None:
    oracle = pytest.importorskip("mlx.core")
    ours = np.asarray(mx.random.normal((20001,), key=mx.random.key(3)))
    theirs = np.array(oracle.random.normal((20001,), key=oracle.random.key(3)))
    assert np.max(np.abs(ours - theirs) / np.spacing(np.abs(theirs))) <= 8


def test_global_state_advances_and_can_be_set() -> None:
    mx.random.seed(11)
    first = mx.random.uniform(shape=(3,)).tolist()
    second = mx.random.uniform(shape=(3,)).tolist()
    assert first != second
    mx.random.seed(11)
    assert mx.random.uniform(shape=(3,)).tolist() == first
    mx.random.state[0] = mx.random.key(11)
    assert mx.random.uniform(shape=(3,)).tolist() == first
    assert len(mx.random.state) == 1
    assert mx.random.state[0].shape == (2,)


def test_moments() -> None:
    n = 200_000
    u = np.asarray(mx.random.uniform(shape=(n,), key=mx.random.key(1)), dtype=np.float64)
    assert u.min() >= 0 and u.max() < 1
    assert abs(u.mean() - 0.5) < 4 / np.sqrt(12 * n)
    z = np.asarray(mx.random.normal((n,), key=mx.random.key(2)), dtype=np.float64)
    assert abs(z.mean()) < 4 / np.sqrt(n)
    assert abs(z.var() - 1) < 4 * np.sqrt(2 / n)
    b = np.asarray(mx.random.bernoulli(0.3, (n,), key=mx.random.key(3)))
    assert abs(b.mean() - 0.3) < 4 * np.sqrt(0.21 / n)
    logits = mx.log(mx.array([0.1, 0.2, 0.7]))
    c = np.asarray(mx.random.categorical(logits, num_samples=n, key=mx.random.key(4)))
    np.testing.assert_allclose(np.bincount(c, minlength=3) / n, [0.1, 0.2, 0.7], atol=0.006)
    r = np.asarray(mx.random.randint(-3, 4, (n,), key=mx.random.key(5)))
    np.testing.assert_allclose(np.bincount(r + 3) / n, np.full(7, 1 / 7), atol=0.006)


def test_upper_bound_is_never_reached() -> None:
    for dtype in (mx.float16, mx.bfloat16, mx.float32):
        draws = mx.random.uniform(shape=(100_000,), dtype=dtype, key=mx.random.key(1)).astype(mx.float32)
        assert mx.max(draws).item() < 1


def test_keys_under_vmap() -> None:
    keys = mx.random.split(mx.random.key(0), 3)
    batched = mx.vmap(lambda key: mx.random.uniform(shape=(4,), key=key))(keys)
    for row, key in zip(batched, keys, strict=True):
        assert row.tolist() == mx.random.uniform(shape=(4,), key=key).tolist()


def test_gradient_passes_bounds() -> None:
    key = mx.random.key(0)
    u = mx.random.uniform(shape=(), key=key).item()
    gradient = mx.grad(lambda high: mx.random.uniform(0, high, (), key=key))(mx.array(2.0))
    assert gradient.item() == pytest.approx(u)
