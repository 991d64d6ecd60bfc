# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions under jit: what is an input, what is written back, what is an error."""

from __future__ import annotations

import math
import threading
import time
from collections import namedtuple

import mlxir as mx
import numpy as np
import pytest

Point = namedtuple("Point", "x y")


def test_traced_once_for_each_structure() -> None:
    calls = []

    @mx.jit
    def f(x):
        calls.append(x.shape)
        return x * 2 + 1

    assert f(mx.ones((2,))).tolist() == [3, 3]
    assert f(mx.zeros((2,))).tolist() == [1, 1]
    assert f(mx.zeros((3,))).tolist() == [1, 1, 1]
    assert f(mx.array([1, 2])).tolist() == [3, 5]
    assert calls == [(2,), (3,), (2,)]
    assert f.cache_info() == (1, 3, 3)
    assert f.cache_info().hits == 1
    assert f.__name__ == "f"


def test_same_bits_as_eager() -> None:
    def f(x, y):
        return mx.softmax(mx.tanh(x @ y) * 1.7 - mx.exp(x).sum(1, keepdims=True), axis=-1)

    x, y = mx.random.normal((33, 17), key=mx.random.key(1)), mx.random.normal((17, 9), key=mx.random.key(2))
    assert bytes(mx.jit(f)(x, y)) == bytes(f(x, y))


def test_trees_of_arguments_and_results() -> None:
    @mx.jit
    def f(d, *rest, scale):
        return {"sum": d["a"] + d["b"][0], "rest": [r * scale for r in rest], "point": Point(d["a"], None), "text": "x"}

    result = f({"a": mx.array(1.0), "b": [mx.array(2.0)]}, mx.array([1.0]), mx.array([2.0]), scale=3.0)
    assert result["sum"].item() == 3
    assert [r.item() for r in result["rest"]] == [3, 6]
    assert type(result["point"]) is Point
    assert result["point"].x.item() == 1
    assert result["point"].y is None
    assert result["text"] == "x"


def test_numbers_are_run_time_values() -> None:
    f = mx.jit(lambda x, n: x * n)
    assert f(mx.array([1, 2]), 3).tolist() == [3, 6]
    assert f(mx.array([1, 2]), 5).tolist() == [5, 10]
    assert f.cache_info().misses == 1
    assert f(mx.array([1.0], mx.float16), 0.5).dtype == mx.float16  # still weak
    assert f(mx.array([1, 2]), 0.5).dtype == mx.float32


def test_bools_are_static() -> None:
    f = mx.jit(lambda x, negate: -x if negate else x)
    assert f(mx.array(1), True).item() == -1
    assert f(mx.array(1), False).item() == 1
    assert f.cache_info().misses == 2


def test_static_arguments() -> None:
    @mx.jit(static_argnums=1, static_argnames=("axis",))
    def f(x, n, *, axis=0):
        return mx.concatenate([x] * n, axis=axis)

    assert f(mx.ones((1, 2)), 3).shape == (3, 2)
    assert f(mx.ones((1, 2)), 2, axis=1).shape == (1, 4)
    assert f(mx.zeros((1, 2)), 3).shape == (3, 2)
    assert f.cache_info() == (1, 2, 2)
    with pytest.raises(TypeError, match=r"\[jit\] expected the static argument 1 of f to be hashable, got list"):
        f(mx.ones((1, 2)), [3])


def test_captured_arrays_are_read_at_each_call() -> None:
    w = mx.array([1.0, 2.0])
    f = mx.jit(lambda x: x * w)
    assert f(mx.ones(2)).tolist() == [1, 2]
    w += 1
    assert f(mx.ones(2)).tolist() == [2, 3]
    w[0] = 9
    assert f(mx.ones(2)).tolist() == [9, 3]
    assert f.cache_info().misses == 1


def test_writes_to_captured_arrays_are_outputs() -> None:
    count, log = mx.array(0), mx.zeros((3,))

    @mx.jit
    def f(i):
        nonlocal count
        count += 1
        log[i] = count
        return count * 10

    assert [f(mx.array(i)).item() for i in range(3)] == [10, 20, 30]
    assert count.item() == 3
    assert log.tolist() == [1, 2, 3]


def test_random_state_is_an_input_and_an_output() -> None:
    f = mx.jit(lambda: mx.random.uniform(shape=(4,)))
    mx.random.seed(7)
    jitted = [f(), f()]
    mx.random.seed(7)
    eager = [mx.random.uniform(shape=(4,)) for _ in range(2)]
    assert [a.tolist() for a in jitted] == [a.tolist() for a in eager]
    assert jitted[0].tolist() != jitted[1].tolist()


def test_state_is_read_and_written() -> None:
    state = {"w": mx.zeros(2), "steps": [mx.array(0)]}

    def step(x):
        state["w"] = state["w"] + x
        state["steps"][0] = state["steps"][0] + 1
        return state["w"].sum()

    jitted = mx.jit(step, state=state)
    before = state["w"]
    assert [jitted(mx.ones(2)).item() for _ in range(3)] == [2, 4, 6]
    assert state["w"].tolist() == [3, 3]
    assert state["steps"][0].item() == 3
    assert before.tolist() == [0, 0]
    state["w"] = mx.array([10.0, 10.0])  # replaced from outside: seen
    assert jitted(mx.ones(2)).item() == 22
    assert jitted.cache_info().misses == 1


def test_state_may_grow_in_the_first_call() -> None:
    state: dict = {"w": mx.ones(2)}

    @mx.jit(state=state)
    def step():
        state.setdefault("m", mx.zeros(2))
        state["m"] = state["m"] + state["w"]

    step()
    step()
    assert state["m"].tolist() == [2, 2]
    assert step.cache_info().misses == 2


def test_state_holds_random_state() -> None:
    state = [mx.random.state]
    f = mx.jit(lambda: mx.random.uniform(), state=state)
    mx.random.seed(1)
    first = f().item()
    second = f().item()
    mx.random.seed(1)
    assert (mx.random.uniform().item(), mx.random.uniform().item()) == (first, second)


def test_error_in_the_function_restores_state() -> None:
    state = {"w": mx.ones(2)}
    w = mx.zeros(2)

    @mx.jit(state=state)
    def f(x):
        state["w"] = state["w"] * 2
        state["extra"] = x
        w[0] = 5
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        f(mx.ones(2))
    assert list(state) == ["w"]
    assert state["w"].tolist() == [1, 1]
    assert w.tolist() == [0, 0]
    assert (mx.ones(2) + 1).tolist() == [2, 2]


def test_nests_with_grad_vmap_and_jit() -> None:
    square = mx.jit(lambda x: x * x)
    x = mx.array([1.0, 2.0, 3.0])
    assert mx.grad(lambda x: square(x).sum())(x).tolist() == [2, 4, 6]
    assert mx.jit(mx.grad(lambda x: square(x).sum()))(x).tolist() == [2, 4, 6]
    assert mx.vmap(square)(x).tolist() == [1, 4, 9]
    assert mx.jit(mx.vmap(square))(x).tolist() == [1, 4, 9]
    assert mx.jit(lambda x: square(x) + 1)(x).tolist() == [2, 5, 10]
    assert mx.jit(mx.vmap(mx.grad(lambda x: square(x))))(x).tolist() == [2, 4, 6]


def test_value_and_grad_under_jit_with_state() -> None:
    model = {"w": mx.array([1.0, 2.0])}

    def loss(w, x):
        return ((w * x) ** 2).sum()

    @mx.jit(state=model)
    def step(x, rate):
        value, gradient = mx.value_and_grad(loss)(model["w"], x)
        model["w"] = model["w"] - rate * gradient
        return value

    assert step(mx.ones(2), 0.25).item() == 5
    assert model["w"].tolist() == [0.5, 1]
    assert step(mx.ones(2), 0.5).item() == 1.25
    assert step.cache_info().misses == 1


def test_result_that_is_an_argument_is_an_array_of_its_own() -> None:
    x = mx.ones(2)
    y = mx.jit(lambda x: x)(x)
    y += 1
    assert x.tolist() == [1, 1]
    assert y.tolist() == [2, 2]


def test_reading_a_value_is_an_error_that_names_the_line() -> None:
    def f(x):
        return x.item()

    message = (
        r"\[item\] expected a concrete array, got a value that depends on argument 0 of f inside jit.*\n.*test_jit"
    )
    with pytest.raises(ValueError, match=message):
        mx.jit(f)(mx.array(1.0))
    with pytest.raises(ValueError, match=r"\[bool\].*where\(\) instead of if"):
        mx.jit(lambda d: 1 if d["x"] > 0 else 2)({"x": mx.array(1.0)})
    with pytest.raises(ValueError, match=r"argument 0\['x'\]"):
        mx.jit(lambda d: np.asarray(d["x"]))({"x": mx.array(1.0)})


def test_leaked_tracer_is_an_error_that_names_the_line() -> None:
    leaked = []
    mx.jit(lambda x: leaked.append(x * 2) or x)(mx.ones(2))
    with pytest.raises(ValueError, match=r"leaked tracer.*argument 0.*jit has ended(.|\n)*test_jit"):
        (leaked[0] + 1).tolist()


def test_unhashable_argument() -> None:
    with pytest.raises(TypeError, match=r"\[jit\] expected arrays, numbers and hashable objects.*got set"):
        mx.jit(lambda x, s: x)(mx.ones(2), {1, 2})


def test_storm_is_reported_once() -> None:
    f = mx.jit(lambda x, n: x + n, static_argnums=1)
    with pytest.warns(RuntimeWarning) as caught:
        for i in range(60):
            f(mx.ones(2), i)
    own = [str(w.message) for w in caught if "[jit]" in str(w.message)]
    assert len(own) == 1
    assert "static arguments (from {1: 23} to {1: 24}) changed" in own[0]


def test_storm_names_the_argument() -> None:
    def f(x: mx.array, options: dict) -> mx.array:
        return x + options["bias"]

    ranks, types, lists = mx.jit(f), mx.jit(f), mx.jit(lambda xs: xs[0])
    with pytest.warns(RuntimeWarning, match=r"the shape of argument 0 \(from .* to .*\) changed"):
        for i in range(60):
            ranks(mx.ones((1,) * (i % 30)), {"bias": 1})
    with pytest.warns(RuntimeWarning, match="the type of argument 1 at bias"):
        for i in range(60):
            types(mx.ones(2), {"bias": mx.array(1, mx.int8 if i % 2 else mx.int16)} if i % 3 else {"bias": i})
            types.cache_clear()
    with pytest.warns(RuntimeWarning, match="the number of arguments' leaves"):
        for i in range(60):
            lists([mx.ones(2)] * (i + 1))


def test_sizes_that_change_are_no_storm() -> None:
    f = mx.jit(lambda x: x * 2)
    for n in range(2, 60):  # warnings are errors here
        assert f(mx.ones((n,))).shape == (n,)
    assert f.cache_info().misses == 58


def test_compile_keeps_mlx_meaning() -> None:
    w = mx.array(2.0)
    f = mx.compile(lambda x: x * w)
    assert f(mx.array(3.0)).item() == 6
    w += 1
    assert f(mx.array(3.0)).item() == 6  # captured: a constant
    g = mx.compile(lambda x: x * state[0], inputs=(state := [mx.array(2.0)]))
    assert g(mx.array(3.0)).item() == 6
    state[0] = mx.array(5.0)
    assert g(mx.array(3.0)).item() == 15


def test_disable_compile() -> None:
    calls = []
    f = mx.compile(lambda x: calls.append(1) or x)
    mx.disable_compile()
    try:
        f(mx.ones(1))
        f(mx.ones(1))
    finally:
        mx.enable_compile()
    assert len(calls) == 2


def test_jitted_method() -> None:
    class Scale:
        def __init__(self):
            self.factor = mx.array(3.0)

        @mx.jit
        def __call__(self, x):
            return x * self.factor

    scale = Scale()
    assert scale(mx.ones(2)).tolist() == [3, 3]
    scale.factor += 1
    assert scale(mx.ones(2)).tolist() == [4, 4]


@pytest.mark.parametrize("stage", ["mlxir", "kernels", "linalg", "llvm", "asm"])
def test_lowered_stages(stage: str) -> None:
    lowered = mx.jit(lambda x: mx.exp(x) + 1).lower(mx.ones((4,)))
    assert lowered.ir(stage).strip()
    if stage == "mlxir":
        assert "mlxir.exp" in lowered.ir(stage)


def test_lowered_has_no_other_stage() -> None:
    with pytest.raises(ValueError, match=r"\[lower\] expected a stage of mlxir.*got 'ptx'"):
        mx.jit(lambda x: x + 1).lower(mx.ones(1)).ir("ptx")


def test_equal_static_values_of_other_types_are_other_programs() -> None:
    f = mx.jit(lambda x, n: x * n, static_argnums=1)
    x = mx.array([1, 2])
    assert [f(x, n).dtype for n in (1, 1.0, True, 1)] == [mx.int32, mx.float32, mx.int32, mx.int32]
    assert f.cache_info() == (1, 3, 3)
    g = mx.compile(lambda x, n: x * n)
    assert [g(x, n).dtype for n in (1, 1.0)] == [mx.int32, mx.float32]


def test_equal_static_values_in_containers_are_other_programs() -> None:
    f = mx.jit(lambda x, n: x * next(iter(n)), static_argnums=1)
    x = mx.array([3])
    for kind in (tuple, frozenset):
        dtypes = [f(x, kind([n])).dtype for n in (2, 2.0, True, 2)]
        assert dtypes == [mx.int32, mx.float32, mx.int32, mx.int32]
    g = mx.jit(lambda x, n: 1 / (x * n[0][0]), static_argnums=1)
    assert [g(mx.array(1.0), ((zero,),)).item() for zero in (0.0, -0.0)] == [math.inf, -math.inf]


def test_an_array_that_holds_a_number_is_an_array() -> None:
    """Nothing was evaluated: a number is all there is of it."""
    for dtype in (mx.float32, mx.float16, mx.int32):
        assert mx.jit(lambda x: x * 2)(mx.full((), 5, dtype=dtype)).item() == 10
    assert mx.compile(lambda x, s: x * s)(mx.ones(3), mx.full((), 1024.0)).tolist() == [1024.0] * 3
    w = mx.array(1.0)
    f = mx.jit(lambda x: x * w)
    assert f(mx.array(2.0)).item() == 2
    w[...] = 5
    assert f(mx.array(2.0)).item() == 10
    state = {"w": mx.array(1.0)}

    def add(x):
        state["w"] += x
        return state["w"] * 2

    g = mx.jit(add, state=state)
    assert g(mx.array(1.0)).item() == 4
    state["w"][...] = 5
    assert g(mx.array(1.0)).item() == 12
    assert state["w"].item() == 6

    def scale(x):
        w[...] = w * x
        return w

    h = mx.jit(scale)
    for value in (3, 7):
        w[...] = value
        assert h(mx.array(2.0)).item() == w.item() == 2 * value


def test_an_index_among_the_arguments_is_checked() -> None:
    a = mx.arange(6.0).reshape(2, 3)

    def write(x, i):
        y = x * 1
        y[i, 1:] = 9
        return y

    for function in (lambda x, i: x[i], lambda x, i: mx.take(x, i, axis=0), write, lambda x, i: x.at[i].add(1)):
        f = mx.jit(function)
        for index in (0, 1, -1, -2):
            assert f(a, index).tolist() == function(a, index).tolist()
        for index in (2, -3, 10**12):
            with pytest.raises(IndexError, match=rf"expected an index within axis 0 of size 2, got {index}"):
                f(a, index)
    g = mx.jit(lambda x, i, j: x[i, j])
    assert g(a, 1, -1).item() == 5
    with pytest.raises(IndexError, match="expected an index within axis 1 of size 3, got 3"):
        g(a, 1, 3)


def test_elements_of_a_captured_array_are_not_read_while_tracing() -> None:
    """They may be others at the next call; to `compile` they are constants."""
    w = mx.array([1.0, 2.0])
    reads = (
        lambda x: x + w.tolist()[0],
        lambda x: x + w[0].item(),
        lambda x: x + np.asarray(w)[0],
        lambda x: x + memoryview(w)[0],
        lambda x: x if w[0] > 2 else -x,
    )
    for read in reads:
        with pytest.raises(ValueError, match=r"expected a concrete array.*depends on a captured array of <lambda>"):
            mx.jit(read)(mx.array(1.0))
    assert mx.compile(lambda x: x + w.tolist()[0])(mx.array(1.0)).item() == 2
    assert mx.jit(lambda x: x + w.shape[0])(mx.array(1.0)).item() == 3


def test_threads_share_a_state() -> None:
    """Whoever traces shows placeholders in it; nobody else sees them, and no step is lost."""
    state = {"n": mx.array(0.0)}

    def step(x):
        state["n"] = state["n"] + x
        time.sleep(0.05)
        return state["n"] * 2 + mx.random.uniform() * 0

    f = mx.jit(step, state=state)
    draw = mx.jit(lambda x: x + mx.random.uniform())
    results: list[float] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(20):
                results.append(f(mx.array(1.0)).item())
                assert 0 <= mx.random.uniform().item() < 1
                assert 0 <= draw(mx.array(0.0)).item() < 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(results) == [2.0 * n for n in range(1, 81)]
    assert state["n"].item() == 80


def test_static_arguments_by_position_and_by_name() -> None:
    def repeat(x, n=2):
        return mx.concatenate([x] * n)

    x = mx.array([7])
    for f in (
        mx.jit(repeat, static_argnums=1),
        mx.jit(repeat, static_argnums=-1),
        mx.jit(repeat, static_argnames="n"),
    ):
        assert f(x, 3).tolist() == f(x, n=3).tolist() == [7, 7, 7]
        assert f(x).tolist() == [7, 7]
        assert f(x=x, n=1).tolist() == [7]


def test_dynamic_sizes_from_the_first_call_on_or_never() -> None:
    def compiles(dynamic: bool | None, factor: float) -> list[int]:
        counts = []
        f = mx.jit(lambda x: mx.tanh(x * factor) + factor, dynamic=dynamic)
        for n in (5, 6, 7, 8):
            x = mx.ones(n)
            mx.eval(x)
            before = mx.cache.info()["compiles"]
            np.testing.assert_allclose(np.array(f(x)), np.full(n, np.tanh(factor) + factor), rtol=1e-6)
            counts.append(mx.cache.info()["compiles"] - before)
        return counts

    mx.cache.clear()
    assert compiles(None, 1.25) == [1, 1, 0, 0]
    mx.cache.clear()
    assert compiles(True, 1.25) == [1, 0, 0, 0]
    mx.cache.clear()
    assert compiles(False, 1.25) == [1, 1, 1, 1]
    assert compiles(None, 1.25) == [0, 0, 0, 0]


def test_compile_returns_and_writes_outputs() -> None:
    state = {"n": mx.array(0), "seen": []}

    def step(x):
        state["n"] = state["n"] + x
        return state["n"] * 2

    f = mx.compile(step, inputs=state, outputs=state)
    assert [f(mx.array(3)).item() for _ in range(3)] == [6, 12, 18]
    assert state["n"].item() == 9
    out: list = []
    g = mx.compile(lambda x: out.append(x + 1) or x, outputs=out)
    g(mx.array(1))
    assert [o.item() for o in out] == [2]


def test_zeros_of_both_signs_and_nan_as_static_values() -> None:
    nan = float("nan")
    for transform in (lambda f: mx.jit(f, static_argnums=1), mx.compile):
        f = transform(lambda x, bound: x * 0 + bound)
        assert str(f(mx.array(1.0), 0.0).item()) == "0.0"
        assert str(f(mx.array(-1.0), -0.0).item()) == "-0.0"
        before = f.cache_info().misses
        assert np.isnan(f(mx.array(1.0), nan).item()) and np.isnan(f(mx.array(1.0), float("nan")).item())
        assert f.cache_info().misses == before + 1


def test_numbers_that_a_dtype_cannot_hold_are_refused_as_in_eager_code() -> None:
    f = mx.jit(lambda x, n: x + n)
    assert f(mx.ones(2, mx.int8), 5).tolist() == [6, 6]
    for dtype, number in ((mx.int8, 300), (mx.int32, 2**40), (mx.uint8, -1)):
        with pytest.raises(ValueError, match=f"expected an integer that {str(dtype)[6:]} can hold, got {number}"):
            f(mx.ones(2, dtype), number)
    assert f(mx.ones(2, mx.uint8), 7).tolist() == [8, 8]
    assert f(mx.ones(2), 2**40).tolist() == [2.0**40] * 2


def test_an_array_is_no_static_argument() -> None:
    f = mx.jit(lambda x, n: x + n, static_argnums=1)
    for _ in range(2):
        with pytest.raises(TypeError, match="expected the static argument 1 of <lambda> to be hashable, got array"):
            f(mx.ones(2), mx.ones(2))


def test_simplified_is_a_stage_of_its_own() -> None:
    lowered = mx.jit(mx.grad(lambda x: mx.sum(mx.sin(x) * x))).lower(mx.ones(3))
    assert "mlxir.sum" not in lowered.ir("simplified")
    assert lowered.ir("mlxir").count("mlxir.") > lowered.ir("simplified").count("mlxir.") > 3
