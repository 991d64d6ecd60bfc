# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What docstrings say under "Raises" is raised: a row for each clause, and no clause without a row."""

from __future__ import annotations

import re
from functools import reduce
from typing import Any

import mlxir as mx
import mlxir.nn as nn
import mlxir.optimizers as optim
import pytest
from mlxir import utils
from test_docstrings import DOCUMENTED

v, m, i = mx.ones(3), mx.ones((2, 3)), mx.ones((2, 3), mx.int32)
heads, nan, inf = mx.ones((1, 2, 4, 8)), float("nan"), float("inf")


def layer() -> nn.Linear:
    return nn.Linear(2, 1)


def add(x, y):
    return x + y


ROWS: dict[str, list[tuple[type[Exception], Any]]] = {
    "array": [
        (ValueError, lambda: mx.array([[1], [1, 2]])),
        (ValueError, lambda: mx.array([1, "a"])),
    ],
    "array.item": [(ValueError, lambda: v.item()), (ValueError, lambda: mx.ones(0).item())],
    "eval": [(ValueError, lambda: mx.vmap(lambda x: mx.eval(x))(v))],
    # Putting together and taking apart.
    "concatenate": [
        (ValueError, lambda: mx.concatenate([])),
        (ValueError, lambda: mx.concatenate([m, mx.ones((2, 4))])),
        (mx.AxisError, lambda: mx.concatenate([v, v], axis=1)),
    ],
    "stack": [
        (ValueError, lambda: mx.stack([])),
        (ValueError, lambda: mx.stack([v, m])),
        (mx.AxisError, lambda: mx.stack([v], axis=2)),
    ],
    "split": [
        (ValueError, lambda: mx.split(v, 2)),
        (ValueError, lambda: mx.split(v, 0)),
        (mx.AxisError, lambda: mx.split(v, 3, axis=1)),
    ],
    "unstack": [(mx.AxisError, lambda: mx.unstack(v, axis=1))],
    "repeat": [(ValueError, lambda: mx.repeat(v, -1)), (mx.AxisError, lambda: mx.repeat(v, 2, axis=1))],
    "tile": [(ValueError, lambda: mx.tile(v, -1)), (ValueError, lambda: mx.tile(v, (2, -1)))],
    "roll": [
        (ValueError, lambda: mx.roll(m, (1, 2), axis=(0, 1, 0))),
        (mx.AxisError, lambda: mx.roll(v, 1, axis=1)),
    ],
    "flip": [(ValueError, lambda: mx.flip(m, axis=(0, 0))), (mx.AxisError, lambda: mx.flip(v, axis=1))],
    "diagonal": [
        (ValueError, lambda: mx.diagonal(v)),
        (ValueError, lambda: mx.diagonal(m, axis1=1, axis2=1)),
        (mx.AxisError, lambda: mx.diagonal(m, axis2=2)),
    ],
    "pad": [
        (ValueError, lambda: mx.pad(v, -1)),
        (ValueError, lambda: mx.pad(v, [(1, 1), (1, 1)])),
        (ValueError, lambda: mx.pad(v, 1, mode="wrap")),
        (ValueError, lambda: mx.pad(mx.ones(0), 1, mode="edge")),
    ],
    # Shapes.
    "reshape": [(ValueError, lambda: mx.reshape(m, (4, -1))), (ValueError, lambda: mx.reshape(m, (5,)))],
    "flatten": [(ValueError, lambda: mx.flatten(m, 1, 0))],
    "unflatten": [(ValueError, lambda: mx.unflatten(v, 0, (2, 2))), (mx.AxisError, lambda: mx.unflatten(v, 1, (3,)))],
    "squeeze": [(ValueError, lambda: mx.squeeze(m, 0)), (mx.AxisError, lambda: mx.squeeze(m, 2))],
    "expand_dims": [
        (ValueError, lambda: mx.expand_dims(v, (0, 0))),
        (mx.AxisError, lambda: mx.expand_dims(v, 2)),
    ],
    "transpose": [
        (ValueError, lambda: mx.transpose(m, (0,))),
        (ValueError, lambda: mx.transpose(m, (0, 0))),
        (mx.AxisError, lambda: mx.transpose(m, (0, 2))),
    ],
    "matrix_transpose": [(ValueError, lambda: mx.matrix_transpose(v))],
    "swapaxes": [(mx.AxisError, lambda: mx.swapaxes(m, 0, 2))],
    "moveaxis": [(mx.AxisError, lambda: mx.moveaxis(m, 0, 2)), (mx.AxisError, lambda: mx.moveaxis(m, 2, 0))],
    "broadcast_to": [(ValueError, lambda: mx.broadcast_to(v, (4,)))],
    "broadcast_shapes": [
        (ValueError, lambda: mx.broadcast_shapes((2,), (3,))),
        (ValueError, lambda: mx.broadcast_shapes()),
    ],
    # Products.
    "matmul": [
        (ValueError, lambda: mx.matmul(mx.array(1.0), v)),
        (ValueError, lambda: mx.matmul(i, i.T)),
        (ValueError, lambda: mx.matmul(m, m)),
    ],
    "addmm": [(ValueError, lambda: mx.addmm(i, i, i.T)), (ValueError, lambda: mx.addmm(mx.ones(5), m, m.T))],
    "inner": [(ValueError, lambda: mx.inner(i, i)), (ValueError, lambda: mx.inner(v, mx.ones(4)))],
    "tensordot": [
        (ValueError, lambda: mx.tensordot(i, i.T, 1)),
        (ValueError, lambda: mx.tensordot(m, m, 3)),
        (ValueError, lambda: mx.tensordot(m, m, 1)),
        (mx.AxisError, lambda: mx.tensordot(m, m, ([0], [2]))),
    ],
    # Reductions.
    "sum": [(ValueError, lambda: mx.sum(m, axis=(0, 0))), (mx.AxisError, lambda: mx.sum(m, axis=2))],
    "max": [(ValueError, lambda: mx.max(mx.ones((0, 2)), axis=0)), (mx.AxisError, lambda: mx.max(m, axis=2))],
    "argmax": [(ValueError, lambda: mx.argmax(mx.ones(0))), (mx.AxisError, lambda: mx.argmax(m, axis=2))],
    # Items.
    "take": [
        (ValueError, lambda: mx.take(v, v)),
        (mx.AxisError, lambda: mx.take(v, mx.array([0]), axis=1)),
        (mx.AxisError, lambda: mx.take(v, 3)),
        (mx.AxisError, lambda: mx.take(mx.ones(0), mx.array([0]))),
    ],
    "take_along_axis": [
        (ValueError, lambda: mx.take_along_axis(m, m, axis=0)),
        (ValueError, lambda: mx.take_along_axis(m, mx.array([0]), axis=0)),
        (ValueError, lambda: mx.take_along_axis(m, mx.zeros((3, 2), mx.int32), axis=0)),
        (mx.AxisError, lambda: mx.take_along_axis(m, i, axis=2)),
    ],
    # Elementwise.
    "where": [(ValueError, lambda: mx.where(mx.ones(2), v, 1))],
    "clip": [(ValueError, lambda: mx.clip(v, None, None)), (ValueError, lambda: mx.clip(v, mx.ones(2), None))],
    "from_fp8": [(ValueError, lambda: mx.from_fp8(v))],
    # Creation.
    "zeros": [(ValueError, lambda: mx.zeros((2, -1)))],
    "full": [(ValueError, lambda: mx.full((2,), v))],
    "arange": [
        (ValueError, lambda: mx.arange(0, 5, 0)),
        (ValueError, lambda: mx.arange(inf)),
        (ValueError, lambda: mx.arange(nan, 5)),
    ],
    "linspace": [(ValueError, lambda: mx.linspace(0, 1, -1))],
    "eye": [(ValueError, lambda: mx.eye(-1)), (ValueError, lambda: mx.eye(2, -1))],
    "tril": [(ValueError, lambda: mx.tril(v))],
    "diag": [(ValueError, lambda: mx.diag(mx.array(1.0))), (ValueError, lambda: mx.diag(heads))],
    "asarray": [(ValueError, lambda: mx.asarray([1, 2], copy=False))],
    "from_dlpack": [(TypeError, lambda: mx.from_dlpack(3))],
    # Element types.
    "view": [
        (ValueError, lambda: mx.view(mx.ones(3, mx.int8), mx.int32)),
        (TypeError, lambda: mx.view(v, "int8")),
    ],
    "isdtype": [(ValueError, lambda: mx.isdtype(mx.int8, "float"))],
    "result_type": [(ValueError, lambda: mx.result_type())],
    "finfo": [(ValueError, lambda: mx.finfo(mx.int8))],
    "iinfo": [(ValueError, lambda: mx.iinfo(mx.float16))],
    # Transforms.
    "value_and_grad": [
        (ValueError, lambda: mx.value_and_grad(mx.sum, argnums=1)(v)),
        (ValueError, lambda: mx.value_and_grad(lambda x: x["w"].sum())({"w": v, "n": 3})),
        (ValueError, lambda: mx.value_and_grad(mx.sum)(i)),
        (ValueError, lambda: mx.value_and_grad(mx.exp)(v)),
    ],
    "vjp": [
        (ValueError, lambda: mx.vjp(mx.exp, [3], [v])),
        (ValueError, lambda: mx.vjp(mx.sum, [i], [mx.array(1.0)])),
        (ValueError, lambda: mx.vjp(mx.exp, [v], [m])),
        (ValueError, lambda: mx.vjp(mx.exp, [v], [])),
    ],
    "jvp": [
        (ValueError, lambda: mx.jvp(mx.exp, [3], [v])),
        (ValueError, lambda: mx.jvp(mx.sum, [i], [i])),
        (ValueError, lambda: mx.jvp(mx.exp, [v], [m])),
        (ValueError, lambda: mx.jvp(mx.exp, [v], [])),
    ],
    "vmap": [
        (ValueError, lambda: mx.vmap(add)(v, mx.ones(2))),
        (ValueError, lambda: mx.vmap(add, in_axes=(0,))(v, v)),
        (TypeError, lambda: mx.vmap(add)(v, y=v)),
    ],
    "jit": [
        (TypeError, lambda: mx.jit(add, static_argnums="y")),
        (TypeError, lambda: mx.jit(add, dynamic="yes")),
        (TypeError, lambda: mx.jit(add, static_argnums=1)(v, [1])),
        (ValueError, lambda: mx.jit(lambda x: x.tolist())(v)),
    ],
    "compile": [(ValueError, lambda: mx.compile(add)(v, object()))],
    # Random numbers.
    "random.key": [(ValueError, lambda: mx.random.key(-1)), (ValueError, lambda: mx.random.key(2**64))],
    "random.split": [
        (ValueError, lambda: mx.random.split(v)),
        (ValueError, lambda: mx.random.split(mx.random.key(0), -1)),
    ],
    "random.uniform": [
        (ValueError, lambda: mx.random.uniform(dtype=mx.int32)),
        (ValueError, lambda: mx.random.uniform(key=v)),
        (ValueError, lambda: mx.random.uniform(mx.zeros(2), v, (3,))),
    ],
    "random.normal": [
        (ValueError, lambda: mx.random.normal(dtype=mx.int32)),
        (ValueError, lambda: mx.random.normal(key=v)),
        (ValueError, lambda: mx.random.normal((2,), loc=v)),
        (ValueError, lambda: mx.random.normal((2,), scale=v)),
    ],
    "random.bernoulli": [
        (ValueError, lambda: mx.random.bernoulli(mx.array([1]))),
        (ValueError, lambda: mx.random.bernoulli(v, (2,))),
        (ValueError, lambda: mx.random.bernoulli(key=v)),
    ],
    "random.randint": [
        (ValueError, lambda: mx.random.randint(0, 2, dtype=mx.float32)),
        (ValueError, lambda: mx.random.randint(0, 2, key=v)),
        (ValueError, lambda: mx.random.randint(mx.array([0, 1]), 2, (3,))),
    ],
    "random.categorical": [
        (ValueError, lambda: mx.random.categorical(m, shape=(2,), num_samples=2)),
        (ValueError, lambda: mx.random.categorical(mx.ones(0))),
        (ValueError, lambda: mx.random.categorical(m, key=v)),
        (mx.AxisError, lambda: mx.random.categorical(v, axis=1)),
    ],
    # Whole layers.
    "fast.rms_norm": [
        (ValueError, lambda: mx.fast.rms_norm(mx.array(1.0), None, 1e-5)),
        (ValueError, lambda: mx.fast.rms_norm(i, None, 1e-5)),
        (ValueError, lambda: mx.fast.rms_norm(m, mx.ones(2), 1e-5)),
    ],
    "fast.layer_norm": [
        (ValueError, lambda: mx.fast.layer_norm(mx.array(1.0), None, None, 1e-5)),
        (ValueError, lambda: mx.fast.layer_norm(i, None, None, 1e-5)),
        (ValueError, lambda: mx.fast.layer_norm(m, None, mx.ones(2), 1e-5)),
    ],
    "fast.rope": [
        (ValueError, lambda: rope(m, 2)),
        (ValueError, lambda: rope(heads, 3)),
        (ValueError, lambda: rope(heads, 10)),
        (ValueError, lambda: rope(heads, 8, base=None)),
        (ValueError, lambda: rope(heads, 8, freqs=mx.ones(4))),
    ],
    "fast.scaled_dot_product_attention": [
        (ValueError, lambda: attention(heads, heads[..., :7])),
        (ValueError, lambda: attention(heads.astype(mx.int32), heads.astype(mx.int32))),
        (ValueError, lambda: attention(heads, heads, mask=mx.ones((3, 3)))),
    ],
    # Files.
    "save": [(ValueError, lambda: mx.save("a.npy", "no array")), (OSError, lambda: mx.save("none/a.npy", v))],
    "savez": [
        (ValueError, lambda: mx.savez("a.npz", v, arr_0=v)),
        (ValueError, lambda: mx.savez("a.npz", w="no array")),
        (OSError, lambda: mx.savez("none/a.npz", v)),
    ],
    "save_safetensors": [
        (ValueError, lambda: mx.save_safetensors("a", {"__metadata__": v})),
        (ValueError, lambda: mx.save_safetensors("a", {"w": v}, {"step": 5})),
        (TypeError, lambda: mx.save_safetensors("a", [v])),
        (TypeError, lambda: mx.save_safetensors("a", {1: v})),
        (TypeError, lambda: mx.save_safetensors("a", {"w": 1})),
        (OSError, lambda: mx.save_safetensors("none/a", {"w": v})),
    ],
    "load": [
        (ValueError, lambda: mx.load("weights.bin")),
        (ValueError, lambda: mx.load(damaged())),
        (OSError, lambda: mx.load("none.npy")),
    ],
    # Memory and devices.
    "set_memory_limit": [(ValueError, lambda: mx.set_memory_limit(-1))],
    "set_cache_limit": [(ValueError, lambda: mx.set_cache_limit(-1))],
    "device_info": [(ValueError, lambda: mx.device_info(mx.gpu))],
    "set_default_device": [
        (ValueError, lambda: mx.set_default_device(mx.gpu)),
        (TypeError, lambda: mx.set_default_device("cpu")),
    ],
    "new_stream": [(ValueError, lambda: mx.new_stream(mx.gpu)), (TypeError, lambda: mx.new_stream("cpu"))],
    # Layers and losses.
    "nn.GELU": [(ValueError, lambda: nn.GELU(approx="erf"))],
    "nn.Dropout": [(ValueError, lambda: nn.Dropout(1.0)), (ValueError, lambda: nn.Dropout(-0.1))],
    "nn.LayerNorm": [(ValueError, lambda: nn.LayerNorm(2, eps=0))],
    "nn.RMSNorm": [(ValueError, lambda: nn.RMSNorm(2, eps=0))],
    "nn.Module.load_weights": [
        (ValueError, lambda: layer().load_weights([("weight", mx.ones((1, 2)))])),
        (ValueError, lambda: layer().load_weights([*weights(), ("more", v)])),
        (ValueError, lambda: layer().load_weights([*weights()[:1], ("bias", v)])),
        (ValueError, lambda: layer().load_weights([*weights()[:1], ("bias", 1.0)])),
    ],
    "nn.Module.save_weights": [(ValueError, lambda: layer().save_weights("weights.bin"))],
    "nn.Module.filter_and_map": [
        (RuntimeError, lambda: layer().filter_and_map(lambda *_: True, is_leaf_fn=lambda *_: False)),
    ],
    "nn.Module.update": [
        (ValueError, lambda: layer().update({"more": v})),
        (ValueError, lambda: layer().update({"weight": 3})),
    ],
    "nn.Module.update_modules": [
        (ValueError, lambda: nn.Sequential(nn.ReLU()).update_modules({"more": nn.Tanh()})),
        (ValueError, lambda: nn.Sequential(nn.ReLU()).update_modules({"layers": [1]})),
    ],
    "nn.Module.freeze": [(KeyError, lambda: layer().freeze(keys="more", strict=True))],
    "nn.Module.unfreeze": [(KeyError, lambda: layer().unfreeze(keys="more", strict=True))],
    "nn.losses.cross_entropy": [
        (ValueError, lambda: nn.losses.cross_entropy(m, mx.array([0, 1, 2]))),
        (ValueError, lambda: nn.losses.cross_entropy(m, mx.array([0, 1]), weights=v)),
        (ValueError, lambda: nn.losses.cross_entropy(m, mx.array([0, 1]), label_smoothing=1.0)),
        (ValueError, lambda: nn.losses.cross_entropy(m, mx.array([0, 1]), reduction="max")),
    ],
    "nn.losses.mse_loss": [
        (ValueError, lambda: nn.losses.mse_loss(v, mx.ones(2))),
        (ValueError, lambda: nn.losses.mse_loss(v, v, reduction="max")),
    ],
    # Optimizers and trees.
    "optimizers.SGD": [
        (ValueError, lambda: optim.SGD(0.1, nesterov=True)),
        (ValueError, lambda: optim.SGD(0.1, momentum=0.9, dampening=0.1, nesterov=True)),
    ],
    "optimizers.Adam": [
        (ValueError, lambda: optim.Adam(0.1, betas=(1.0, 0.9))),
        (ValueError, lambda: optim.Adam(0.1, betas=(0.9, -0.1))),
        (ValueError, lambda: optim.Adam(0.1, eps=-1)),
    ],
    "optimizers.AdamW": [
        (ValueError, lambda: optim.AdamW(0.1, betas=(0.9, 1.0))),
        (ValueError, lambda: optim.AdamW(0.1, eps=-1)),
    ],
    "optimizers.clip_grad_norm": [(ValueError, lambda: optim.clip_grad_norm({"w": v}, -1.0))],
    "optimizers.step_decay": [(ValueError, lambda: optim.step_decay(1.0, 0.5, 0))],
    "optimizers.cosine_decay": [(ValueError, lambda: optim.cosine_decay(1.0, 0))],
    "optimizers.linear_schedule": [(ValueError, lambda: optim.linear_schedule(0.0, 1.0, 0))],
    "optimizers.join_schedules": [
        (ValueError, lambda: optim.join_schedules([], [])),
        (ValueError, lambda: optim.join_schedules([optim.step_decay(1.0, 0.5, 1)], [1])),
    ],
    "utils.tree_flatten": [(ValueError, lambda: utils.tree_flatten([1], destination=3))],
    "utils.tree_merge": [
        (ValueError, lambda: utils.tree_merge({"a": 1}, {"a": 2})),
        (ValueError, lambda: utils.tree_merge([], {})),
    ],
}


def rope(x, dims: int, base: float | None = 1.0, freqs=None):
    return mx.fast.rope(x, dims, traditional=False, base=base, scale=1.0, offset=0, freqs=freqs)


def attention(q, k, mask=None):
    return mx.fast.scaled_dot_product_attention(q, k, k, scale=1.0, mask=mask)


def weights() -> list[tuple[str, mx.array]]:
    return [("weight", mx.ones((1, 2))), ("bias", mx.ones(1))]


def damaged() -> str:
    with open("damaged.npy", "wb") as file:
        file.write(b"no npy file")
    return "damaged.npy"


def declared() -> dict[str, set[str]]:
    """The names of exceptions under "Raises" of each docstring."""
    found: dict[str, set[str]] = {}
    for name, value in DOCUMENTED.items():
        section = re.search(r"^( *)Raises:\n((?:\1 +.*\n)+)", value.__doc__ or "", re.MULTILINE)
        if section:
            found[name] = set(re.findall(r"^ +(\w+): ", section[2], re.MULTILINE))
    return found


def test_each_declared_exception_has_a_row():
    """And each row belongs to one, so that neither the table nor a docstring is left behind."""
    names = {id(value): name for name, value in DOCUMENTED.items()}  # some have several
    rows = {names[id(reduce(getattr, name.split("."), mx))]: kinds for name, kinds in ROWS.items()}
    assert {name: {kind.__name__ for kind, _ in kinds} for name, kinds in rows.items()} == declared()


@pytest.mark.parametrize("name", ROWS)
def test_raises(name: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for kind, action in ROWS[name]:
        with pytest.raises(kind) as caught:
            action()
        if kind is not mx.AxisError:  # which is a ValueError, and declared by itself
            assert not isinstance(caught.value, mx.AxisError)
        if kind is not OSError:
            assert re.search(r"\[[\w.]+\] expected ", str(caught.value))
