# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Derivatives and batching in every combination: over all rows of the table, and the ways that functions nest."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlxir as mx
import numpy as np
import pytest
from mlxir import nn
from op_table import Row
from test_ops import DIFFERENTIABLE, smooth_operands, to_mlxir, to_numpy

Function = Callable[..., Any]

# The rows of the table share the lines that record them, so each line sees many computations.
pytestmark = pytest.mark.filterwarnings("ignore:.*was compiled 16 times.*:RuntimeWarning")

# With float64 all the way: casts to narrower floats are linear, and test_ops checks them.
WIDE = [row for row in DIFFERENTIABLE if "float64" in row.dtypes and row.result in ("", "float64")]
rows = pytest.mark.parametrize("row", WIDE, ids=str)


def f64(values: Any) -> Any:
    return mx.array(np.asarray(values, dtype=np.float64), dtype=mx.float64)


def scalar_loss(row: Row, arrays: list[np.ndarray]) -> Function:
    """Return the function of the row as a scalar with a full Hessian: a weighted sum of squares and values."""
    shape = row.call(mx, *map(to_mlxir, arrays)).shape
    weights = f64(np.random.default_rng(7).uniform(-1, 1, shape))

    def loss(*args: Any) -> Any:
        y = row.call(mx, *args)
        return (weights * (y + y * y)).sum()

    return loss


def all_gradients(fun: Function, number: int) -> Function:
    gradient = mx.grad(fun, argnums=tuple(range(number)))
    return gradient if number > 1 else lambda *args: (gradient(*args),)


def inner(xs: Any, ys: Any) -> float:
    return float(sum(np.sum(to_numpy(x) * to_numpy(y)) for x, y in zip(xs, ys, strict=True)))


# Every differentiable function.


@rows
def test_forward_and_reverse_are_transposes(row: Row) -> None:
    arrays, direction = smooth_operands(row)
    inputs, tangents = [to_mlxir(a) for a in arrays], [to_mlxir(d) for d in direction]
    fun = lambda *args: row.call(mx, *args)  # noqa: E731
    (value,), (moved,) = mx.jvp(fun, inputs, tangents)
    weights = f64(np.random.default_rng(8).uniform(-1, 1, value.shape))
    _, gradients = mx.vjp(fun, inputs, [weights])
    forward, reverse = inner([weights], [moved]), inner(gradients, tangents)
    scale = np.sum(np.abs(to_numpy(weights) * to_numpy(moved))) + 1e-300
    assert abs(forward - reverse) <= 1e-11 * max(scale, abs(forward)) + 1e-14


@rows
def test_second_derivatives(row: Row) -> None:
    arrays, direction = smooth_operands(row)
    inputs, tangents = [to_mlxir(a) for a in arrays], [to_mlxir(d) for d in direction]
    loss = scalar_loss(row, arrays)
    gradients = all_gradients(loss, len(inputs))

    h = 1e-4

    def slope(step: float) -> float:
        moved = [to_mlxir(a + step * h * d) for a, d in zip(arrays, direction, strict=True)]
        return inner(gradients(*moved), tangents)

    numeric = (8 * (slope(1) - slope(-1)) - (slope(2) - slope(-2))) / (12 * h)
    scale = 1 + abs(numeric) + inner([mx.abs(g) for g in gradients(*inputs)], [mx.abs(t) for t in tangents])

    def along(*args: Any) -> Any:
        return sum((g * t).sum() for g, t in zip(gradients(*args), tangents, strict=True))

    reverse_over_reverse = inner(all_gradients(along, len(inputs))(*inputs), tangents)
    np.testing.assert_allclose(reverse_over_reverse, numeric, atol=2e-6 * scale, rtol=0)
    _, moved = mx.jvp(lambda *args: list(gradients(*args)), inputs, tangents)
    forward_over_reverse = inner(moved, tangents)
    np.testing.assert_allclose(forward_over_reverse, numeric, atol=2e-6 * scale, rtol=0)


@rows
def test_batched_gradients(row: Row) -> None:
    if row.batch is not True:
        pytest.skip(str(row.batch))
    stacked = [[a + 0.004 * k for a in smooth_operands(row)[0]] for k in range(3)]
    columns = [to_mlxir(np.stack(column)) for column in zip(*stacked, strict=True)]
    loss = scalar_loss(row, stacked[0])
    gradients = all_gradients(loss, len(columns))
    expected = [
        np.stack(column)
        for column in zip(*[[to_numpy(g) for g in gradients(*map(to_mlxir, one))] for one in stacked], strict=True)
    ]
    scale = [1e-11 * (1 + np.max(np.abs(e), initial=0.0)) for e in expected]
    for got, want, atol in zip(mx.vmap(lambda *a: list(gradients(*a)))(*columns), expected, scale, strict=True):
        np.testing.assert_allclose(to_numpy(got), want, rtol=0, atol=atol)
    over_batch = all_gradients(lambda *args: mx.vmap(loss)(*args).sum(), len(columns))
    for got, want, atol in zip(over_batch(*columns), expected, scale, strict=True):
        np.testing.assert_allclose(to_numpy(got), want, rtol=0, atol=atol)


@rows
def test_jit_nests_with_derivatives(row: Row) -> None:
    arrays, _ = smooth_operands(row)
    inputs = [to_mlxir(a) for a in arrays]
    loss = scalar_loss(row, arrays)
    expected = all_gradients(loss, len(inputs))(*inputs)
    for nested in (mx.jit(all_gradients(loss, len(inputs))), all_gradients(mx.jit(loss), len(inputs))):
        for got, want in zip(nested(*inputs), expected, strict=True):
            np.testing.assert_array_equal(to_numpy(got), to_numpy(want))


# How functions nest.


def test_derivatives_of_derivatives() -> None:
    def f(x: Any) -> Any:
        return mx.sin(x) * x**3

    third = mx.grad(mx.grad(mx.grad(f)))
    x = 0.7
    expected = (6 - 9 * x**2) * np.sin(x) + (18 * x - x**3) * np.cos(x)
    np.testing.assert_allclose(third(f64(x)).item(), expected, rtol=1e-12)
    np.testing.assert_allclose(mx.jit(third)(f64(x)).item(), expected, rtol=1e-12)
    moved = mx.jvp(lambda y: mx.jvp(mx.grad(f), [y], [f64(1.0)])[1][0], [f64(x)], [f64(1.0)])[1][0]
    np.testing.assert_allclose(moved.item(), expected, rtol=1e-12)


def test_what_is_closed_over_is_not_differentiated() -> None:
    x = f64([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(to_numpy(mx.grad(lambda y: (x * y).sum())(x)), [1.0, 2.0, 3.0])
    _, (tangent,) = mx.jvp(lambda y: x * y, [x], [mx.ones_like(x)])
    np.testing.assert_array_equal(to_numpy(tangent), [1.0, 2.0, 3.0])

    # The inner function sees the outer argument as a constant, the outer one sees both.
    def outer(y: Any) -> Any:
        return mx.grad(lambda z: (y * z * z).sum())(y).sum()

    np.testing.assert_array_equal(to_numpy(mx.grad(outer)(x)), [4.0, 8.0, 12.0])


def test_values_are_read_inside_of_gradients() -> None:
    seen = []

    def inner_loss(x: Any, y: Any) -> Any:
        z = mx.exp(x) * y
        seen.append(z.sum().item())
        return (z * z).sum()

    def outer_loss(x: Any) -> Any:
        g = mx.grad(inner_loss)(x, mx.cos(x))
        seen.append(g.sum().item())
        return (g * x).sum()

    x = np.array([0.2, -0.3])
    gradient = to_numpy(mx.grad(outer_loss)(f64(x)))

    def g(t: np.ndarray) -> np.ndarray:
        return 2 * np.exp(2 * t) * np.cos(t) ** 2

    h = 1e-5
    total = lambda t: np.sum(g(t) * t)  # noqa: E731
    numeric = [(total(x + h * e) - total(x - h * e)) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(gradient, numeric, rtol=1e-8)
    np.testing.assert_allclose(seen, [np.sum(np.exp(x) * np.cos(x)), np.sum(g(x))], rtol=1e-12)


def test_branches_on_values_follow_the_branch() -> None:
    def f(x: Any) -> Any:
        return mx.exp(x).sum() if x.sum().item() > 0 else (x * x).sum()

    np.testing.assert_allclose(to_numpy(mx.grad(f)(f64([1.0, 2.0]))), np.exp([1.0, 2.0]))
    np.testing.assert_array_equal(to_numpy(mx.grad(f)(f64([-1.0, -2.0]))), [-2.0, -4.0])


def test_what_nothing_depends_on_has_zeros() -> None:
    x, y = f64([1.0, 2.0]), f64([[3.0]])
    first, second = mx.grad(lambda a, b: (a * a).sum(), argnums=(1, 0))(x, y)
    np.testing.assert_array_equal(to_numpy(first), [[0.0]])
    np.testing.assert_array_equal(to_numpy(second), [2.0, 4.0])
    stopped = mx.grad(lambda a: (mx.stop_gradient(a) * a).sum())(x)
    np.testing.assert_array_equal(to_numpy(stopped), [1.0, 2.0])
    outputs, tangents = mx.jvp(lambda a: [a * 2, y + 1, a > 1], [x], [mx.ones_like(x)])
    np.testing.assert_array_equal(to_numpy(tangents[0]), [2.0, 2.0])
    np.testing.assert_array_equal(to_numpy(tangents[1]), [[0.0]])
    assert [o.dtype for o in outputs] == [mx.float64, mx.float64, mx.bool_]


def test_one_argument_has_one_gradient_however_it_was_chosen() -> None:
    x, y = f64(3.0), f64(5.0)
    for argnums in (0, (0,), [0], range(1)):
        assert mx.grad(lambda a, b: a * b, argnums=argnums)(x, y).item() == 5.0
        gradient, named = mx.grad(lambda a, b: a * b, argnums=argnums, argnames="b")(x, b=y)
        assert (gradient.item(), named["b"].item()) == (5.0, 3.0)
    none, named = mx.value_and_grad(lambda a, b: a * b, argnums=[], argnames=["b"])(x, b=y)[1]
    assert none is None
    assert named["b"].item() == 3.0
    assert [g.item() for g in mx.grad(lambda a, b: a * b, argnums=(1, 0))(x, y)] == [3.0, 5.0]


@pytest.mark.parametrize(
    ("argnums", "argnames", "kind", "message"),
    [
        ((), (), ValueError, "expected an argument to differentiate, got none"),
        ((0, 1, 0), (), ValueError, r"expected each of argnums once, got \[0, 1, 0\]"),
        (0, ("y", "y"), ValueError, r"expected each of argnames once, got \['y', 'y'\]"),
        (-1, (), ValueError, "expected argnums from 0, got -1"),
        ((None, None), (), TypeError, "expected argnums of type int, got NoneType"),
        ("x", (), TypeError, "expected argnums of type int, got str"),
        (1.5, (), TypeError, "expected argnums of type int, got float"),
        (0, 3, TypeError, "expected argnames of type str, got int"),
    ],
)
def test_what_to_differentiate_is_checked_at_once(argnums: Any, argnames: Any, kind: type, message: str) -> None:
    for transform in (mx.grad, mx.value_and_grad):
        with pytest.raises(kind, match=rf"\[{transform.__name__}\] {message}"):
            transform(lambda x, y: x * y, argnums=argnums, argnames=argnames)


def test_what_a_function_puts_into_its_arguments_stays() -> None:
    first, second, third = f64(1.0), f64(2.0), f64(3.0)
    tree = {"layers": [first, second], "unused": third, "pair": (first, [third])}
    layers, inside = tree["layers"], tree["pair"][1]

    def loss(tree: Any) -> Any:
        tree["layers"][0] = tree["layers"][0] * tree["unused"]
        tree["new"] = tree["layers"][0] + 1
        tree["moved"] = tree.pop("unused")
        tree["pair"][1].append(tree["layers"][1])
        return tree["layers"][0] * tree["layers"][1]

    gradient = mx.grad(loss)(tree)
    assert [g.item() for g in gradient["layers"]] == [6.0, 3.0]
    assert gradient["unused"].item() == 2.0
    assert list(gradient) == ["layers", "unused", "pair"]
    assert tree["layers"] is layers
    assert layers[0].item() == 3.0
    assert layers[1] is second
    assert tree["new"].item() == 4.0
    assert "unused" not in tree
    assert tree["moved"] is third
    assert tree["pair"][1] is inside
    assert inside[0] is third
    assert inside[1] is second


def test_a_failing_function_leaves_its_arguments() -> None:
    tree = {"w": f64(2.0)}

    def loss(tree: Any) -> Any:
        tree["w"] = tree["w"] * 2
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        mx.grad(loss)(tree)
    assert tree["w"].item() == 2.0


def test_what_is_written_inside_of_two_gradients_is_differentiated_by_the_outer() -> None:
    def inner(tree: Any) -> Any:
        tree["y"] = tree["x"] ** 3
        return tree["y"]

    def outer(x: Any) -> Any:
        tree = {"x": x}
        return mx.grad(inner)(tree)["x"] * tree["y"]  # 3 x^2 * x^3

    assert mx.grad(outer)(f64(2.0)).item() == 15 * 2.0**4


def test_axes_of_a_batch_as_a_tree() -> None:
    a, b = np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2)
    tree = {"a": f64(a), "b": [f64(b), f64(a)]}

    def fun(tree: Any) -> Any:
        return tree["a"] + tree["b"][0] * tree["b"][1]

    want = a + b.T * a
    for axes in ({"a": 0, "b": [1, 0]}, ({"a": 0, "b": [1, 0]},)):
        np.testing.assert_array_equal(to_numpy(mx.vmap(fun, in_axes=axes)(tree)), want)
    pair = mx.vmap(lambda pair: pair[0] + pair[1], in_axes=[0, 1])
    np.testing.assert_array_equal(to_numpy(pair([f64(a), f64(b)])), a + b.T)
    np.testing.assert_array_equal(to_numpy(mx.vmap(lambda x: x, in_axes=(1,), out_axes=(1,))(f64(a))), a)
    with pytest.raises(ValueError, match=r"\[vmap\] expected in_axes to be"):
        mx.vmap(lambda x, y: x, in_axes={"a": 0})(tree, f64(a))
    with pytest.raises(ValueError, match=r"\[vmap\] expected out_axes to be"):
        mx.vmap(lambda x: x, out_axes=(1, 0))(f64(a))


def test_batches_of_batches() -> None:
    a, b = np.random.default_rng(0).normal(size=(3, 5)), np.random.default_rng(1).normal(size=(4, 5))
    outer = mx.vmap(mx.vmap(mx.inner, in_axes=(None, 0)), in_axes=(0, None))
    np.testing.assert_allclose(to_numpy(outer(f64(a), f64(b))), a @ b.T, rtol=1e-12)
    # Axes other than the first, in and out.
    f = mx.vmap(lambda x, y: x * y.sum(), in_axes=(1, 0), out_axes=1)
    np.testing.assert_allclose(to_numpy(f(f64(a), f64(np.ones((5, 2))))), 2 * a, rtol=1e-12)
    # What does not depend on the batch is repeated at the edge only.
    both = mx.vmap(lambda x: (x + 1, f64(7.0)))(f64(a[:, 0]))
    np.testing.assert_array_equal(to_numpy(both[1]), [7.0] * 3)


def test_batches_of_gradients_of_a_model() -> None:
    rng = np.random.default_rng(2)
    w1, w2 = rng.normal(size=(4, 8)), rng.normal(size=(8, 3))
    xs, ys = rng.normal(size=(6, 4)), rng.normal(size=(6, 3))

    def loss(params: Any, x: Any, y: Any) -> Any:
        return mx.mean((mx.tanh(x @ params["w1"]) @ params["w2"] - y) ** 2)

    params = {"w1": f64(w1), "w2": f64(w2)}
    each = mx.vmap(mx.grad(loss), in_axes=(None, 0, 0))(params, f64(xs), f64(ys))
    assert each["w1"].shape == (6, 4, 8) and each["w2"].shape == (6, 8, 3)
    for i in range(6):
        one = mx.grad(loss)(params, f64(xs[i]), f64(ys[i]))
        for name in ("w1", "w2"):
            np.testing.assert_allclose(to_numpy(each[name])[i], to_numpy(one[name]), rtol=1e-10, atol=1e-13)
    for nested in (
        mx.jit(mx.vmap(mx.grad(loss), in_axes=(None, 0, 0))),
        mx.vmap(mx.jit(mx.grad(loss)), in_axes=(None, 0, 0)),
    ):
        again = nested(params, f64(xs), f64(ys))
        np.testing.assert_allclose(to_numpy(again["w1"]), to_numpy(each["w1"]), rtol=1e-12, atol=1e-15)


def test_hessian_is_a_batch_of_derivatives() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(4, 4))

    def f(x: Any) -> Any:
        return (x * (f64(a) @ x)).sum() + mx.logsumexp(x)

    def hessian(fun: Function) -> Function:
        def at(x: Any) -> Any:
            columns = lambda t: mx.jvp(mx.grad(fun), [x], [t])[1][0]  # noqa: E731
            return mx.vmap(columns)(mx.eye(4, dtype=mx.float64))

        return at

    x = rng.normal(size=4)
    p = np.exp(x) / np.exp(x).sum()
    expected = a + a.T + np.diag(p) - np.outer(p, p)
    np.testing.assert_allclose(to_numpy(hessian(f)(f64(x))), expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(to_numpy(mx.jit(hessian(f))(f64(x))), expected, rtol=1e-10, atol=1e-12)


def test_other_sizes_of_one_structure() -> None:
    """A derivative that was made for some sizes is instantiated with others."""
    gradient = mx.grad(lambda x, w: mx.tanh(x @ w).sum(), argnums=(0, 1))
    rng = np.random.default_rng(4)
    for rows_, inner_, columns in ((3, 4, 5), (4, 4, 4), (2, 7, 3), (1, 4, 5), (6, 6, 2), (3, 0, 2)):
        x, w = rng.normal(size=(rows_, inner_)), rng.normal(size=(inner_, columns))
        dx, dw = gradient(f64(x), f64(w))
        slope = 1 - np.tanh(x @ w) ** 2
        np.testing.assert_allclose(to_numpy(dx), slope @ w.T, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(to_numpy(dw), x.T @ slope, rtol=1e-11, atol=1e-13)


def test_half_precision_keeps_its_dtype() -> None:
    for dtype in (mx.float16, mx.bfloat16):
        x = mx.array([0.5, 2.0, -1.0], dtype=dtype)
        assert mx.grad(lambda y: (y * y).sum().astype(mx.float32))(x).dtype == dtype
        assert mx.vmap(mx.grad(lambda y: y * y))(x).dtype == dtype


# What cannot be differentiated.


def test_integers_are_refused_by_name() -> None:
    x = mx.array([1, 2, 3])
    message = "expected arrays of floats to differentiate, got int32: a function may close over"
    with pytest.raises(ValueError, match=rf"\[grad\] {message}"):
        mx.grad(lambda y: y.sum())(x)
    with pytest.raises(ValueError, match=rf"\[value_and_grad\] {message}"):
        mx.value_and_grad(lambda tree: tree["w"].sum())({"w": mx.ones(2), "n": x})
    with pytest.raises(ValueError, match=rf"\[vjp\] {message}"):
        mx.vjp(mx.take, [mx.ones(4), x], [mx.ones(3)])
    with pytest.raises(ValueError, match=rf"\[jvp\] {message}"):
        mx.jvp(lambda y: y * 2, [x], [x])


def test_results_that_are_no_floats_have_no_slope() -> None:
    x = f64([[1.0, -2.0], [3.0, 4.0]])
    for fun in (
        lambda y: (y > 0).sum(),
        lambda y: mx.argmax(y),
        lambda y: mx.any(y),
        lambda y: y.astype(mx.int32).max(),
    ):
        value, gradient = mx.value_and_grad(fun)(x)
        assert value.tolist() == fun(x).tolist()
        assert gradient.dtype is mx.float64
        assert gradient.tolist() == [[0, 0], [0, 0]]
    outputs, gradients = mx.vjp(
        lambda y: [mx.argmax(y), y * 3, y > 0], [x], [mx.array(1), mx.ones((2, 2)), mx.ones((2, 2))]
    )
    assert [o.dtype for o in outputs] == [mx.uint32, mx.float64, mx.bool_]
    assert gradients[0].tolist() == [[3, 3], [3, 3]]
    assert mx.vmap(mx.grad(mx.argmax))(x).tolist() == [[0, 0], [0, 0]]


# The passes are what mlxir-opt runs.


def text_of(trace: bytes) -> str:
    return dict(mx._core.compile_stages(trace, "mlxir", "main"))["mlxir"]


def expressions(text: str, function: str) -> list[str]:
    """What a function returns, each result as a name for the ops that it is made of, whatever their order."""
    body = text[text.index(f"@{function}(") :].split("\n")[1:]
    made: dict[str, str] = {}
    for line in map(str.strip, body):
        name, _, op = line.partition(" = ") if line.startswith("%") else ("", "", line)
        op = re.sub(r"%\w+", lambda m: made.get(m.group(), m.group()), op)
        if op.startswith("return"):
            results, _, types = op.removeprefix("return ").partition(" : ")
            return [*results.split(", "), types]
        made[name.split(":")[0]] = f"<{op.split()[0]} {hashlib.sha256(op.encode()).hexdigest()[:12]}>"
    raise AssertionError(f"@{function} returns nothing")


def cross_entropy(x: mx.array, w: mx.array) -> mx.array:
    z = x @ w
    picked = mx.take_along_axis(z, mx.array([[1, 2], [0, 4], [3, 3]]), axis=-1)
    return mx.sum(mx.logsumexp(z, axis=-1, keepdims=True) - picked)


# One of each family, composites with rules of their own among them.
GRAPHS: dict[str, Callable[..., mx.array]] = {
    "product": lambda x, w: mx.tanh(x @ w).sum(),
    "loss": cross_entropy,
    "norm": lambda x, w: (mx.fast.layer_norm(x, None, None, 1e-5) @ w).var(),
    "activations": lambda x, w: mx.sum(nn.gelu(x) * nn.silu(x)) + mx.prod(mx.sigmoid(w)),
    "selection": lambda x, w: mx.sum(mx.where(x > 0.5, mx.exp(x), mx.maximum(x, 2.0))) + mx.max(w),
    "shapes": lambda x, w: mx.sum(mx.concatenate([x.T[::-1], mx.pad(w, 1)[1:-1, 1:4]], axis=1).reshape(-1) ** 3),
    "items": lambda x, w: mx.sum(w[mx.array([3, 0, 3])] * x.at[1:, ::2].add(2.0)[:, :1]),
    "types": lambda x, w: mx.sum((x.astype(mx.float16) * 2).astype(mx.float32)) * w.astype(mx.bfloat16).sum(),
}


def everything(x: mx.array, w: mx.array) -> list[mx.array]:
    return [graph(x, w) for graph in GRAPHS.values()]


def derivative(fun: Function) -> Function:
    return lambda x, w: mx.jvp(fun, [x, w], [2 * x, mx.ones_like(w)])[1]


def batch(fun: Function) -> Function:
    return lambda x, w: mx.vmap(fun, in_axes=(0, None))(mx.stack([x, 2 * x]), w)


def gradients_of(fun: Function) -> Function:
    return lambda x, w: list(mx.grad(lambda *args: sum(y.sum() for y in fun(*args)), argnums=(0, 1))(x, w))


# What is transformed: each of the graphs, and what other transforms make of all of them.
FUNCTIONS: dict[str, Function] = {
    **{name: lambda *args, graph=graph: [graph(*args)] for name, graph in GRAPHS.items()},
    "gradients": gradients_of(everything),
    "derivative": derivative(everything),
    "batch": batch(everything),
    "batch of gradients": batch(gradients_of(everything)),
    "gradients of a batch": gradients_of(batch(everything)),
}


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("transform", ["vjp", "jvp", "vmap"])
def test_mlxir_opt_gives_the_module_that_transforms_use(tmp_path: Path, transform: str, function: str) -> None:
    build = Path(mx._core.__file__).resolve()
    tools = [parent / "build" / "bin" / "mlxir-opt" for parent in build.parents]
    opt = next((tool for tool in tools if tool.exists()), None)
    assert opt, "mlxir-opt is not built"
    flags = [True, False]
    with mx._core.Scope("vmap" if transform == "vmap" else "grad", "f") as scope:
        if transform == "vmap":
            inputs = [scope.placeholder(mx.float32, shape, "an argument") for shape in ((3, 4), (4, 5))]
        else:
            inputs = [scope.identity(mx.ones(shape)) for shape in ((3, 4), (4, 5))]
        outputs = FUNCTIONS[function](*inputs)
        main, made = scope.trace(outputs, ""), scope.trace(outputs, transform, flags, 7)
    recorded = text_of(main)
    options = "wrt=0,1"
    if transform == "vmap":
        captured = recorded.split(") -> ")[0].count("%arg") - len(flags)
        options = f"batched=1,0{',0' * captured} size=7"
    (tmp_path / "main.mlir").write_text(recorded)
    (tmp_path / "made.mlir").write_text(text_of(made))

    def result(file: str, *passes: str) -> str:
        command = [opt, tmp_path / file, *passes, "--mlxir-decompose", "--cse"]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    by_tool = expressions(result("main.mlir", f"--mlxir-{transform}={options}"), f"main_{transform}")
    assert by_tool == expressions(result("made.mlir"), "main")
    assert len(by_tool) == 1 + len(inputs if transform == "vjp" else outputs)
