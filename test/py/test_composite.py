# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions recorded as one region: traced once, and transformed like any other op."""

from __future__ import annotations

import mlxir as mx
import numpy as np
from mlxir._core import composite

traced = []


@composite
def _shifted_square(x, y, *, by):
    traced.append((x.shape, by))
    shifted = x + by
    return shifted * shifted if y is None else shifted * y


@composite
def _both(x):
    return x + 1, x * 2


def test_traced_once_for_types_and_static_arguments() -> None:
    traced.clear()
    a = mx.array([1.0, 2.0])
    assert _shifted_square(a, None, by=1.0).tolist() == [4, 9]
    assert _shifted_square(a + 1, None, by=1.0).tolist() == [9, 16]
    assert _shifted_square(a, a, by=1.0).tolist() == [2, 6]
    assert _shifted_square(a, None, by=2.0).tolist() == [9, 16]
    assert _shifted_square(a[:1], None, by=2.0).tolist() == [9]
    assert traced == [((2,), 1.0), ((2,), 1.0), ((2,), 2.0), ((1,), 2.0)]


def test_several_results() -> None:
    one, two = _both(mx.array([1.0, 2.0]))
    assert one.tolist() == [2, 3]
    assert two.tolist() == [2, 4]


def test_is_one_region_in_the_program() -> None:
    text = mx.jit(lambda x: _shifted_square(x, None, by=1.0)).lower(mx.ones(2)).ir("mlxir")
    assert 'composite "shifted_square"' in text


def test_derivatives_and_batching() -> None:
    x = mx.array([1.0, 2.0, 3.0])
    f = lambda x: _shifted_square(x, None, by=1.0)  # noqa: E731
    assert mx.grad(lambda x: f(x).sum())(x).tolist() == [4, 6, 8]
    assert mx.jvp(f, [x], [mx.ones(3)])[1][0].tolist() == [4, 6, 8]
    assert mx.vmap(f)(x).tolist() == f(x).tolist()
    assert mx.vmap(mx.grad(f))(x).tolist() == [4, 6, 8]
    assert mx.grad(lambda x: mx.grad(lambda x: f(x).sum())(x).sum())(x).tolist() == [2, 2, 2]


def test_error_inside_leaves_nothing_behind() -> None:
    @composite
    def broken(x):
        return x + undefined  # noqa: F821

    for _ in range(2):
        try:
            broken(mx.ones(1))
        except NameError:
            pass
        else:
            raise AssertionError("no error")
    assert (mx.ones(2) + 1).tolist() == [2, 2]


def test_is_named_in_errors() -> None:
    try:
        mx.fast.layer_norm(mx.ones((2, 3)), mx.ones(4), None, 1e-5)
    except ValueError as error:
        assert str(error).startswith("[layer_norm] expected a vector of the last size")
    else:
        raise AssertionError("no error")


def test_stable_at_extremes() -> None:
    assert np.isfinite(np.asarray(mx.softmax(mx.array([1e30, -1e30, 0.0])))).all()
    assert mx.logsumexp(mx.array([1e30, 1e30])).item() == np.float32(1e30)
    assert mx.logsumexp(mx.array([-np.inf, -np.inf])).item() == -np.inf
    assert mx.logsumexp(mx.array([np.inf, 1.0])).item() == np.inf
    assert mx.var(mx.array([1e4, 1e4 + 1], mx.float32)).item() == 0.25
