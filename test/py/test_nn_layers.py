# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Layers, activation functions, losses and initializers of mlxir.nn.

Values are compared with NumPy in float64, and with mlx where it is installed.
"""

import inspect
import math

import mlxir as mx
import numpy as np
import pytest
from mlxir import nn
from mlxir.utils import tree_flatten


def shapes(tree):
    return {path: tuple(leaf.shape) for path, leaf in tree_flatten(tree)}


@pytest.fixture
def oracle():
    """The two modules of mlx."""
    core = pytest.importorskip("mlx.core", reason="mlx is not installed")
    import mlx.nn

    return core, mlx.nn


# Activation functions: name, arguments, reference in float64.


def np_erf(x):
    return np.vectorize(math.erf)(x)


def np_sigmoid(x):
    return 1 / (1 + np.exp(-x))


def np_softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def np_elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


ACTIVATIONS = [
    ("relu", (), lambda x: np.maximum(x, 0)),
    ("relu2", (), lambda x: np.maximum(x, 0) ** 2),
    ("relu6", (), lambda x: np.clip(x, 0, 6)),
    ("leaky_relu", (), lambda x: np.where(x > 0, x, 0.01 * x)),
    ("leaky_relu", (0.3,), lambda x, a: np.where(x > 0, x, a * x)),
    ("prelu", ("alpha",), lambda x, a: np.where(x > 0, x, a * x)),
    ("elu", (), np_elu),
    ("elu", (0.5,), np_elu),
    ("celu", (), np_elu),
    ("celu", (2.0,), lambda x, a: np.where(x > 0, x, a * np.expm1(np.minimum(x, 0) / a))),
    ("selu", (), lambda x: 1.0507 * np_elu(x, 1.67326)),
    ("gelu", (), lambda x: x * (1 + np_erf(x / math.sqrt(2))) / 2),
    ("gelu_approx", (), lambda x: x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))),
    ("gelu_fast_approx", (), lambda x: x * np_sigmoid(1.702 * x)),
    ("silu", (), lambda x: x * np_sigmoid(x)),
    ("mish", (), lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    ("hardswish", (), lambda x: x * np.clip(x + 3, 0, 6) / 6),
    ("sigmoid", (), np_sigmoid),
    ("log_sigmoid", (), lambda x: np.log(np_sigmoid(x))),
    ("softplus", (), lambda x: np.log1p(np.exp(x))),
    ("softsign", (), lambda x: x / (1 + np.abs(x))),
    ("softshrink", (), lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)),
    ("softshrink", (1.0,), lambda x, a: np.sign(x) * np.maximum(np.abs(x) - a, 0)),
    ("hard_shrink", (), lambda x: np.where(np.abs(x) > 0.5, x, 0)),
    ("hard_shrink", (1.0,), lambda x, a: np.where(np.abs(x) > a, x, 0)),
    ("hard_tanh", (), lambda x: np.clip(x, -1, 1)),
    ("hard_tanh", (-2.0, 0.5), np.clip),
    ("tanh", (), np.tanh),
    ("step", (), lambda x: (x >= 0).astype(np.float64)),
    ("step", (0.7,), lambda x, a: (x >= a).astype(np.float64)),
    ("glu", (), lambda x: x[..., : x.shape[-1] // 2] * np_sigmoid(x[..., x.shape[-1] // 2 :])),
    ("softmax", (), np_softmax),
    ("softmin", (), lambda x: np_softmax(-x)),
    ("log_softmax", (), lambda x: np.log(np_softmax(x))),
]
ACTIVATION_IDS = [f"{name}{arguments}" for name, arguments, _ in ACTIVATIONS]
DIFFERENTIABLE = [row for row in ACTIVATIONS if row[0] != "step"]  # step returns integers
X = np.random.default_rng(0).normal(size=(3, 5, 8)).astype(np.float32) * 3
ALPHA = np.linspace(0.1, 0.8, 8).astype(np.float32)
TOLERANCE = {"float32": 2e-6, "float16": 3e-3, "bfloat16": 3e-2}

LAYERS = {
    "relu": "ReLU", "relu2": "ReLU2", "relu6": "ReLU6", "leaky_relu": "LeakyReLU", "elu": "ELU", "celu": "CELU",
    "selu": "SELU", "silu": "SiLU", "mish": "Mish", "hardswish": "Hardswish", "sigmoid": "Sigmoid",
    "log_sigmoid": "LogSigmoid", "softplus": "Softplus", "softsign": "Softsign", "softshrink": "Softshrink",
    "hard_shrink": "HardShrink", "hard_tanh": "HardTanh", "tanh": "Tanh", "step": "Step", "glu": "GLU",
    "softmax": "Softmax", "softmin": "Softmin", "log_softmax": "LogSoftmax", "gelu": "GELU", "prelu": "PReLU",
}  # fmt: skip


def call_activation(core, library, name, arguments, x):
    alpha = core.array(ALPHA).astype(x.dtype)
    return getattr(library, name)(x, *(alpha if a == "alpha" else a for a in arguments))


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(("name", "arguments", "reference"), ACTIVATIONS, ids=ACTIVATION_IDS)
def test_activation(name, arguments, reference, dtype):
    x = mx.array(X).astype(getattr(mx, dtype))
    result = call_activation(mx, nn, name, arguments, x)
    assert result.dtype == (mx.int32 if name == "step" else x.dtype)
    rounded = np.array(x.astype(mx.float32)).astype(np.float64)
    expected = reference(rounded, *(ALPHA if a == "alpha" else a for a in arguments))
    # hardswish multiplies before it divides: the result of a large x has the error of x * 6.
    tolerance = TOLERANCE[dtype]
    np.testing.assert_allclose(np.array(result.astype(mx.float32)), expected, rtol=tolerance * 4, atol=tolerance * 2)


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32"])
@pytest.mark.parametrize(("name", "arguments", "reference"), ACTIVATIONS, ids=ACTIVATION_IDS)
def test_activation_is_that_of_mlx(oracle, name, arguments, reference, dtype):
    core, library = oracle
    ours = call_activation(mx, nn, name, arguments, mx.array(X).astype(getattr(mx, dtype)))
    theirs = call_activation(core, library, name, arguments, core.array(X).astype(getattr(core, dtype)))
    assert str(ours.dtype).split(".")[-1] == str(theirs.dtype).split(".")[-1]
    tolerance = TOLERANCE.get(dtype, 2e-6)
    np.testing.assert_allclose(np.array(ours), np.array(theirs), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("name", "arguments", "reference"),
    DIFFERENTIABLE,
    ids=[f"{name}{arguments}" for name, arguments, _ in DIFFERENTIABLE],
)
def test_activation_gradient(name, arguments, reference):
    """Central differences in float64 of the reference; and finite where exp overflows."""
    x = mx.array(X[0])
    gradient = np.array(mx.grad(lambda x: call_activation(mx, nn, name, arguments, x).square().sum())(x))
    constants = [ALPHA.astype(np.float64) if a == "alpha" else a for a in arguments]
    start, expected = X[0].astype(np.float64), np.zeros(X[0].shape)
    for index in np.ndindex(*start.shape):
        shift = np.zeros_like(start)
        shift[index] = 1e-5
        high, low = reference(start + shift, *constants), reference(start - shift, *constants)
        expected[index] = ((high**2).sum() - (low**2).sum()) / 2e-5
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-4)
    steep = mx.grad(lambda x: call_activation(mx, nn, name, arguments, x).sum())(mx.full((1, 8), 200.0))
    assert np.isfinite(np.array(steep)).all()


def test_every_activation_has_a_layer():
    assert {name for name, _, _ in ACTIVATIONS} - {"gelu_approx", "gelu_fast_approx"} == LAYERS.keys()


@pytest.mark.parametrize(("function", "layer"), LAYERS.items())
def test_activation_layer(oracle, function, layer):
    core, library = oracle
    for arguments in [(), {"LeakyReLU": (0.2,), "ELU": (0.5,), "CELU": (2.0,), "GLU": (1,)}.get(layer, ())]:
        x = X[:, :4] if layer == "GLU" else X
        ours = getattr(nn, layer)(*arguments)
        theirs = getattr(library, layer)(*arguments)
        np.testing.assert_allclose(np.array(ours(mx.array(x))), np.array(theirs(core.array(x))), rtol=3e-6, atol=3e-6)
        assert repr(ours) == repr(theirs)
        assert shapes(ours.parameters()) == shapes(theirs.parameters())


@pytest.mark.parametrize(
    ("approx", "function"),
    [("none", nn.gelu), ("precise", nn.gelu_approx), ("tanh", nn.gelu_approx), ("fast", nn.gelu_fast_approx)],
)
def test_gelu_layer(approx, function):
    np.testing.assert_array_equal(np.array(nn.GELU(approx)(mx.array(X))), np.array(function(mx.array(X))))


def test_softmax_axis():
    for function, reference in [(nn.softmax, np_softmax), (nn.log_softmax, lambda x: np.log(np_softmax(x)))]:
        expected = np.moveaxis(reference(np.moveaxis(X.astype(np.float64), 1, -1)), -1, 1)
        np.testing.assert_allclose(np.array(function(mx.array(X), axis=1)), expected, rtol=1e-5, atol=1e-5)


# Layers.


def test_attention_with_masks_and_sinks():
    rng = np.random.default_rng(3)
    q, k, v = rng.normal(size=(2, 4, 5, 8)), rng.normal(size=(2, 2, 7, 8)), rng.normal(size=(2, 2, 7, 6))
    choice, bias, sinks = rng.random((5, 7)) < 0.6, rng.normal(size=(4, 5, 7)), rng.normal(size=4) * 3
    choice[:, 0] = True  # each query sees something
    causal = np.tril(np.ones((5, 7), bool), 2)
    scores = q @ np.repeat(k, 2, 1).swapaxes(2, 3) * 0.5
    for mask, masked in (
        (None, scores),
        ("causal", np.where(causal, scores, -np.inf)),
        (choice, np.where(choice, scores, -np.inf)),
        (bias, scores + bias),
    ):
        for column in (None, sinks):
            added = np.exp(column)[:, None, None] if column is not None else 0
            weights = np.exp(masked) / (np.exp(masked).sum(-1, keepdims=True) + added)
            given = mask if mask is None or isinstance(mask, str) else mx.array(mask)
            arrays = [mx.array(x.astype(np.float32)) for x in (q, k, v)]
            given_sinks = None if column is None else mx.array(column)
            got = mx.fast.scaled_dot_product_attention(*arrays, scale=0.5, mask=given, sinks=given_sinks)
            np.testing.assert_allclose(np.array(got), weights @ np.repeat(v, 2, 1), rtol=2e-5, atol=2e-5)


def test_linear():
    for bias in (True, False):
        layer = nn.Linear(8, 4, bias=bias)
        weight, shift = np.array(layer.weight, np.float64), np.array(layer.bias, np.float64) if bias else 0
        np.testing.assert_allclose(np.array(layer(mx.array(X))), X @ weight.T + shift, rtol=1e-5, atol=1e-5)
        assert shapes(layer.parameters()) == {"weight": (4, 8), **({"bias": (4,)} if bias else {})}
        assert np.abs(weight).max() <= 8**-0.5


def test_bilinear():
    layer = nn.Bilinear(8, 4, 3)
    y = X[..., :4] + 1
    weight = np.array(layer.weight, np.float64)
    expected = np.einsum("...i,ojk,...j,...k->...o", np.ones((*X.shape[:-1], 1)), weight, y, X) + np.array(layer.bias)
    np.testing.assert_allclose(np.array(layer(mx.array(X), mx.array(y))), expected, rtol=1e-4, atol=1e-4)


def test_embedding():
    layer = nn.Embedding(10, 4)
    table = np.array(layer.weight)
    index = np.array([[1, 9], [0, 1]])
    np.testing.assert_array_equal(np.array(layer(mx.array(index))), table[index])
    np.testing.assert_array_equal(np.array(layer(mx.array(index.astype(np.uint8)))), table[index])
    x = X[..., :4]
    np.testing.assert_allclose(np.array(layer.as_linear(mx.array(x))), x @ table.T, rtol=1e-5, atol=1e-5)


def test_embedding_gradient_accumulates():
    layer = nn.Embedding(4, 2)
    _, gradient = nn.value_and_grad(layer, lambda i: layer(i).sum())(mx.array([1, 1, 3]))
    assert gradient["weight"].tolist() == [[0, 0], [2, 2], [0, 0], [1, 1]]


@pytest.mark.parametrize("options", [{}, {"affine": False}, {"bias": False}, {"eps": 0.1}])
def test_layer_norm(options):
    layer = nn.LayerNorm(8, **options)
    layer.apply(lambda p: p + 0.5)
    x = X.astype(np.float64)
    expected = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + options.get("eps", 1e-5))
    if "weight" in layer:
        expected = expected * 1.5
    if "bias" in layer:
        expected = expected + 0.5
    np.testing.assert_allclose(np.array(layer(mx.array(X))), expected, rtol=1e-5, atol=1e-5)
    assert ("weight" in layer, "bias" in layer) == (options.get("affine", True), len(options) == 0 or "eps" in options)


def test_rms_norm():
    layer = nn.RMSNorm(8, eps=1e-3)
    layer.weight = mx.array(ALPHA)
    x = X.astype(np.float64)
    expected = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-3) * ALPHA
    np.testing.assert_allclose(np.array(layer(mx.array(X))), expected, rtol=1e-5, atol=1e-6)


def test_sequential_takes_functions():
    model = nn.Sequential(nn.Linear(8, 4), nn.relu, lambda x: x + 1, nn.Linear(4, 2))
    assert model(mx.array(X)).shape == (3, 5, 2)
    assert list(shapes(model.parameters())) == [f"layers.{i}.{n}" for i in (0, 3) for n in ("weight", "bias")]


def test_dropout():
    layer = nn.Dropout(0.25)
    x = mx.ones((100, 100))
    mx.random.seed(1)
    y = np.array(layer(x))
    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.75)}
    assert abs((y == 0).mean() - 0.25) < 0.02
    assert not np.array_equal(np.array(layer(x)), y)
    mx.random.seed(1)
    np.testing.assert_array_equal(np.array(layer(x)), y)
    assert layer.eval()(x) is x
    assert nn.Dropout(0.0)(x) is x
    half = nn.Dropout(0.5)(mx.ones((4, 4), dtype=mx.float16))
    assert half.dtype == mx.float16


def test_dropout_draws_anew_under_jit():
    layer = nn.Dropout(0.5)
    compiled = mx.jit(lambda x: layer(x), state=mx.random.state)
    x = mx.ones((64,))
    mx.random.seed(7)
    draws = [np.array(compiled(x)) for _ in range(3)]
    assert not np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[1], draws[2])
    mx.random.seed(7)
    for draw in draws:
        np.testing.assert_array_equal(np.array(layer(x)), draw)


LAYER_PROGRAMS = {
    "Identity": lambda lib: lib.Identity(3, x=4),
    "Linear": lambda lib: lib.Linear(8, 3),
    "Linear without bias": lambda lib: lib.Linear(8, 3, bias=False),
    "Embedding": lambda lib: lib.Embedding(16, 8).as_linear,
    "LayerNorm": lambda lib: lib.LayerNorm(8),
    "RMSNorm": lambda lib: lib.RMSNorm(8),
    "Dropout": lambda lib: lib.Dropout(0.3),
    "Sequential": lambda lib: lib.Sequential(lib.Linear(8, 8), lib.tanh, lib.Dropout(0.5), lib.Linear(8, 2)),
}


@pytest.mark.parametrize("name", LAYER_PROGRAMS)
def test_layer_is_that_of_mlx(oracle, name):
    """The same seed gives the same parameters and the same random draws."""
    results = []
    for core, library in ((mx, nn), oracle):
        core.random.seed(11)
        layer = LAYER_PROGRAMS[name](library)
        results.append((np.array(layer(core.array(X))), repr(layer) if isinstance(layer, library.Module) else ""))
    np.testing.assert_allclose(results[0][0], results[1][0], rtol=1e-5, atol=1e-5)
    assert results[0][1] == results[1][1]


CLASSES = ["Module", "Identity", "Linear", "Bilinear", "Embedding", "LayerNorm", "RMSNorm", "Dropout", "Sequential"]
FUNCTIONS = [*sorted({name for name, _, _ in ACTIVATIONS}), "value_and_grad"]
RANDOM_INITIALIZERS = ["normal", "uniform", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform"]
SPACES = {
    "nn": lambda lib: lib,
    "losses": lambda lib: lib.losses,
    "init": lambda lib: lib.init,
}
NAMES = [
    *(("nn", name) for name in [*CLASSES, *FUNCTIONS, *LAYERS.values()]),
    ("losses", "cross_entropy"),
    ("losses", "mse_loss"),
    *(("init", name) for name in ["constant", "identity", *RANDOM_INITIALIZERS]),
]


@pytest.mark.parametrize(("space", "name"), NAMES)
def test_signature_is_that_of_mlx(oracle, space, name):
    ours, theirs = getattr(SPACES[space](nn), name), getattr(SPACES[space](oracle[1]), name)

    def parameters(function):
        found = inspect.signature(function).parameters.values()
        return [(p.name, p.kind, str(p.default).split(".")[-1]) for p in found]

    try:
        expected = parameters(theirs)
    except ValueError:
        pytest.skip("mlx's function does not tell its signature")
    assert parameters(ours) == expected


LAYER_ERRORS = [
    (lambda: nn.LayerNorm(3, eps=0.0), r"\[LayerNorm\].*got 0.0"),
    (lambda: nn.RMSNorm(3, eps=-1.0), r"\[RMSNorm\].*got -1.0"),
    (lambda: nn.Dropout(1.0), r"\[Dropout\].*got 1.0"),
    (lambda: nn.Dropout(-0.1), r"\[Dropout\].*got -0.1"),
    (lambda: nn.GELU("other"), r"\[GELU\].*'other'"),
    (lambda: nn.losses.mse_loss(mx.zeros(2), mx.zeros(3)), r"\[losses.mse_loss\].*\(2,\), got \(3,\)"),
    (lambda: nn.losses.mse_loss(mx.zeros(2), mx.zeros(2), "other"), r"\[losses.mse_loss\].*'other'"),
    (lambda: nn.losses.cross_entropy(mx.zeros((2, 3)), mx.array([0])), r"\[losses.cross_entropy\].*targets.*\(2,\)"),
    (lambda: nn.losses.cross_entropy(mx.zeros((2, 3)), mx.zeros((2, 4))), r"\[losses.cross_entropy\].*targets"),
    (lambda: nn.losses.cross_entropy(mx.zeros((2, 3)), mx.zeros((2,))), r"\[losses.cross_entropy\].*integer"),
    (
        lambda: nn.losses.cross_entropy(mx.zeros((2, 3)), mx.array([0, 1]), weights=mx.ones(3)),
        r"\[losses.cross_entropy\].*weights",
    ),
    (
        lambda: nn.losses.cross_entropy(mx.zeros((2, 3)), mx.array([0, 1]), label_smoothing=1.0),
        r"\[losses.cross_entropy\].*smoothing.*1.0",
    ),
    (lambda: nn.init.identity()(mx.zeros((2, 3))), r"\[init.identity\].*\(2, 3\)"),
    (lambda: nn.init.he_normal()(mx.zeros((2,))), r"\[init.he_normal\].*got 1"),
    (lambda: nn.init.he_uniform()(mx.zeros((2, 2)), mode="x"), r"\[init.he_uniform\].*'x'"),
]


@pytest.mark.parametrize(("call", "message"), LAYER_ERRORS, ids=[m for _, m in LAYER_ERRORS])
def test_layer_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Losses.


def np_cross_entropy(logits, targets, smoothing=0.0):
    log_p = np.log(np_softmax(logits.astype(np.float64)))
    p = np.eye(logits.shape[-1])[targets] if targets.ndim < logits.ndim else targets.astype(np.float64)
    p = (1 - smoothing) * p + smoothing / logits.shape[-1]
    return -(p * log_p).sum(-1)


TARGETS = np.random.default_rng(1).integers(0, 8, (3, 5))


@pytest.mark.parametrize("dtype", ["int32", "uint8", "int64", "uint32"])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_cross_entropy_of_classes(dtype, smoothing):
    targets = mx.array(TARGETS).astype(getattr(mx, dtype))
    expected = np_cross_entropy(X, TARGETS, smoothing)
    for reduction, reduce in [("none", lambda x: x), ("mean", np.mean), ("sum", np.sum)]:
        loss = nn.losses.cross_entropy(mx.array(X), targets, label_smoothing=smoothing, reduction=reduction)
        assert loss.dtype == mx.float32
        np.testing.assert_allclose(np.array(loss), reduce(expected), rtol=1e-5, atol=1e-5)


def test_cross_entropy_of_probabilities():
    targets = np_softmax(X[::-1]).astype(np.float32)
    loss = nn.losses.cross_entropy(mx.array(X), mx.array(targets))
    np.testing.assert_allclose(np.array(loss), np_cross_entropy(X, targets), rtol=1e-5, atol=1e-5)


def test_cross_entropy_axis_weights_and_negative_targets():
    moved = mx.array(np.moveaxis(X, -1, 1))
    expected = np_cross_entropy(X, TARGETS)
    np.testing.assert_allclose(
        np.array(nn.losses.cross_entropy(moved, mx.array(TARGETS), axis=1)), expected, rtol=1e-5, atol=1e-5
    )
    weights = mx.array(np.arange(15, dtype=np.float32).reshape(3, 5))
    weighted = nn.losses.cross_entropy(mx.array(X), mx.array(TARGETS), weights=weights)
    np.testing.assert_allclose(np.array(weighted), expected * np.array(weights), rtol=1e-5, atol=1e-5)
    from_the_end = nn.losses.cross_entropy(mx.array(X), mx.array(TARGETS - 8))
    np.testing.assert_allclose(np.array(from_the_end), expected, rtol=1e-5, atol=1e-5)


def test_cross_entropy_is_stable_and_its_gradient_is_softmax_minus_one_hot():
    logits = mx.array([[1e4, -1e4, 0.0], [3.0, 2.0, 1.0]])
    targets = mx.array([0, 2])
    loss, gradient = mx.value_and_grad(lambda x: nn.losses.cross_entropy(x, targets).sum())(logits)
    assert np.isfinite(loss.item())
    expected = np_softmax(np.array(logits, np.float64)) - np.eye(3)[[0, 2]]
    np.testing.assert_allclose(np.array(gradient), expected, atol=1e-6)


def test_mse_loss():
    a, b = X.astype(np.float64), X[::-1].astype(np.float64)
    for reduction, reduce in [("none", lambda x: x), ("mean", np.mean), ("sum", np.sum)]:
        loss = nn.losses.mse_loss(mx.array(X), mx.array(X[::-1].copy()), reduction=reduction)
        np.testing.assert_allclose(np.array(loss), reduce((a - b) ** 2), rtol=1e-5, atol=1e-6)
    assert nn.losses.mse_loss(mx.zeros(2), mx.ones(2)).item() == 1.0


LOSS_PROGRAMS = {
    "classes": lambda c, n: n.losses.cross_entropy(c.array(X), c.array(TARGETS)),
    "float16": lambda c, n: n.losses.cross_entropy(c.array(X).astype(c.float16), c.array(TARGETS)),
    "smooth": lambda c, n: n.losses.cross_entropy(c.array(X), c.array(TARGETS), label_smoothing=0.1, reduction="sum"),
    "unnormalized": lambda c, n: n.losses.cross_entropy(c.array(X), c.array(np.abs(X)), axis=1),
    "mse": lambda c, n: n.losses.mse_loss(c.array(X), c.array(X * 2)),
    "mse of integers": lambda c, n: n.losses.mse_loss(c.array([1, 2]), c.array([3, 5])),
}


@pytest.mark.parametrize("name", LOSS_PROGRAMS)
def test_loss_is_that_of_mlx(oracle, name):
    ours, theirs = LOSS_PROGRAMS[name](mx, nn), LOSS_PROGRAMS[name](*oracle)
    assert str(ours.dtype).split(".")[-1] == str(theirs.dtype).split(".")[-1]
    tolerance = 3e-3 if name == "float16" else 1e-5
    np.testing.assert_allclose(np.array(ours), np.array(theirs), rtol=tolerance, atol=tolerance)


# Initializers.


def test_init_distributions():
    mx.random.seed(0)
    a = mx.zeros((200, 300))
    fan = 300
    for initializer, mean, std in [
        (nn.init.normal(1.0, 0.5), 1.0, 0.5),
        (nn.init.uniform(-1.0, 3.0), 1.0, 4 / math.sqrt(12)),
        (nn.init.glorot_normal(), 0.0, math.sqrt(2 / 500)),
        (nn.init.glorot_uniform(), 0.0, math.sqrt(2 / 500)),
        (nn.init.he_normal(), 0.0, fan**-0.5),
        (nn.init.he_uniform(), 0.0, fan**-0.5),
    ]:
        value = np.array(initializer(a))
        assert value.shape == (200, 300)
        assert abs(value.mean() - mean) < 0.02 * std
        assert abs(value.std() - std) < 0.02 * std
    wide = np.array(nn.init.he_normal()(a, mode="fan_out", gain=2.0))
    assert abs(wide.std() - 2 * 200**-0.5) < 0.01
    conv = np.array(nn.init.he_uniform()(mx.zeros((64, 3, 3, 16))))
    assert abs(conv).max() <= math.sqrt(3 / (16 * 9))


def test_init_constants():
    assert nn.init.constant(3, mx.int32)(mx.zeros((2,))).tolist() == [3, 3]
    assert nn.init.identity(mx.float16)(mx.zeros((2, 2))).tolist() == [[1, 0], [0, 1]]
    assert nn.init.normal(dtype=mx.float16)(mx.zeros((2,))).dtype == mx.float16


@pytest.mark.parametrize("name", RANDOM_INITIALIZERS)
def test_init_is_that_of_mlx(oracle, name):
    drawn = []
    for core, library in ((mx, nn), oracle):
        core.random.seed(5)
        drawn.append(np.array(getattr(library.init, name)()(core.zeros((7, 5)))))
    np.testing.assert_allclose(*drawn, rtol=1e-5, atol=1e-6)
