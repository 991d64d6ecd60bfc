# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Errors name the public function, what was expected, what came, and the user's line."""

from __future__ import annotations

import math
import signal
import threading
import time

import mlxir as mx
import numpy as np
import pytest

a, m = mx.ones((2, 3)), mx.ones((4,))

# What is done, the error's type, and its text.
CASES = [
    (lambda: a + m, ValueError, r"\[add\] expected shapes that can be broadcast together, got \(2, 3\) and \(4,\)"),
    (lambda: mx.matmul(a, a), ValueError, r"\[matmul\] expected the last size .* got shapes \(2, 3\) and \(2, 3\)"),
    (lambda: a @ m, ValueError, r"\[matmul\]"),
    (
        lambda: mx.matmul(mx.array([1]), mx.array([1])),
        ValueError,
        r"\[matmul\] expected floating-point arrays, got int32",
    ),
    (lambda: mx.sum(a, axis=2), IndexError, r"\[sum\] expected an axis of an array with 2 dimensions, got 2"),
    (lambda: mx.softmax(a, axis=-3), ValueError, r"\[softmax\] expected an axis"),
    (lambda: mx.mean(a, axis=(0, 0)), ValueError, r"\[mean\] expected each axis once"),
    (
        lambda: mx.max(mx.zeros((2, 0)), axis=1),
        ValueError,
        r"\[max\] expected elements along axis 1, got shape \(2, 0\)",
    ),
    (lambda: mx.argmax(mx.zeros((0,))), ValueError, r"\[argmax\] expected at least one element"),
    (lambda: mx.reshape(a, (4,)), ValueError, r"\[reshape\] expected a shape of 6 elements, got \(4,\)"),
    (lambda: a.reshape(-1, -1), ValueError, r"\[reshape\] expected at most one size of -1"),
    (lambda: mx.transpose(a, (0, 0)), ValueError, r"\[transpose\] expected each of 2 axes once"),
    (lambda: mx.squeeze(a, 0), ValueError, r"\[squeeze\] expected an axis of size 1"),
    (lambda: mx.concatenate([a, m]), ValueError, r"\[concatenate\] expected arrays of one number of dimensions"),
    (lambda: mx.concatenate([]), ValueError, r"\[concatenate\] expected at least one array"),
    (lambda: mx.stack([a, m]), ValueError, r"\[stack\] expected arrays of one shape, got \(2, 3\), \(4,\)"),
    (lambda: mx.split(m, 3), ValueError, r"\[split\] expected a number of parts that divides 4, got 3"),
    (lambda: mx.broadcast_to(m, (3,)), ValueError, r"\[broadcast_to\]"),
    (lambda: mx.array(1, mx.int8) + 300, ValueError, r"\[add\] expected an integer that int8 can hold, got 300"),
    (lambda: mx.array(2**64), ValueError, r"\[array\] expected integers that"),
    (lambda: mx.array([[1], [1, 2]]), ValueError, r"\[array\] expected lists of one length at each depth"),
    (lambda: mx.array("x"), ValueError, r"\[array\] expected .*, got str"),
    (lambda: mx.array([None]), ValueError, r"\[array\] expected numbers or arrays, got NoneType"),
    (lambda: a + "x", ValueError, r"\[add\] expected an array or a number, got str"),
    (lambda: a + object(), TypeError, r"unsupported operand"),
    (lambda: -mx.array([True]), TypeError, r"\[negative\] expected integer or floating-point elements, got bool"),
    (lambda: ~a, ValueError, r"\[bitwise_invert\] expected bool or integer elements, got float32"),
    (lambda: mx.exp(), TypeError, r"\[exp\] expected 1 arrays, got 0"),
    (lambda: mx.exp(a, a, a), TypeError, r"\[exp\]"),
    (lambda: mx.exp(a, axis=1), TypeError, r"\[exp\] got an unexpected keyword argument 'axis'"),
    (lambda: mx.exp([1.0]), ValueError, r"\[exp\] expected an array or a number, got list"),
    (lambda: mx.sum(1.0), TypeError, r"\[sum\] expected an array, got float"),
    (lambda: mx.exp(a, stream=3), TypeError, r"\[stream\] expected a device, got int"),
    (lambda: mx.exp(a, stream=mx.gpu), ValueError, r"\[stream\] expected one of 0 devices of type gpu"),
    (lambda: a[2], IndexError, r"\[getitem\] expected an index within axis 0 of size 2, got 2"),
    (lambda: a[0, 0, 0], IndexError, r"\[getitem\] expected at most 2 indices, got 3"),
    (lambda: a[[0, 5]], IndexError, r"\[getitem\] expected an index within axis 0"),
    (lambda: a[1.0], ValueError, r"\[getitem\] expected ints, slices, .* got float"),
    (lambda: a[a], ValueError, r"\[getitem\] expected integers as index, got float32"),
    (lambda: a[a > 0], ValueError, r"\[getitem\] expected integers as index, got bool"),
    (lambda: a[..., ...], ValueError, r"\[getitem\] expected at most one \.\.\."),
    (lambda: a.item(), ValueError, r"\[item\] expected an array of one element, got shape \(2, 3\)"),
    (lambda: bool(a), ValueError, r"\[bool\]"),
    (lambda: len(mx.array(1)), TypeError, r"\[len\]"),
    (lambda: f"{a:.2f}", TypeError, r"\[format\] expected no format for an array of at least one axis"),
    (lambda: a.at.add(1), ValueError, r"\[at\] expected an index, as in x.at\[0\].add\(4\), got none"),
    (lambda: a.at[a > 0].add(1), ValueError, r"\[at\] expected integers as index, got bool"),
    (lambda: a.at[0].divide("x"), ValueError, r"\[at\] expected a number, .* got str"),
    (lambda: mx.compile(abs)(object()), ValueError, r"\[compile\] expected arrays, .* arguments of abs, got object"),
    (lambda: mx.compile(abs)({"x": [{1}]}), ValueError, r"\[compile\] expected arrays, .* got set"),
    (lambda: [1][mx.array(0.0)], TypeError, r"\[index\] expected an integer array of shape \(\)"),
    (lambda: mx.zeros((-1,)), ValueError, r"\[zeros\] expected no negative size"),
    (lambda: mx.zeros("x"), TypeError, r"\[zeros\] expected an integer for shape, got str"),
    (lambda: mx.arange(0, 1, 0), ValueError, r"\[arange\] expected a step that is not 0"),
    (lambda: mx.linspace(0, 1, -1), ValueError, r"\[linspace\] expected a number of samples >= 0, got -1"),
    (lambda: mx.clip(a, None, None), ValueError, r"\[clip\] expected a_min or a_max"),
    (lambda: mx.pad(a, -1), ValueError, r"\[pad\] expected no negative width"),
    (lambda: mx.pad(a, 1, mode="wrap"), ValueError, r"\[pad\] expected 'constant'"),
    (lambda: mx.view(mx.zeros((2, 3), mx.int8), mx.int32), ValueError, r"\[view\] expected a last axis"),
    (
        lambda: mx.fast.scaled_dot_product_attention(*[mx.ones((1, 2, 3, 4), mx.float16)] * 3, scale=1.0, sinks=a[0]),
        ValueError,
        r"\[scaled_dot_product_attention\] expected sinks of a dtype up to float16, got float32",
    ),
    (lambda: mx.finfo(mx.int32), ValueError, r"\[finfo\] expected a floating-point dtype"),
    (lambda: mx.isdtype(mx.int8, "foo"), ValueError, r"\[isdtype\] expected one of"),
    (lambda: mx.random.uniform(key=mx.array([1, 2])), ValueError, r"\[uniform\] expected a key of dtype uint32"),
    (lambda: mx.random.key(-1), ValueError, r"\[key\] expected a seed"),
    (lambda: mx.random.bernoulli(mx.array([1])), ValueError, r"\[bernoulli\] expected a floating-point probability"),
    (lambda: mx.fast.rope(a, 2, traditional=False, base=1.0, scale=1.0, offset=0), ValueError, r"\[rope\] expected"),
    (lambda: mx.grad(lambda x: x)(m), ValueError, r"\[grad\] expected the function to return a scalar array.*\(4,\)"),
    (lambda: mx.grad(lambda x: 1.0)(m), ValueError, r"\[grad\] expected .* got float"),
    (lambda: mx.grad(lambda x: x.sum(), argnums=1)(m), ValueError, r"\[grad\] expected argnums from 0 to 0"),
    (lambda: mx.grad(lambda x: x.sum())({"a": m, "n": 3}), ValueError, r"\[grad\] expected only arrays"),
    (lambda: mx.grad(3), TypeError, r"\[grad\] expected a function, got int"),
    (lambda: mx.vjp(lambda x: x, [m], [a]), ValueError, r"\[vjp\] expected a cotangent of shape \(4,\), got \(2, 3\)"),
    (lambda: mx.jvp(lambda x: x, [m], []), ValueError, r"\[jvp\] expected 1 tangents, got 0"),
    (lambda: mx.vmap(lambda x, y: x)(a, m), ValueError, r"\[vmap\] expected batches of one size, got 2 and 4"),
    (lambda: mx.vmap(lambda x: x, in_axes=3)(a), IndexError, r"\[vmap\] expected an axis"),
    (lambda: mx.vmap(lambda x: x, in_axes=None)(a), ValueError, r"\[vmap\] expected at least one batched argument"),
    (lambda: mx.vmap(lambda x: x.tolist())(a), ValueError, r"\[tolist\] expected a concrete array.* inside vmap"),
    (lambda: mx.view(a, "int8"), TypeError, r"\[view\] expected a Dtype for dtype, got str"),
    (lambda: mx.can_cast("int8", mx.int32), TypeError, r"\[can_cast\] expected an array or a number, got str"),
    (lambda: mx.linspace("0", 1), TypeError, r"\[linspace\] expected a number for start, got str"),
    (lambda: mx.round(a, decimals="1"), TypeError, r"\[round\] expected an integer for decimals, got str"),
    (lambda: mx.arange(0, 1e20), ValueError, r"\[arange\] expected an integer of 64 bits for shape"),
    (lambda: mx.take(mx.zeros(0), mx.array([0])), IndexError, r"\[take\] expected elements to index along axis 0"),
    (lambda: mx.pad(a, 1, constant_values=m), ValueError, r"\[pad\] expected a scalar .* got shape \(4,\)"),
    (lambda: mx.random.normal((-1,)), ValueError, r"\[normal\] expected no negative size, got the shape \(-1,\)"),
    (lambda: a.at[5].add(1), IndexError, r"\[at\] expected an index within axis 0 of size 2, got 5"),
    (lambda: a.at[0].subtract("x"), ValueError, r"\[at\] expected a number, .* got str"),
    (lambda: mx.jit(abs, static_argnums="x"), TypeError, r"\[jit\] expected ints as static_argnums, got 'x'"),
    (lambda: mx.jit(abs, static_argnames=1), TypeError, r"\[jit\] expected strings as static_argnames, got 1"),
    (
        lambda: mx.jit(lambda x: x, static_argnums=1),
        ValueError,
        r"\[jit\] expected static_argnums within the 1 arguments of <lambda>, got 1",
    ),
    (
        lambda: mx.jit(lambda x: x, static_argnames="n"),
        ValueError,
        r"\[jit\] expected static_argnames among the arguments of <lambda>, got 'n'",
    ),
    (lambda: mx.zeros((1,) * 65), ValueError, r"\[zeros\] expected at most 64 axes, got 65"),
    (lambda: mx.ones((1,) * 64)[None], ValueError, r"expected at most 64 axes, got 65"),
    (
        lambda: mx.jit(abs, state=3),
        TypeError,
        r"\[jit\] expected a tree of modules, optimizers and arrays as state, got int",
    ),
    (
        lambda: mx.jit(lambda x, n: x if n > 0 else -x)(mx.ones(2), 3),
        ValueError,
        r"\[bool\] expected a concrete array.*argument 1 of <lambda>.*or make the number a static argument",
    ),
    (lambda: mx.jit(abs, dynamic=1), TypeError, r"\[jit\] expected True, False or None as dynamic, got 1"),
    (lambda: mx.Device("cpu"), TypeError, r"\[Device\] expected mx.cpu or mx.gpu, got 'cpu'"),
    (lambda: mx.device_count("cpu"), TypeError, r"\[device_count\] expected mx.cpu or mx.gpu, got 'cpu'"),
    (lambda: mx.set_default_stream(3), TypeError, r"\[set_default_stream\] expected a stream, got int"),
    (lambda: mx.synchronize(3), TypeError, r"\[synchronize\] expected a stream or a device, got int"),
    (lambda: mx.stream(3), TypeError, r"\[stream\] expected a stream or a device, got int"),
    (lambda: mx.set_printoptions("x"), TypeError, r"\[set_printoptions\] expected an integer for precision, got str"),
    (lambda: mx.save("a.npy", "x"), ValueError, r"\[save\] expected an array or a number, got str"),
    (lambda: mx.load(3), TypeError, r"\[load\] expected a path or an open file, got int"),
    (lambda: mx.load("weights.bin"), ValueError, r"\[load\] expected a file that ends in npy"),
    (lambda: mx.set_memory_limit(-1), ValueError, r"\[set_memory_limit\] expected a number of bytes"),
]


@pytest.mark.parametrize(("action", "kind", "text"), CASES, ids=[c[2][:40] for c in CASES])
def test_error(action, kind, text: str) -> None:
    with pytest.raises(kind, match=text):
        action()


def test_bad_axis_is_index_error_and_value_error() -> None:
    with pytest.raises(mx.AxisError) as caught:
        mx.sum(a, axis=9)
    assert isinstance(caught.value, IndexError)
    assert isinstance(caught.value, ValueError)


def users_function(x, y):
    return x + y  # the line that errors name


def test_error_names_the_users_line() -> None:
    line = users_function.__code__.co_firstlineno + 1
    with pytest.raises(ValueError, match=f"test_errors.py:{line}"):
        users_function(a, m)


def test_error_inside_the_package_names_the_users_line() -> None:
    line = test_error_inside_the_package_names_the_users_line.__code__.co_firstlineno + 3
    with pytest.raises(ValueError, match=f"test_errors.py:{line}"):
        mx.fast.layer_norm(a, m, None, 1e-5)


def test_comparison_with_foreign_objects() -> None:
    assert (a == None) is False  # noqa: E711
    assert (a == "x") is False
    assert (a != "x") is True
    with pytest.raises(TypeError):
        a < None  # noqa: B015


def test_memory_error_leaves_arrays_intact() -> None:
    kept = mx.arange(10)
    text = (
        r"expected memory for an array of 4398046511104 bytes, got none: \d+ bytes are live, \d+ cached, the limit is"
    )
    with pytest.raises(MemoryError, match=text):
        (mx.zeros((2**40,)) + 1).tolist()
    former = mx.set_memory_limit(mx.get_active_memory() + 1_000_000)
    try:
        with pytest.raises(MemoryError):
            mx.eval(mx.random.normal((10_000_000,), key=mx.random.key(0)))
    finally:
        mx.set_memory_limit(former)
    assert kept.tolist() == list(range(10))
    assert (kept + 1).sum().item() == 55


@pytest.mark.parametrize(
    "transform", [mx.grad, mx.vmap, mx.jit, lambda f: mx.jit(mx.grad(f)), lambda f: mx.vmap(mx.grad(f))]
)
def test_an_exception_in_a_traced_function_leaves_the_recorder_as_it_was(transform) -> None:
    def fails(x):
        raise KeyError("inside")

    for _ in range(3):
        with pytest.raises(KeyError, match="inside"):
            transform(fails)(mx.ones(3))
        assert (mx.ones(3) + 1).tolist() == [2, 2, 2]
        assert mx.grad(lambda x: (x * x).sum())(mx.ones(3)).tolist() == [2, 2, 2]


def test_a_value_that_left_vmap_is_an_error_that_names_the_line() -> None:
    leaked = []
    mx.vmap(lambda x: leaked.append(x * 2) or x)(mx.ones(3))
    with pytest.raises(
        ValueError,
        match=r"leaked tracer.*whose vmap has ended or runs in(.|\n)*test_errors",
    ):
        (leaked[0] + 1).tolist()


def test_interrupt_during_evaluation() -> None:
    def work():
        x = mx.random.normal((1500, 1500), key=mx.random.key(0))
        for _ in range(400):
            x = mx.tanh(x @ x)
        mx.eval(x)

    timer = threading.Timer(0.5, lambda: signal.raise_signal(signal.SIGINT))
    timer.start()
    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        work()
    assert time.perf_counter() - start < 20
    timer.join()
    assert mx.arange(3).tolist() == [0, 1, 2]


def test_fault_in_allocation_is_a_memory_error() -> None:
    x = mx.ones((1000,))
    mx.eval(x)
    mx._core.set_faults("alloc:1")
    try:
        with pytest.raises(MemoryError):
            mx.eval(x + 1)
    finally:
        mx._core.set_faults("")
    assert (x + 1).sum().item() == 2000


def test_code_that_cannot_be_mapped_is_a_memory_error() -> None:
    """The program is sound: it is tried again."""
    x = mx.ones((1000,))
    y = mx.sum(mx.exp(x) * 3.0078125)
    mx._core.set_faults("map:1")
    try:
        with pytest.raises(MemoryError, match=r"expected executable memory for \d+ bytes of code, got none"):
            mx.eval(y)
    finally:
        mx._core.set_faults("")
    assert abs(y.item() / (3007.8125 * math.e) - 1) < 1e-6


def test_evaluation_from_several_threads() -> None:
    results: list[float] = []
    base = mx.arange(1000).astype(mx.float32)
    shared = mx.exp(base / 1000)

    def work(i: int) -> None:
        results.append((shared * i).sum().item())

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    expected = np.exp(np.arange(1000) / 1000).sum()
    np.testing.assert_allclose(sorted(results), [expected * i for i in range(8)], rtol=1e-5)
