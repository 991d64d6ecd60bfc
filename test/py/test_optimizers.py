# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mlxir.optimizers against float64 references, and against mlx where it is installed."""

import inspect
import math

import mlxir as mx
import numpy as np
import pytest
from mlxir import nn, optimizers as optim
from mlxir.utils import tree_flatten, tree_map

STEPS = 6


def reference_sgd(w, gradients, lr, momentum=0.0, weight_decay=0.0, dampening=0.0, nesterov=False):
    v = np.zeros_like(w)
    for g in gradients:
        g = g + weight_decay * w
        v = momentum * v + (1 - dampening) * g
        update = g if momentum == 0 else g + momentum * v if nesterov else v
        w = w - lr * update
    return w


def reference_adam(w, gradients, lr, betas=(0.9, 0.999), eps=1e-8, bias_correction=False, weight_decay=0.0):
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, 1):
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g * g
        m_hat = m / (1 - betas[0] ** t) if bias_correction else m
        v_hat = v / (1 - betas[1] ** t) if bias_correction else v
        w = w * (1 - lr * weight_decay)
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
    return w


CASES = [
    ("SGD", {}, reference_sgd),
    ("SGD", {"momentum": 0.9}, reference_sgd),
    ("SGD", {"momentum": 0.9, "dampening": 0.3}, reference_sgd),
    ("SGD", {"momentum": 0.9, "weight_decay": 0.1, "nesterov": True}, reference_sgd),
    ("SGD", {"weight_decay": 0.1}, reference_sgd),
    ("Adam", {}, reference_adam),
    ("Adam", {"betas": [0.8, 0.95], "eps": 1e-3}, reference_adam),
    ("Adam", {"bias_correction": True}, reference_adam),
    ("AdamW", {"weight_decay": 0.2}, lambda w, g, lr, **o: reference_adam(w, g, lr, **o)),
    ("AdamW", {}, lambda w, g, lr: reference_adam(w, g, lr, weight_decay=0.01)),
    ("AdamW", {"bias_correction": True, "weight_decay": 0.5}, reference_adam),
]
IDS = [f"{name} {' '.join(options)}" for name, options, _ in CASES]


def make_data(seed=0):
    rng = np.random.default_rng(seed)
    shapes = {"a": (3, 4), "b": [(5,), {"c": ()}]}
    is_shape = lambda t: isinstance(t, tuple)  # noqa: E731

    def draw():
        return tree_map(lambda s: rng.normal(size=s).astype(np.float32), shapes, is_leaf=is_shape)

    return draw(), [draw() for _ in range(STEPS)]


def to_arrays(module, tree, dtype=None):
    return tree_map(lambda a: module.array(a, dtype=dtype or module.float32), tree)


def run(module, optimizer, dtype=None):
    """Apply the steps; return the parameters and the optimizer."""
    parameters, gradients = make_data()
    parameters = to_arrays(module, parameters, dtype)
    for gradient in gradients:
        parameters = optimizer.apply_gradients(to_arrays(module, gradient, dtype), parameters)
    return parameters, optimizer


def leaves(tree):
    return {path: np.array(leaf, dtype=np.float64) for path, leaf in tree_flatten(tree)}


@pytest.fixture
def mlx():
    return pytest.importorskip("mlx.core", reason="mlx is not installed")


@pytest.fixture
def mlx_optim(mlx):
    import mlx.optimizers

    return mlx.optimizers


@pytest.mark.parametrize(("name", "options", "reference"), CASES, ids=IDS)
def test_update_is_the_formula(name, options, reference):
    parameters, gradients = make_data()
    result, _ = run(mx, getattr(optim, name)(0.1, **options))
    flat_gradients = [leaves(g) for g in gradients]
    for path, start in leaves(parameters).items():
        expected = reference(start, [g[path] for g in flat_gradients], 0.1, **options)
        # In float32, 1 - 0.999 has a relative error of 6e-5: half of that is left under the
        # root, and each step moves a parameter by about the learning rate.
        drift = STEPS * 0.1 * 3e-5 if options.get("bias_correction") else 0
        np.testing.assert_allclose(leaves(result)[path], expected, rtol=2e-6, atol=2e-6 + drift)


@pytest.mark.parametrize(("name", "options", "reference"), CASES, ids=IDS)
def test_state_and_values_are_those_of_mlx(mlx, mlx_optim, name, options, reference):
    ours, optimizer = run(mx, getattr(optim, name)(0.1, **options))
    theirs, their_optimizer = run(mlx, getattr(mlx_optim, name)(0.1, **options))
    state, their_state = dict(tree_flatten(optimizer.state)), dict(tree_flatten(their_optimizer.state))
    assert state.keys() == their_state.keys()
    assert [str(a.dtype).split(".")[-1] for a in state.values()] == [
        str(their_state[k].dtype).split(".")[-1] for k in state
    ]
    for path, value in leaves(optimizer.state).items():
        np.testing.assert_allclose(value, leaves(their_optimizer.state)[path], rtol=1e-5, atol=1e-6)
    for path, value in leaves(ours).items():
        np.testing.assert_allclose(value, leaves(theirs)[path], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("make", [lambda: optim.SGD(0.1, momentum=0.9), lambda: optim.AdamW(0.1, bias_correction=True)])
def test_dtypes_are_kept(make, dtype):
    dtype = getattr(mx, dtype)
    parameters, optimizer = run(mx, make(), dtype)
    assert {leaf.dtype for _, leaf in tree_flatten(parameters)} == {dtype}
    moments = [leaf.dtype for path, leaf in tree_flatten(optimizer.state) if path.endswith((".m", ".v"))]
    assert set(moments) == {dtype}
    assert optimizer.step.dtype == mx.uint64
    assert optimizer.learning_rate.dtype == mx.float32


def test_state_tree_mirrors_the_parameters():
    model = nn.Sequential(nn.Linear(2, 3), nn.relu, nn.Linear(3, 1, bias=False))
    optimizer = optim.Adam(0.1)
    optimizer.init(model.trainable_parameters())
    paths = [path for path, _ in tree_flatten(optimizer.state)]
    assert paths == [
        "step",
        "learning_rate",
        *[f"layers.{p}.{s}" for p in ("0.weight", "0.bias", "2.weight") for s in "mv"],
    ]


def test_init_keeps_the_state_object_and_what_is_there():
    optimizer = optim.SGD(0.1, momentum=0.9)
    state = optimizer.state
    optimizer.init({"a": [mx.ones(2)]})
    state["a"][0]["v"] = mx.full((2,), 7.0)
    optimizer.init({"a": [mx.ones(2), mx.ones(3)], "b": mx.ones(1)})
    assert optimizer.state is state
    assert state["a"][0]["v"].tolist() == [7.0, 7.0]
    assert state["a"][1]["v"].tolist() == [0.0] * 3
    assert state["b"]["v"].tolist() == [0.0]


def test_state_can_be_carried_over():
    parameters, gradients = make_data()
    gradients = [to_arrays(mx, g) for g in gradients]
    first, second = optim.Adam(0.1), optim.Adam(0.5)
    straight = to_arrays(mx, parameters)
    for gradient in gradients[:3]:
        straight = first.apply_gradients(gradient, straight)
    second.state = tree_map(lambda a: mx.array(np.array(a)), first.state)
    resumed = straight
    for gradient in gradients[3:]:
        straight = first.apply_gradients(gradient, straight)
        resumed = second.apply_gradients(gradient, resumed)
    assert second.step.item() == STEPS
    for path, value in leaves(straight).items():
        np.testing.assert_array_equal(value, leaves(resumed)[path])


def test_update_changes_the_model_in_place():
    model = nn.Linear(2, 1)
    model.freeze(keys="bias")
    weight, bias = np.array(model.weight), np.array(model.bias)
    optim.SGD(0.5).update(model, {"weight": mx.ones((1, 2))})
    np.testing.assert_allclose(np.array(model.weight), weight - 0.5, rtol=1e-6)
    np.testing.assert_array_equal(np.array(model.bias), bias)


def test_learning_rate_can_be_assigned():
    optimizer = optim.SGD(0.1)
    optimizer.learning_rate = 0.5
    assert optimizer.learning_rate.dtype == mx.float32
    assert optimizer.apply_gradients({"w": mx.ones(1)}, {"w": mx.zeros(1)})["w"].item() == -0.5


def test_schedule_sees_the_steps_before_the_update():
    seen = []

    def schedule(step):
        seen.append(step.item())
        return 1.0 / (step + 1)

    optimizer = optim.SGD(schedule)
    w = {"w": mx.zeros(1)}
    for _ in range(3):
        w = optimizer.apply_gradients({"w": mx.ones(1)}, w)
    assert seen == [0, 0, 1, 2]
    assert w["w"].item() == pytest.approx(-(1 + 1 / 2 + 1 / 3), rel=1e-6)


def test_base_calls_schedulers_by_name():
    class Scaled(optim.Optimizer):
        def init_single(self, parameter, state):
            state["n"] = mx.array(0)

        def apply_single(self, gradient, parameter, state):
            return parameter - self.state["scale"] * gradient

    optimizer = Scaled(schedulers={"scale": lambda step: mx.array(2.0)})
    assert optimizer.apply_gradients({"w": mx.ones(1)}, {"w": mx.zeros(1)})["w"].item() == -2.0
    with pytest.raises(NotImplementedError, match=r"Optimizer\.init_single"):
        optim.Optimizer().init({"w": mx.ones(1)})


def test_state_under_jit():
    """Compiled and eager steps agree, and the state is written back."""

    def losses(compiled):
        mx.random.seed(3)
        model = nn.Linear(4, 1)
        optimizer = optim.Adam(optim.exponential_decay(0.1, 0.9), bias_correction=True)
        x = mx.array(np.linspace(-1, 1, 32, dtype=np.float32).reshape(8, 4))
        loss_and_grad = nn.value_and_grad(model, lambda x: nn.losses.mse_loss(model(x), x.sum(1, keepdims=True)))

        def step(x):
            loss, gradients = loss_and_grad(x)
            optimizer.update(model, gradients)
            return loss

        if compiled:
            step = mx.jit(step, state=[model.state, optimizer.state])
        values = [step(x).item() for _ in range(STEPS)]
        return values, optimizer.step.item(), optimizer.learning_rate.item()

    eager, eager_step, eager_rate = losses(False)
    compiled, step, rate = losses(True)
    np.testing.assert_allclose(compiled, eager, rtol=1e-5)
    assert (step, eager_step) == (STEPS, STEPS)
    assert rate == pytest.approx(eager_rate, rel=1e-6)
    assert eager[-1] < eager[0]


SCHEDULES = [
    ("exponential_decay", (0.5, 0.9), lambda s: 0.5 * 0.9**s),
    ("step_decay", (0.5, 0.9, 4), lambda s: 0.5 * 0.9 ** (s // 4)),
    ("cosine_decay", (0.5, 10), lambda s: 0.25 * (1 + math.cos(math.pi * min(s, 10) / 10))),
    ("cosine_decay", (0.5, 10, 0.1), lambda s: 0.1 + 0.2 * (1 + math.cos(math.pi * min(s, 10) / 10))),
    ("linear_schedule", (0.1, 0.5, 8), lambda s: 0.1 + 0.4 * min(s, 8) / 8),
    ("linear_schedule", (0.5, 0.1, 8), lambda s: 0.5 - 0.4 * min(s, 8) / 8),
]


@pytest.mark.parametrize(("name", "arguments", "reference"), SCHEDULES)
def test_schedule(name, arguments, reference):
    schedule = getattr(optim, name)(*arguments)
    for step in range(16):
        expected = reference(step)
        for given in (step, mx.array(step, mx.uint64), mx.array(step)):
            assert float(schedule(given)) == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_join_schedules():
    parts = [optim.linear_schedule(0.0, 1.0, 4), optim.exponential_decay(1.0, 0.5), lambda step: 3.0 + 0 * step]
    schedule = optim.join_schedules(parts, [4, 7])
    values = [schedule(mx.array(step, mx.uint64)).item() for step in range(9)]
    np.testing.assert_allclose(values, [0, 0.25, 0.5, 0.75, 1, 0.5, 0.25, 3, 3], rtol=1e-6)


ERRORS = [
    (lambda: optim.step_decay(1.0, 0.5, 0), r"\[step_decay\].*step_size.*got 0"),
    (lambda: optim.cosine_decay(1.0, 0), r"\[cosine_decay\].*decay_steps.*got 0"),
    (lambda: optim.linear_schedule(1.0, 0.0, 0), r"\[linear_schedule\].*steps.*got 0"),
    (lambda: optim.join_schedules([], []), r"\[join_schedules\].*at least one"),
    (lambda: optim.join_schedules([abs, abs], []), r"\[join_schedules\].*1 boundaries, got 0"),
    (lambda: optim.SGD(0.1, nesterov=True), r"\[SGD\].*nesterov"),
    (lambda: optim.SGD(0.1, momentum=0.9, dampening=0.1, nesterov=True), r"\[SGD\].*dampening=0.1"),
    (lambda: optim.Adam(0.1, betas=[1.0, 0.9]), r"\[Adam\].*beta1.*got 1.0"),
    (lambda: optim.AdamW(0.1, betas=[0.9, -0.1]), r"\[AdamW\].*beta2.*got -0.1"),
    (lambda: optim.Adam(0.1, eps=-1.0), r"\[Adam\].*eps.*got -1.0"),
    (lambda: optim.clip_grad_norm({}, -1.0), r"\[clip_grad_norm\].*got -1.0"),
]


@pytest.mark.parametrize(("call", "message"), ERRORS, ids=[m for _, m in ERRORS])
def test_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_clip_grad_norm_scales_only_what_is_too_long():
    gradients = {"a": mx.array([3.0, 0.0]), "b": [mx.array([4.0])]}
    clipped, norm = optim.clip_grad_norm(gradients, 1.0)
    assert norm.item() == pytest.approx(5.0)
    assert leaves(clipped)["a"][0] == pytest.approx(0.6, rel=1e-5)
    assert leaves(clipped)["b.0"][0] == pytest.approx(0.8, rel=1e-5)
    kept, norm = optim.clip_grad_norm(gradients, 50.0)
    assert norm.item() == pytest.approx(5.0)
    np.testing.assert_array_equal(leaves(kept)["a"], [3.0, 0.0])


def test_clip_grad_norm_of_float16_does_not_overflow():
    gradients = {"a": mx.full((4,), 1000.0, dtype=mx.float16)}
    clipped, norm = optim.clip_grad_norm(gradients, 1.0)
    assert norm.item() == pytest.approx(2000.0)
    assert clipped["a"].dtype == mx.float16
    assert leaves(clipped)["a"][0] == pytest.approx(0.5, rel=1e-3)


NAMES = ["Optimizer", "SGD", "Adam", "AdamW", "clip_grad_norm", *sorted({name for name, _, _ in SCHEDULES})]


@pytest.mark.parametrize("name", [*NAMES, "join_schedules"])
def test_signature_is_that_of_mlx(mlx_optim, name):
    ours = inspect.signature(getattr(optim, name)).parameters.values()
    theirs = inspect.signature(getattr(mlx_optim, name)).parameters.values()

    def default(parameter):
        return list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default

    assert [(p.name, p.kind, default(p)) for p in ours] == [(p.name, p.kind, default(p)) for p in theirs]
