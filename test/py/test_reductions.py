# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tree by which reductions add (docs/numerics.md): one for rows, columns, fused and moved operands, any threads."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import mlxir as mx
import numpy as np
import pytest
from mlxir import _core

LANES, BLOCK = 64, 4096
LENGTHS = (1, 2, 3, 7, 16, 33, 63, 64, 65, 100, 128, 191, 192, 255, 257, 449, 1000, 4095, 4096, 4097, 4159, 8192, 12289)
SHAPES = (
    (2, 3),
    (3, 64),
    (5, 70),
    (70, 5),
    (65, 65),
    (4096, 2),
    (2, 4096),
    (3, 5000),
    (10, 3, 4),
    (5, 33, 64),
    (9, 1, 70),
)


def tree_sum(x: np.ndarray) -> np.ndarray:
    """The documented tree along axis 0, in the dtype of `x`."""
    partials: list[tuple[int, np.ndarray]] = []
    for begin in range(0, max(len(x), 1), BLOCK):
        block = x[begin : begin + BLOCK]
        lanes = np.zeros((LANES, *x.shape[1:]), x.dtype)
        for row in range(0, len(block), LANES):
            part = block[row : row + LANES]
            lanes[: len(part)] += part
        while len(lanes) > 1:
            lanes = lanes[: len(lanes) // 2] + lanes[len(lanes) // 2 :]
        size, total = 1, lanes[0]
        while partials and partials[-1][0] == size:
            total, size = partials.pop()[1] + total, size * 2
        partials.append((size, total))
    total = partials.pop()[1]
    while partials:
        total = partials.pop()[1] + total
    return total


def normal(*shape: int, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("length", LENGTHS)
def test_rows_and_columns_follow_the_tree(length: int, dtype: str) -> None:
    for width in (1, 3, 16, 70):
        a = normal(length, width, dtype=dtype)
        x, xt = mx.array(a, dtype=getattr(mx, dtype)), mx.array(np.ascontiguousarray(a.T), dtype=getattr(mx, dtype))
        expected = tree_sum(a)
        np.testing.assert_array_equal(np.array(mx.sum(x, axis=0)), expected)
        np.testing.assert_array_equal(np.array(mx.sum(xt, axis=1)), expected)
        np.testing.assert_array_equal(np.array(mx.sum(xt.T, axis=0)), expected)
    if dtype == "float32":  # 16-bit types add in float32
        half = normal(length, dtype="float16")
        expected = tree_sum(half.astype(np.float32)).astype(np.float16)
        np.testing.assert_array_equal(np.array(mx.sum(mx.array(half))), expected)


def test_several_axes_are_one_length() -> None:
    """Axes that a fused operand keeps apart are added as those that are one in memory."""
    for shape in SHAPES:
        a, row = normal(*shape), normal(shape[-1])
        x, r = mx.array(a), mx.array(row)
        product = a * row
        for axes in [tuple(range(len(shape))), *((i,) for i in range(len(shape))), (0, len(shape) - 1), (0, 1)]:
            axes = tuple(dict.fromkeys(axes))
            kept = [i for i in range(len(shape)) if i not in axes]
            length = int(np.prod([shape[i] for i in axes]))
            expected = tree_sum(product.transpose(*axes, *kept).reshape(length, *(shape[i] for i in kept)))

            def both(v: mx.array, w: mx.array, axes: tuple[int, ...] = axes) -> tuple[mx.array, mx.array]:
                return mx.sum(v * w, axis=axes), mx.max(v * w, axis=axes)

            alone, (fused, largest) = mx.jit(lambda v, w, axes=axes: mx.sum(v * w, axis=axes))(x, r), mx.jit(both)(x, r)
            np.testing.assert_array_equal(np.array(alone), expected, err_msg=f"{shape} {axes}")
            np.testing.assert_array_equal(np.array(fused), expected, err_msg=f"{shape} {axes}")
            np.testing.assert_array_equal(np.array(largest), product.max(axis=axes))


def test_moved_operands_add_in_their_own_order() -> None:
    for shape in SHAPES:
        a = normal(*shape)
        x = mx.array(a)
        expected = tree_sum((a.T * np.float32(2)).reshape(-1))
        np.testing.assert_array_equal(np.array(mx.jit(lambda v: mx.sum(v.T * 2))(x)), expected)
        np.testing.assert_array_equal(np.array(mx.sum(x.T * 2)), expected)


@pytest.mark.parametrize("length", LENGTHS)
def test_other_reductions_of_columns_are_those_of_rows(length: int) -> None:
    a = normal(length, 5)
    a[length // 2] = a.max()  # a tie
    x, xt = mx.array(a), mx.array(np.ascontiguousarray(a.T))
    pairs: list[tuple[Callable[..., mx.array], Callable[..., np.ndarray] | None]] = [
        (mx.max, np.max), (mx.min, np.min), (mx.argmax, np.argmax), (mx.argmin, np.argmin),
        (mx.prod, None), (mx.mean, None), (mx.var, None), (mx.logsumexp, None),
    ]  # fmt: skip
    for reduce, reference in pairs:
        columns = np.array(reduce(x, axis=0))
        np.testing.assert_array_equal(columns, np.array(reduce(xt, axis=1)), err_msg=reduce.__name__)
        if reference:
            np.testing.assert_array_equal(columns, reference(a, axis=0), err_msg=reduce.__name__)
    for reduce, reference in ((mx.all, np.all), (mx.any, np.any)):
        np.testing.assert_array_equal(np.array(reduce(x > 0, axis=0)), reference(a > 0, axis=0))


def test_symbolic_lengths_add_as_constant_ones() -> None:
    total = mx.jit(lambda v: (mx.sum(v * 2, axis=0), mx.sum(v * 2, axis=1)), dynamic=True)
    for length in (*LENGTHS, 0):
        a = normal(length, 37)
        rows, columns = total(mx.array(a)) if length else (mx.sum(mx.array(a), axis=0), mx.sum(mx.array(a), axis=1))
        np.testing.assert_array_equal(np.array(rows), tree_sum(a * 2))
        np.testing.assert_array_equal(np.array(columns), tree_sum(np.ascontiguousarray(a.T) * 2))


def test_long_sums_are_exact_where_counting_is() -> None:
    """An accumulator that takes one element after the other stops growing at 2^24."""
    n = 20_000_000
    assert mx.sum(mx.ones((n,))).item() == n
    assert mx.sum(mx.ones((n, 2)), axis=0).tolist() == [n, n]
    assert mx.sum(mx.ones((2, n)), axis=1).tolist() == [n, n]
    assert mx.mean(mx.ones((n, 2)), axis=0).tolist() == [1.0, 1.0]
    assert mx.mean(mx.full((n,), 0.5, dtype=mx.float16)).item() == 0.5
    assert mx.sum(mx.ones((n, 2)), axis=(0, 1)).item() == 2 * n


def test_deviations_of_16_bit_floats_do_not_overflow_on_the_way() -> None:
    a = mx.array([0.0, 40000.0], mx.float16)  # a variance of 4e8
    assert mx.std(a).item() == 20000
    assert mx.std(a, keepdims=True).tolist() == [20000]
    assert mx.jit(mx.std)(a).item() == 20000
    assert mx.var(a).item() == math.inf


def test_long_sums_are_accurate() -> None:
    """The bound of pairwise summation: a chain of 64, six folds and a fold a doubling of blocks."""
    for length in (100_000, 1_000_000, 10_000_000):
        a = np.random.default_rng(length).random(length, dtype=np.float32)
        exact = a.astype(np.float64).sum()
        depth = 64 + 6 + np.ceil(np.log2(length / BLOCK))
        for value in (mx.sum(mx.array(a)), mx.sum(mx.array(a).reshape(-1, 1), axis=0)):
            assert abs(value.item() - exact) <= depth * 2.0**-24 * exact
        # What is seen is far below the bound.
        assert abs(mx.sum(mx.array(a)).item() - exact) <= 4 * 2.0**-24 * exact


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    yield _core.set_num_threads
    _core.set_num_threads(len(os.sched_getaffinity(0)))


def test_results_do_not_depend_on_the_number_of_threads(threads: Callable[[int], None]) -> None:
    a, w = mx.array(normal(600, 700)), mx.array(normal(700, 300))
    index = mx.array(np.random.default_rng(0).integers(0, 50, 20_000))
    updates = mx.array(normal(20_000, 24))

    def loss(x: mx.array, w: mx.array) -> mx.array:
        return mx.mean(mx.softmax(mx.tanh(x @ w), axis=-1) ** 2)

    workloads: list[Callable[[], list[mx.array]]] = [
        lambda: [mx.sum(a), mx.sum(a, axis=0), mx.sum(a, axis=1), mx.var(a)],
        lambda: [mx.softmax(a, axis=-1), mx.softmax(a, axis=0), mx.fast.layer_norm(a, None, None, 1e-5)],
        lambda: [a @ w, a[:1] @ w, a @ w[:, 0], mx.exp(a).T + 1],
        lambda: [mx.zeros((50, 24)).at[index].add(updates)],
        lambda: list(mx.grad(loss, argnums=(0, 1))(a, w)),
    ]
    for work in workloads:
        expected = None
        for count in (1, 2, 3, 7):
            threads(count)
            got = [np.array(x) for x in work()]
            expected = expected or got
            for x, y in zip(got, expected, strict=True):
                np.testing.assert_array_equal(x, y, err_msg=f"{count} threads")


def test_both_vector_widths_add_alike() -> None:
    code = (
        "import mlxir as mx, numpy as np, hashlib\n"
        "out = hashlib.sha256()\n"
        "for n in (5, 64, 100, 4096, 4133, 9000):\n"
        "    for dtype in ('float32', 'float16', 'float64'):\n"
        "        a = np.random.default_rng(n).standard_normal((n, 37)).astype(dtype)\n"
        "        x = mx.array(a, dtype=getattr(mx, dtype))\n"
        "        for axis in (0, 1, None):\n"
        "            out.update(np.array(mx.sum(x * 3, axis=axis)).tobytes())\n"
        "            out.update(np.array(mx.sum(x.astype(mx.float32), axis=axis)).tobytes())\n"
        "print(out.hexdigest())\n"
    )
    seen = set()
    for cpu in ("", "x86-64-v3"):
        environment = {**os.environ, "MLXIR_CACHE": "off"} | ({"MLXIR_CPU": cpu} if cpu else {})
        seen.add(
            subprocess.run(
                [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
            ).stdout
        )
    assert len(seen) == 1, seen
