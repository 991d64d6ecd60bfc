# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sizes that change from call to call in the ways that mislead a compiler: values, and how often it compiles.

A structure is compiled with constants at first sight; what varied becomes run-time sizes; a guard that fails
generalises again; after four times every size is on its own (docs/rfcs/0001-sizes-and-guards.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import mlxir as mx
import numpy as np
import pytest

Call = Callable[..., object]


@pytest.fixture(autouse=True)
def own_cache() -> Iterator[None]:
    mx.cache.clear(disk=True)
    yield


def compiles() -> int:
    return mx.cache.info()["compiles"]


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape) + 1).standard_normal(shape).astype(np.float32)


def check(function: Call, reference: Call, *arrays: np.ndarray) -> int:
    """Compare one call with NumPy; return how many compilations it took."""
    before = compiles()
    got = function(*(mx.array(a) for a in arrays))
    np.testing.assert_allclose(np.array(got), np.asarray(reference(*arrays)), rtol=2e-5, atol=2e-5)
    return compiles() - before


def eager(function: Call) -> Call:
    return function


@pytest.mark.parametrize("mode", [mx.jit, eager], ids=["jit", "eager"])
def test_batch_equals_time_today_and_not_tomorrow(mode: Callable[[Call], Call]) -> None:
    """Two axes that had one size by chance are not one size."""
    f = mode(lambda x, y: mx.softmax(x, axis=-1) @ y.T)

    def reference(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        e = np.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True) @ y.T

    sizes = [(8, 8, 8), (8, 8, 6), (9, 9, 6), (9, 5, 6), (5, 9, 6), (7, 7, 7), (4, 5, 6), (11, 12, 13)]
    counts = [check(f, reference, normal(b, d), normal(t, d)) for b, t, d in sizes]
    assert counts[0] == 1
    assert sum(counts) <= 1 + 4 + 1  # constants, at most four generalisations, all sizes on their own
    assert [check(f, reference, normal(b, d), normal(t, d)) for b, t, d in [(21, 22, 23), *sizes]] == [0] * 9


@pytest.mark.parametrize("mode", [mx.jit, eager], ids=["jit", "eager"])
def test_one_to_many_and_back(mode: Callable[[Call], Call]) -> None:
    """Sizes 0 and 1 belong to the structure: they broadcast, or vanish, where others do not."""
    f = mode(lambda x, y: mx.sum(x * y + 1, axis=0))

    def reference(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (x * y + 1).sum(axis=0)

    seen = [check(f, reference, normal(n, 3), normal(5, 3)) for n in (1, 5, 1, 5, 1)]
    assert seen == [1, 1, 0, 0, 0]
    for n in (7, 9, 1, 0, 1, 0, 12):
        check(f, reference, normal(n, 3), normal(n, 3))
    assert [check(f, reference, normal(n, 3), normal(n, 3)) for n in (30, 1, 0, 31)] == [0] * 4
    assert check(f, reference, normal(1, 3), normal(40, 3)) <= 1
    assert check(f, reference, normal(1, 3), normal(41, 3)) == 0


@pytest.mark.parametrize("mode", [mx.jit, eager], ids=["jit", "eager"])
def test_growth_by_concatenation(mode: Callable[[Call], Call]) -> None:
    """A cache that grows by one row a step, read by attention: two compilations, whatever its length."""
    f = mode(lambda cache, row: mx.concatenate([cache, row]))
    g = mode(lambda cache, q: mx.softmax(q @ cache.T, axis=-1) @ cache)
    cache = normal(2, 4)
    held = mx.array(cache)
    counts = []
    for step in range(40):
        row = normal(1, 4) + np.float32(step)
        before = compiles()
        held = f(held, mx.array(row))
        cache = np.concatenate([cache, row])
        scores = np.exp(normal(1, 4) @ cache.T - (normal(1, 4) @ cache.T).max())
        got = g(held, mx.array(normal(1, 4)))
        np.testing.assert_allclose(np.array(got), scores / scores.sum() @ cache, rtol=2e-5, atol=2e-5)
        np.testing.assert_array_equal(np.array(held), cache)
        counts.append(compiles() - before)
    assert sum(counts[2:]) == 0, counts
    assert sum(counts) <= 4, counts


@pytest.mark.parametrize("mode", [mx.jit, eager], ids=["jit", "eager"])
def test_size_that_is_derived_from_sizes(mode: Callable[[Call], Call]) -> None:
    """`x.size` in the program is a product of the argument's sizes, not a number that fits so far."""
    f = mode(lambda x: x.reshape(-1) + mx.arange(x.size, dtype=mx.float32) * x.shape[0])

    def reference(x: np.ndarray) -> np.ndarray:
        return x.reshape(-1) + np.arange(x.size, dtype=np.float32) * x.shape[0]

    # 2 * 6 = 3 * 4: the size stays as others change; 4 * 4: both are equal.
    shapes = [(2, 6), (3, 4), (6, 2), (4, 4), (5, 4), (3, 7), (16, 2)]
    counts = [check(f, reference, normal(*shape)) for shape in shapes]
    assert counts[0] == 1
    assert sum(counts) <= 6
    assert [check(f, reference, normal(*shape)) for shape in [(17, 3), (6, 9), *shapes]] == [0] * 9


def test_guards_fail_one_after_the_other() -> None:
    """Each call breaks one more equality that the calls before it had; then no equality is left to break."""
    f = mx.jit(lambda *xs: mx.stack([mx.sum(x * x) for x in xs]))

    def reference(*xs: np.ndarray) -> np.ndarray:
        return np.stack([(x * x).sum() for x in xs])

    sizes = [(4,) * 8, (5,) * 8, (5,) * 7 + (6,), (5,) * 6 + (6, 7), (5,) * 5 + (6, 7, 8), (5,) * 4 + (6, 7, 8, 9)]
    counts = [check(f, reference, *map(normal, call)) for call in sizes]
    assert counts == [1, 1, 1, 1, 1, 1], counts
    # Four generalisations were the limit: now every size is its own, and no call compiles again.
    info = mx.cache.info()["generalisations"]
    for call in [(9, 8, 7, 6, 5, 4, 3, 2), (2, 3, 4, 5, 6, 7, 8, 9), (11,) * 8, (4, 11) * 4, *sizes]:
        assert check(f, reference, *map(normal, call)) == 0, call
    assert mx.cache.info()["generalisations"] == info


def test_divisibility_that_held_by_chance() -> None:
    """Heads that divide a width, rows that fill vectors: all of that may end with the next call."""
    f = mx.jit(lambda x: mx.sum(x.reshape(x.shape[0], 2, -1) * 2, axis=(0, 2)))

    def reference(x: np.ndarray) -> np.ndarray:
        return (x.reshape(x.shape[0], 2, -1) * 2).sum(axis=(0, 2))

    for shape in [(64, 64), (64, 128), (3, 130), (65, 2), (2, 66), (31, 18)]:
        check(f, reference, normal(*shape))
    before = compiles()
    for shape in [(33, 34), (64, 62), (5, 4096), (4097, 4)]:
        assert check(f, reference, normal(*shape)) == 0
    assert compiles() == before
    with pytest.raises(ValueError, match="reshape"):
        f(mx.array(normal(3, 5)))


def test_gradients_of_sizes_that_change() -> None:
    """The backward program has guards of its own."""
    f = mx.jit(mx.grad(lambda x, w: mx.mean(mx.tanh(x @ w))))

    def reference(x: np.ndarray, w: np.ndarray) -> np.ndarray:
        y = np.tanh(x @ w)
        return (1 - y * y) / y.size @ w.T

    sizes = [(4, 4, 4), (4, 5, 4), (6, 5, 4), (6, 5, 7), (3, 8, 3)]
    counts = [check(f, reference, normal(n, k), normal(k, m)) for n, k, m in sizes]
    assert sum(counts) <= 5
    assert [check(f, reference, normal(n, k), normal(k, m)) for n, k, m in [(12, 13, 14), (9, 9, 9)]] == [0, 0]


def test_slices_that_move() -> None:
    """A window that starts elsewhere and is longer each time, beside one that ends with the array."""

    def window(start: int, length: int) -> Call:
        return lambda x: x[start : start + length] * 2 + x[-length:]

    windows = [(32, 0, 4), (32, 1, 5), (40, 3, 9), (40, 7, 2), (16, 0, 16), (18, 15, 3), (32, 2, 2), (33, 5, 11)]
    counts = [check(window(at, n), window(at, n), normal(size)) for size, at, n in windows]
    assert sum(counts) <= 6, counts
    assert [check(window(at, n), window(at, n), normal(size)) for size, at, n in [(50, 9, 13), *windows]] == [0] * 9


def parts(xp: object, a: np.ndarray, b: np.ndarray) -> object:
    joined = xp.concatenate([a, a[:, ::-1]], axis=1)
    return xp.sum(joined.reshape(-1), axis=0) + xp.max(b[1:] * 2, axis=0)


# Functions of arrays in mlxir and in NumPy, and the shapes of the arrays in terms of the sizes p, q, r.
MIXED: dict[str, tuple[Call, list[str]]] = {
    "products": (lambda xp, a, b, c: xp.matmul(xp.matmul(a, b) + 1, c), ["pq", "qr", "rp"]),
    "outer sums": (lambda xp, a, b: xp.sum(a[:, None] * b[None, :] + 1, axis=0), ["p", "q"]),
    "parts": (parts, ["pq", "rq"]),
    "reshapes": (
        lambda xp, a, b: a.reshape(-1) + xp.transpose(b.reshape(a.shape[1], -1)).reshape(-1) * a.shape[0],
        ["pqr", "qpr"],
    ),
    "norms": (lambda xp, a, b: a / (1 + xp.sqrt(xp.mean(a * a, axis=-1, keepdims=True))) + b, ["pqr", "r"]),
    "windows": (lambda xp, a, b: a[:, : b.shape[0]] * 2 + a[:, -b.shape[0] :] + b, ["p(q+r)", "r"]),
}


@pytest.mark.parametrize("mode", [mx.jit, eager], ids=["jit", "eager"])
@pytest.mark.parametrize("name", MIXED)
def test_sizes_in_any_order(name: str, mode: Callable[[Call], Call]) -> None:
    """Few sizes, drawn often: equalities hold by chance and break; after the generalisations nothing compiles.

    None is 2: a part of it, or its half, would be a 1, which is another structure.
    """
    function, shapes = MIXED[name]
    dims = [re.findall(r"\(.*?\)|\w", shape) for shape in shapes]
    f = mode(lambda *xs: function(mx, *xs))
    rng = np.random.default_rng(sum(map(ord, name)))
    drawn = [dict(zip("pqr", rng.choice((3, 4, 6, 8, 12), 3).tolist(), strict=True)) for _ in range(25)]

    def call(sizes: dict[str, int]) -> int:
        return check(f, lambda *xs: function(np, *xs), *(normal(*(eval(d, dict(sizes)) for d in dim)) for dim in dims))

    counts = [call(sizes) for sizes in drawn]
    assert counts[0] == 1
    assert sum(counts) <= 1 + 4 + 1, counts
    assert [call(sizes) for sizes in [*drawn, {"p": 5, "q": 7, "r": 9}, {"p": 9, "q": 9, "r": 9}]] == [0] * 27


def deeper(i: int) -> mx.array:
    x = mx.zeros((2, 3))
    for _ in range(i + 1):
        x = mx.tanh(x)
    return x + 1


def held(*shape: int, dtype: str = "float32") -> mx.array:
    return mx.array(np.ones(shape, dtype))


TYPES = ["float32", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
# What varies from call to call; every one is another structure.
STORMS: dict[str, tuple[Callable[[int], mx.array], str]] = {
    "rank": (
        lambda i: held(*[2] * (i + 1)) * 3,
        r"the shape of operand 0 of multiply at .*test_sizes.*: \(.*\) became",
    ),
    "dtype": (
        lambda i: held(3, dtype=TYPES[i % 10]) + held(*[1] * (i // 10 + 1), dtype=TYPES[i % 10]),
        r"the dtype of operand 0 of add at .*test_sizes.*: int32 became int64",
    ),
    "ops": (deeper, r"the number of ops: 20 became 21"),
    "axis": (
        lambda i: mx.sum(held(*[2] * 20), axis=i),
        r"`axes` of sum at .*test_sizes.*: \(14,\) became \(15,\)",
    ),
    "exponent": (
        lambda i: held(3) ** (i / 64 + 0.25),
        r"the constant that is operand 1 of power at .*test_sizes.*: 0.46875 became 0.484375",
    ),
    "arrays": (lambda i: mx.concatenate([held(2)] + [held(3) for _ in range(i)]), "the number of .*1[56] became 1[67]"),
}


@pytest.mark.parametrize("name", STORMS)
def test_an_eager_storm_names_what_varied(name: str) -> None:
    vary, message = STORMS[name]
    with pytest.warns(RuntimeWarning, match=f"was compiled 16 times; what varied last: {message}") as caught:
        for i in range(40 if name == "exponent" else 18):
            mx.eval(vary(i))
    assert len(caught) == 1
