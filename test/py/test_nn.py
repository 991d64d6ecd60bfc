# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mlxir.nn: the Module tree and value_and_grad.

The programs are functions of a model and its library, run in mlxir and, where it is
installed, in mlx.
"""

import inspect

import mlxir as mx
import numpy as np
import pytest
from mlxir import nn
from mlxir.utils import tree_flatten

MEMBERS = [
    *["parameters", "trainable_parameters", "update", "apply", "children", "leaf_modules", "modules", "named_modules"],
    *["apply_to_modules", "update_modules", "filter_and_map", "freeze", "unfreeze", "train", "eval", "training"],
    *["state", "set_dtype", "load_weights", "save_weights", "is_module", "valid_child_filter"],
    *["valid_parameter_filter", "trainable_parameter_filter"],
]


def values(tree):
    return {path: np.array(leaf.astype(mx.float32)).astype(np.float64) for path, leaf in tree_flatten(tree)}


def shapes(tree):
    return {path: tuple(leaf.shape) for path, leaf in tree_flatten(tree)}


@pytest.fixture
def oracle():
    """The two modules of mlx."""
    core = pytest.importorskip("mlx.core", reason="mlx is not installed")
    import mlx.nn

    return core, mlx.nn


def make_model(core, library):
    """Nested lists, dicts, private and frozen parts, an array in a list, a shared name."""

    class Part(library.Module):
        def __init__(self):
            super().__init__()
            self.linear = library.Linear(2, 3)
            self.tables = [core.zeros((2,)), {"deep": core.ones((1,))}]
            self._hidden = core.zeros((4,))

        def __call__(self, x):
            return self.linear(x)

    class Model(library.Module):
        def __init__(self):
            super().__init__()
            self.parts = [Part(), library.Sequential(library.Linear(3, 2, bias=False), library.ReLU())]
            self.named = {"norm": library.LayerNorm(3), "more": [library.RMSNorm(2)]}
            self.scale = core.array(2.0)
            self.pair = (core.zeros(1), core.zeros(1))
            self.depth = 3

    return Model()


# The Module tree.


def test_all_members_are_there():
    assert len(MEMBERS) == 24
    assert [name for name in MEMBERS if not hasattr(nn.Module, name)] == []


@pytest.mark.parametrize("name", MEMBERS)
def test_member_has_the_signature_of_mlx(oracle, name):
    ours, theirs = getattr(nn.Module, name), getattr(oracle[1].Module, name)
    if isinstance(theirs, property):
        assert isinstance(ours, property)
        return

    def parameters(function):
        found = inspect.signature(function).parameters.values()
        return [(p.name, p.kind, "function" if callable(p.default) else p.default) for p in found]

    assert parameters(ours) == parameters(theirs)


PROGRAMS = {
    "parameters": lambda m, lib: shapes_of(m.parameters()),
    "trainable": lambda m, lib: shapes_of(m.freeze(keys="bias").trainable_parameters()),
    "freeze all": lambda m, lib: shapes_of(m.freeze().trainable_parameters()),
    "freeze here": lambda m, lib: shapes_of(m.freeze(recurse=False).trainable_parameters()),
    "freeze a child": lambda m, lib: (m.parts[0].freeze(), shapes_of(m.trainable_parameters()))[1],
    "freeze several": lambda m, lib: shapes_of(m.freeze(keys=["weight", "scale"]).trainable_parameters()),
    "freeze in a list": lambda m, lib: shapes_of(m.freeze(keys="tables.0").trainable_parameters()),
    "unfreeze": lambda m, lib: shapes_of(m.freeze().unfreeze(keys=["weight"]).trainable_parameters()),
    "unfreeze all": lambda m, lib: shapes_of(m.freeze().unfreeze().trainable_parameters()),
    "unfreeze here": lambda m, lib: shapes_of(m.freeze().unfreeze(recurse=False).trainable_parameters()),
    "children": lambda m, lib: names_of(m.children()),
    "leaf modules": lambda m, lib: names_of(m.leaf_modules()),
    "modules": lambda m, lib: [type(x).__name__ for x in m.modules()],
    "named modules": lambda m, lib: [(path, type(x).__name__) for path, x in m.named_modules()],
    "keys": lambda m, lib: sorted(m.keys()),
    "repr": lambda m, lib: repr(m),
    "repr of a leaf": lambda m, lib: [repr(x) for x in m.modules()[1:]],
    "train": lambda m, lib: [x.training for x in m.eval().modules()],
    "train again": lambda m, lib: [x.training for x in m.eval().train().modules()],
    "filter": lambda m, lib: shapes_of(
        m.filter_and_map(lambda module, key, v: lib.Module.valid_parameter_filter(module, key, v) and "b" not in key)
    ),
    "update": lambda m, lib: shapes_of(m.update({"parts": [{"tables": [m.scale]}]}).parameters()),
    "update not strict": lambda m, lib: shapes_of(
        m.update({"no": m.scale, "parts": [{}, {}, {"x": 1}]}, strict=False).parameters()
    ),
    "update modules": lambda m, lib: names_of(
        m.update_modules({"parts": [{"linear": lib.Identity()}, lib.Identity()]}).children()
    ),
    "update leaves": lambda m, lib: names_of(m.update_modules(m.leaf_modules()).leaf_modules()),
    "attributes": lambda m, lib: ("depth" in m, "pair" in m, "_hidden" in m.parts[0], m.depth, len(m.pair)),
    "delete": lambda m, lib: (delattr(m, "scale"), delattr(m, "depth"), sorted(m.keys()), hasattr(m, "depth"))[2:],
    "array becomes a number": lambda m, lib: (setattr(m, "scale", 1), "scale" in m, m.scale)[1:],
    "number becomes an array": lambda m, lib: (setattr(m, "depth", m.scale), "depth" in m, m.depth is m["scale"])[1:],
    "is module": lambda m, lib: [lib.Module.is_module(x) for x in (m, m.parts, m.parts[0], {}, 1)],
    "state": lambda m, lib: m.state is m,
}


def shapes_of(tree):
    return [(path, tuple(leaf.shape)) for path, leaf in tree_flatten(tree)]


def names_of(tree):
    return [(path, type(m).__name__) for path, m in tree_flatten(tree, is_leaf=lambda x: hasattr(x, "children"))]


@pytest.mark.parametrize("name", PROGRAMS)
def test_tree_is_that_of_mlx(oracle, name):
    program = PROGRAMS[name]
    core, library = oracle
    assert program(make_model(mx, nn), nn) == program(make_model(core, library), library)


def test_parameters_are_the_arrays_themselves():
    model = make_model(mx, nn)
    tree = model.parameters()
    assert tree["scale"] is model.scale is model["scale"]
    assert tree["parts"][0]["linear"]["weight"] is model.parts[0].linear.weight
    assert isinstance(model, dict)
    assert "_hidden" not in tree["parts"][0]
    assert "pair" not in tree


def test_filters_hide_private_and_frozen():
    model = make_model(mx, nn)
    frozen = model.freeze(keys=["weight"]).trainable_parameters()
    assert shapes(frozen)["parts.0.linear.bias"] == (3,)
    assert [path for path in shapes(frozen) if path.endswith("weight")] == []
    assert shapes(model.parameters()).keys() > shapes(frozen).keys()


def test_apply_and_set_dtype():
    model = make_model(mx, nn)
    model.count = mx.array(3)
    before = values(model.parameters())
    model.apply(lambda p: p + 1)
    for path, value in values(model.parameters()).items():
        np.testing.assert_allclose(value, before[path] + 1, rtol=1e-6)
    assert model.set_dtype(mx.float16) is None
    assert model.scale.dtype == mx.float16
    assert model.count.dtype == mx.int32
    model.set_dtype(mx.float32, predicate=None)
    assert model.count.dtype == mx.float32


def test_named_modules_gives_paths():
    paths = dict(make_model(mx, nn).named_modules())
    assert isinstance(paths["parts.1.layers.0"], nn.Linear)
    assert isinstance(paths["named.norm"], nn.LayerNorm)
    assert len(paths) == 8


MODULE_ERRORS = [
    (lambda m: m.missing, AttributeError, "'Model' object has no attribute 'missing'"),
    (lambda m: delattr(m, "missing"), AttributeError, "missing"),
    (lambda m: m.update({"missing": m.scale}), ValueError, r"Module\.update.*'missing'"),
    (lambda m: m.update({"scale": 1.0}), ValueError, r"Module\.update.*'scale'.*got float"),
    (lambda m: m.update({"parts": [{}, {}, {}]}), ValueError, r"Module\.update.*'2'"),
    (lambda m: m.update({"parts": 1}), ValueError, r"Module\.update.*got int"),
    (lambda m: m.update_modules({"missing": m}), ValueError, r"Module\.update_modules.*'missing'"),
    (lambda m: m.update_modules({"scale": m}), ValueError, r"Module\.update_modules.*'scale'.*got Model"),
    (lambda m: m.update_modules({"parts": m.scale}), ValueError, r"Module\.update_modules.*got array"),
    (lambda m: m.freeze(keys="missing", strict=True), KeyError, r"Module\.freeze.*'missing'"),
    (lambda m: m.freeze(keys="weight", strict=True, recurse=False), KeyError, r"Module\.freeze.*'weight'"),
    (lambda m: m.unfreeze(keys=["scale", "missing"], strict=True), KeyError, r"Module\.unfreeze.*'missing'"),
    (lambda m: m.load_weights([("scale", m.scale)]), ValueError, r"load_weights.*[mM]issing"),
    (
        lambda m: m.load_weights([*tree_flatten(m.parameters()), ("other", m.scale)]),
        ValueError,
        r"load_weights.*not in model: other",
    ),
    (
        lambda m: m.load_weights({**dict(tree_flatten(m.parameters())), "scale": m._no_grad}),
        ValueError,
        r"load_weights.*parameter scale.*got set",
    ),
    (
        lambda m: m.load_weights({**dict(tree_flatten(m.parameters())), "scale": mx.zeros((2,))}),
        ValueError,
        r"load_weights.*shape \(\) for parameter scale, got \(2,\)",
    ),
    (lambda m: m.save_weights("weights.txt"), ValueError, r"save_weights.*weights\.txt"),
    (
        lambda m: m.filter_and_map(lambda *_: True, is_leaf_fn=lambda *_: False),
        RuntimeError,
        r"filter_and_map.*is_leaf_fn",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), MODULE_ERRORS, ids=[m for _, _, m in MODULE_ERRORS])
def test_module_error(call, kind, message):
    with pytest.raises(kind, match=message):
        call(make_model(mx, nn))


@pytest.mark.parametrize("number", range(len(MODULE_ERRORS)))
def test_module_error_has_the_type_of_mlx(oracle, number):
    call, kind, _ = MODULE_ERRORS[number]
    with pytest.raises(kind):
        call(make_model(*oracle))


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
def test_weights_in_a_file(tmp_path, suffix):
    path = tmp_path / f"weights.{suffix}"
    saved, loaded = make_model(mx, nn), make_model(mx, nn)
    saved.save_weights(str(path))
    assert loaded.load_weights(str(path)) is loaded
    for name, value in values(saved.parameters()).items():
        np.testing.assert_array_equal(values(loaded.parameters())[name], value)


def test_load_weights_not_strict():
    model = nn.Linear(2, 2)
    bias = np.array(model.bias)
    model.load_weights([("weight", mx.zeros((2, 2))), ("other", mx.zeros(1))], strict=False)
    assert np.array(model.weight).sum() == 0
    assert "other" not in model
    np.testing.assert_array_equal(np.array(model.bias), bias)


# value_and_grad.


def test_value_and_grad_of_trainable_parameters():
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 1))
    model.layers[1].freeze()
    x = mx.array([[1.0, 2.0]])
    value, gradient = nn.value_and_grad(model, lambda x: model(x).sum())(x)
    assert shapes(gradient) == {"layers.0.weight": (2, 2)}
    expected = np.array(model.layers[1].weight).T @ np.array(x)
    np.testing.assert_allclose(np.array(gradient["layers"][0]["weight"]), expected, rtol=1e-6)
    assert value.item() == pytest.approx(model(x).sum().item(), rel=1e-6)


def test_value_and_grad_keeps_name_tuple_and_keywords():
    model = nn.Linear(1, 1)

    def loss(x, *, scale):
        """The loss."""
        return model(x).sum() * scale, {"scale": scale}

    function = nn.value_and_grad(model, loss)
    assert function.__name__ == "loss"
    (value, extra), gradient = function(mx.ones((3, 1)), scale=2.0)
    assert extra["scale"] == 2.0
    assert gradient["bias"].item() == 6.0
    assert value.item() == pytest.approx(6 * (model.weight + model.bias).item(), rel=1e-5)


def test_value_and_grad_leaves_the_parameters_alone():
    model = nn.Linear(2, 1)
    before = dict(tree_flatten(model.parameters()))
    nn.value_and_grad(model, lambda: model(mx.ones((1, 2))).sum())()
    assert all(before[path] is leaf for path, leaf in tree_flatten(model.parameters()))

    def fails():
        model(mx.ones((1, 2))).sum()
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        nn.value_and_grad(model, fails)()
    assert all(before[path] is leaf for path, leaf in tree_flatten(model.parameters()))


def test_value_and_grad_with_a_part_of_a_list_frozen():
    class Weights(nn.Module):
        def __init__(self):
            super().__init__()
            self.list = [mx.array(1.0), mx.array(2.0), mx.array(3.0)]

    model = Weights()
    model.freeze(keys="list.1")
    before = list(model.list)
    _, gradient = nn.value_and_grad(model, lambda: model.list[0] * model.list[1] * model.list[2])()
    assert (gradient["list"][0].item(), gradient["list"][2].item()) == (6.0, 2.0)
    assert all(a is b for a, b in zip(model.list, before, strict=True))


def test_value_and_grad_keeps_what_the_function_assigns():
    class Counter(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = mx.array([2.0])
            self.calls = mx.array(0.0)
            self.freeze(keys="calls")

        def __call__(self, x):
            self.calls = self.calls + 1
            return (self.weight * x).sum()

    model = Counter()
    _, gradient = nn.value_and_grad(model, model)(mx.array([3.0]))
    assert gradient == {"weight": gradient["weight"]}
    assert gradient["weight"].item() == 3.0
    assert model.calls.item() == 1.0
