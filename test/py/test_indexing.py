# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads and writes of items against NumPy: fixed cases, and random ones."""

from __future__ import annotations

import random
from typing import Any

import mlxir as mx
import numpy as np
import pytest
from oracle_expressions import INDEXING


@pytest.mark.parametrize("source", INDEXING)
def test_like_mlx(source: str, like_mlx) -> None:
    like_mlx(source)


def random_index(rng: random.Random, dims: tuple[int, ...]) -> list[Any]:
    """Return ints, slices, None, Ellipsis and lists of ints, all in range."""
    number = rng.randint(1, len(dims))
    ellipsis_at = rng.randint(0, number) if rng.random() < 0.3 and number < len(dims) else None
    shape = rng.choice([(), (2,), (3,), (2, 3), (1,)])
    items: list[Any] = []
    axis = 0
    for position in range(number):
        if position == ellipsis_at:
            items.append(...)
            axis = len(dims) - (number - position)
        size = dims[axis]
        axis += 1
        kind = rng.random()
        if kind < 0.35:
            bound = [None, *range(-size - 2, size + 3)]
            items.append(slice(rng.choice(bound), rng.choice(bound), rng.choice([None, 1, 2, -1, -2, 3])))
        elif kind < 0.55:
            items.append(rng.randint(-size, size - 1))
        elif kind < 0.9:
            own = rng.choice([shape, (1,) * len(shape)])
            items.append(np.array([rng.randint(-size, size - 1) for _ in range(int(np.prod(own)))]).reshape(own))
        else:
            items.append(slice(None))
        if rng.random() < 0.1:
            items.append(None)
    return items


def ours(items: list[Any]) -> tuple[Any, ...]:
    return tuple([mx.array(i.astype(np.int32)) if isinstance(i, np.ndarray) else i for i in items])


@pytest.mark.filterwarnings("ignore:the computation that ends at:RuntimeWarning")
@pytest.mark.parametrize("seed", range(60))
def test_random_index(seed: int) -> None:
    rng = random.Random(seed)
    dims = tuple(rng.choice([1, 2, 3, 4]) for _ in range(rng.randint(1, 4)))
    items = random_index(rng, dims)
    data = np.arange(int(np.prod(dims)), dtype=np.int32).reshape(dims)
    expected = data[tuple(items)]
    a = mx.array(data)
    got = a[ours(items)]
    assert got.shape == expected.shape, (dims, items)
    np.testing.assert_array_equal(np.asarray(got), expected, err_msg=f"{dims} {items}")

    # Updates of one element that differ have no order: write one value, but add many.
    written = data.copy()
    written[tuple(items)] = 77
    a[ours(items)] = 77
    np.testing.assert_array_equal(np.asarray(a), written, err_msg=f"{dims} {items}")
    updates = np.arange(1, expected.size + 1, dtype=np.int32).reshape(expected.shape)
    added = data.copy()
    np.add.at(added, tuple(items), updates)
    got = mx.array(data).at[ours(items)].add(mx.array(updates))
    np.testing.assert_array_equal(np.asarray(got), added, err_msg=f"{dims} {items}")


@pytest.mark.parametrize("shape", [(), (2,), (1, 2), (3, 2), (1, 3, 2)])
def test_values_broadcast_when_written(shape: tuple[int, ...]) -> None:
    data, values = np.zeros((3, 4), np.float32), np.arange(1, 1 + np.prod(shape, dtype=int)).reshape(shape)
    a = mx.array(data)
    a[:, 1:3] = mx.array(values)
    data[:, 1:3] = values.reshape(values.shape[-2:])
    np.testing.assert_array_equal(np.asarray(a), data)


def test_written_values_take_the_dtype_of_the_array() -> None:
    a = mx.array([1, 2, 3])
    a[0] = 2.7
    a[1:] = mx.array([9.9, -9.9])
    assert a.tolist() == [2, 9, -9]
    assert a.dtype is mx.int32


def test_mask_writes() -> None:
    a = mx.arange(6).reshape(2, 3)
    a[a > 2] = 0
    assert a.tolist() == [[0, 1, 2], [0, 0, 0]]
    a[mx.array([True, False])] = mx.array([7, 8, 9])
    assert a.tolist() == [[7, 8, 9], [0, 0, 0]]
    a[True] = 1
    assert a.tolist() == [[1, 1, 1], [1, 1, 1]]


MASKED_SHAPES = [((n,), 1) for n in (1, 2, 31, 32, 33, 64, 1000, 1025, 33000)]
MASKED_SHAPES += [((7, 5), 1), ((7, 5), 2), ((40, 3, 2), 1), ((9, 7, 3), 2), ((4, 5, 6), 3), ((0, 3), 1), ((3, 0), 1)]


@pytest.mark.parametrize(("dims", "rank"), MASKED_SHAPES)
@pytest.mark.parametrize("kind", ["array", "numpy", "list"])
def test_mask_writes_take_values_in_order(dims: tuple[int, ...], rank: int, kind: str) -> None:
    rng = np.random.default_rng(len(dims) + dims[0])
    data, mask = rng.normal(size=dims).astype(np.float32), rng.random(dims[:rank]) < 0.4
    values = rng.normal(size=(np.count_nonzero(mask), *dims[rank:])).astype(np.float32)
    index: Any = {"array": mx.array, "numpy": np.asarray, "list": np.ndarray.tolist}[kind](mask)
    if kind == "list" and not index:
        pytest.skip("an empty list is an index of integers")
    for source in (values, np.float32(3)):
        want, got = data.copy(), mx.array(data)
        want[mask] = source
        got[index] = mx.array(source)
        np.testing.assert_array_equal(np.array(got), want)


def test_mask_writes_of_other_lengths_and_in_transforms() -> None:
    def write(x: mx.array, mask: mx.array, values: mx.array) -> mx.array:
        x = x * 1
        x[mask] = values
        return x

    jitted, rng = mx.jit(write), np.random.default_rng(5)
    for size in (40, 50, 61, 33, 90, 1000, 2000, 1500):
        data, mask = rng.normal(size=size).astype(np.float32), rng.random(size) < 0.5
        want = data.copy()
        want[mask] = values = rng.normal(size=np.count_nonzero(mask)).astype(np.float32)
        np.testing.assert_array_equal(np.array(jitted(mx.array(data), mx.array(mask), mx.array(values))), want)
    mask = mx.array([[True, False, True, True], [False, True, True, True]])
    x, values = mx.zeros((2, 4)), mx.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert mx.vmap(write)(x, mask, values).tolist() == [[1, 0, 2, 3], [0, 4, 5, 6]]
    assert mx.vmap(write, in_axes=(None, 0, None))(x[0], mask, values[0]).tolist() == [[1, 0, 2, 3], [0, 1, 2, 3]]
    gradients = mx.vjp(lambda x, v: write(x, mask[0], v), [x[0], values[0]], [mx.array([1.0, 10.0, 100.0, 1000.0])])[1]
    assert [g.tolist() for g in gradients] == [[0, 10, 0, 0], [1, 100, 1000]]
    tangent = mx.jvp(lambda x, v: write(x, mask[0], v), [x[0], values[0]], [mx.full((4,), 7.0), values[1]])[1][0]
    assert tangent.tolist() == [4, 7, 5, 6]


@pytest.mark.parametrize(
    ("mask", "values", "message"),
    [
        (mx.array([True, False]), mx.ones((2,)), r"expected a mask of shape \(3, 4\) or its first dims, got \(2,\)"),
        (mx.ones((3, 4, 1), mx.bool_), mx.ones((2,)), r"expected a mask of shape \(3, 4\)"),
        (
            mx.ones((3, 4), mx.bool_),
            mx.ones((3, 4)),
            r"expected values of shape \(\) or a sequence of them, got \(3, 4\)",
        ),
        (mx.ones((3,), mx.bool_), mx.ones((1, 3, 4)), r"expected values of shape \(4,\) or a sequence of them"),
        (mx.ones((3,), mx.bool_), mx.ones((3, 3)), r"expected .* got \(3, ?3\)"),
    ],
)
def test_mask_writes_that_do_not_fit(mask: mx.array, values: mx.array, message: str) -> None:
    a = mx.zeros((3, 4))
    with pytest.raises(ValueError, match=rf"\[setitem\] {message}"):
        a[mask] = values
    assert a.tolist() == [[0] * 4] * 3


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("add", [3, 2, 10]),
        ("subtract", [-1, 2, -4]),
        ("multiply", [1, 2, 36]),
        ("divide", [1, 2, 0.25]),
        ("maximum", [1, 2, 4]),
        ("minimum", [1, 2, 3]),
    ],
)
def test_at_takes_all_updates(method: str, expected: list[float]) -> None:
    a = mx.array([1.0, 2.0, 3.0])
    at = a.at[mx.array([0, 2, 0, 2])]
    got = getattr(at, method)(mx.array([1.0, 3.0, 1.0, 4.0]))
    assert got.tolist() == expected
    assert a.tolist() == [1, 2, 3]


def test_array_indices_never_leave_the_array() -> None:
    a = mx.array([1, 2, 3])
    assert a[mx.array([100, -100, -1])].tolist() == [3, 1, 3]
    a[mx.array([100])] = 9
    assert a.tolist() in ([1, 2, 3], [1, 2, 9])


def test_gradients_of_reads_and_writes() -> None:
    x = mx.array([1.0, 2.0, 3.0])
    assert mx.grad(lambda x: (x[::2] * mx.array([2.0, 5.0])).sum())(x).tolist() == [2, 0, 5]
    assert mx.grad(lambda x: x[mx.array([0, 0, 2])].sum())(x).tolist() == [2, 0, 1]
    assert mx.grad(lambda x: x[-1] * x[0])(x).tolist() == [3, 0, 1]

    def written(x, y):
        x = x * 1
        x[1:] = y
        return (x * mx.array([1.0, 2.0, 3.0])).sum()

    assert [g.tolist() for g in mx.grad(written, argnums=(0, 1))(x, mx.ones(2))] == [[1, 0, 0], [2, 3]]


def test_batched_reads() -> None:
    x, i = mx.arange(6).reshape(2, 3), mx.array([2, 0])
    assert mx.vmap(lambda row, at: row[at])(x, i).tolist() == [2, 3]
    assert mx.vmap(lambda row: row[mx.array([1, 0])])(x).tolist() == [[1, 0], [4, 3]]
    assert mx.vmap(lambda at: x[:, at])(i).tolist() == [[2, 5], [0, 3]]
