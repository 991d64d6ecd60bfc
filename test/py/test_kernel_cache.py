# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels by content: one compilation for all programs that hold them, in memory and on disk."""

import itertools
import json
import os
import re
import subprocess
import sys

import mlxir as mx
import numpy as np
import pytest
from mlxir import nn


def compiled_by(call):
    """How many kernels `call` compiled, and how many it found."""
    before = mx.cache.info()
    mx.eval(call())
    after = mx.cache.info()
    found = after["kernel_hits"] + after["kernel_disk_hits"] - before["kernel_hits"] - before["kernel_disk_hits"]
    return after["kernel_compiles"] - before["kernel_compiles"], found


def run(source, cache, **environment):
    """Run `source` in a new process; it prints its counters, or what it likes."""
    environment = {**os.environ, "MLXIR_CACHE_DIR": str(cache), **environment}
    environment.pop("MLXIR_CACHE", None)
    source = f"import json\nimport mlxir as mx\n{source}\nprint(json.dumps(mx.cache.info()))"
    done = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def arrays():
    a, b, c = (mx.array(np.random.default_rng(i).random((7, 11), np.float32)) for i in range(3))
    mx.eval(a, b, c)
    mx.cache.clear(disk=True)
    return a, b, c


def test_the_order_of_arguments_is_no_other_kernel(arrays):
    a, b, c = arrays
    assert compiled_by(lambda: mx.jit(lambda a, b, c: mx.exp(a) * b - c)(a, b, c)) == (1, 0)
    assert compiled_by(lambda: mx.jit(lambda c, b, a: mx.exp(a) * b - c)(c, b, a)) == (0, 1)
    assert compiled_by(lambda: mx.jit(lambda b, unused, a, c: mx.exp(a) * b - c)(b, b, a, c)) == (0, 1)
    assert compiled_by(lambda: mx.jit(lambda a, b, c: mx.exp(a) * b + c)(a, b, c)) == (1, 0)


def test_the_order_of_symbols_is_no_other_kernel(arrays):
    del arrays

    def pair(swap):
        # Both results are kernels of their own; sizes become symbols at the second call.
        def f(x, y):
            return mx.exp(x).sum(), mx.tanh(y).max()

        g = mx.jit((lambda y, x: f(x, y)) if swap else f)
        for n, m in ((30, 40), (31, 42)):
            x, y = mx.ones((n,)), mx.ones((m,))
            mx.eval(x, y)
            got = g(y, x) if swap else g(x, y)
            mx.eval(got)
            np.testing.assert_allclose([got[0].item(), got[1].item()], [n * np.e, np.tanh(1)], rtol=1e-5)
        return got

    first = compiled_by(lambda: pair(False))
    second = compiled_by(lambda: pair(True))
    assert first[0] > 0
    assert second[0] == 0
    assert second[1] >= 2


@pytest.mark.parametrize("gradient", [False, True], ids=["forward", "backward"])
def test_a_deeper_model_needs_no_new_kernel(arrays, gradient):
    del arrays

    def loss(layers):
        def f(weights, x):
            for w in weights:
                x = mx.softmax(mx.tanh(x @ w) + x, axis=-1)
            return mx.mean(x * x)

        weights = [mx.full((24, 24), 0.01 * i) for i in range(layers)]
        x = mx.ones((6, 24))
        mx.eval(weights, x)
        return mx.jit(mx.grad(f) if gradient else f)(weights, x)

    mx.eval(loss(6))
    compiled, found = compiled_by(lambda: loss(9))
    assert compiled == 0
    assert found >= 3


@pytest.mark.parametrize("gradient", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("dims", [32, 128], ids=["small", "large"])
def test_a_model_has_as_many_kernels_however_deep_it_is(dims, gradient):
    def kernels(layers):
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.norms = [nn.RMSNorm(dims), nn.LayerNorm(dims)]
                self.attention = nn.Linear(dims, 3 * dims)
                self.out = nn.Linear(dims, dims)
                self.up, self.down = nn.Linear(dims, 2 * dims), nn.Linear(2 * dims, dims)

            def __call__(self, x):
                b, t, _ = x.shape
                parts = mx.split(self.attention(self.norms[0](x)), 3, axis=-1)
                q, k, v = (y.reshape(b, t, 2, -1).transpose(0, 2, 1, 3) for y in parts)
                mixed = mx.fast.scaled_dot_product_attention(q, k, v, scale=0.25, mask="causal")
                x = x + self.out(mixed.transpose(0, 2, 1, 3).reshape(b, t, dims))
                return x + self.down(nn.gelu(self.up(self.norms[1](x))))

        model = nn.Sequential(*[Block() for _ in range(layers)])
        x = mx.ones((2, 32, dims))
        mx.eval(model.parameters(), x)

        def loss(x):
            return mx.mean(mx.square(model(x)))

        f = mx.jit(nn.value_and_grad(model, loss) if gradient else loss, state=model.state)
        return f.lower(x).ir("kernels").count("mlxir.kernel")

    assert 5 < kernels(3) == kernels(6) == kernels(12)


def launched(function, *arrays):
    """The text of each kernel that a function launches, in order."""
    text = mx.jit(function).lower(*arrays).ir("kernels")
    bodies = dict(re.findall(r"func\.func private @(\w+)(.*?\n  \}\n)", text, re.DOTALL))
    return [bodies[name] for name in re.findall(r"mlxir\.launch @(\w+)", text)]


@pytest.mark.parametrize("wanted", ["value", "inputs", "weights", "all", "tangents"])
@pytest.mark.parametrize("is_shared", [False, True], ids=["a weight per layer", "one weight"])
@pytest.mark.parametrize("composite", [False, True], ids=["primitives", "softmax"])
def test_each_layer_adds_the_same_kernels(composite, is_shared, wanted):
    """A chain that no contraction or reduction cuts goes through all layers: the residual, and the sum of gradients."""

    def softmax(x):
        e = mx.exp(x - mx.max(x, axis=-1, keepdims=True))
        return mx.softmax(x, axis=-1) if composite else e / mx.sum(e, axis=-1, keepdims=True)

    def kernels(layers):
        def stack(x, *weights):
            for i in range(layers):
                x = softmax(mx.tanh(x @ weights[0 if is_shared else i]) + x)
            return x

        def loss(*args):
            return mx.sum(stack(*args) ** 2)

        arrays = [mx.ones((64, 32)), *[mx.ones((32, 32)) for _ in range(1 if is_shared else layers)]]
        numbers = range(len(arrays))
        functions = {
            "value": loss,
            "inputs": mx.grad(loss),
            "weights": mx.grad(loss, argnums=tuple(numbers[1:])),
            "all": mx.value_and_grad(loss, argnums=tuple(numbers)),
            "tangents": lambda *args: mx.jvp(stack, args, [2 * a for a in args])[1],
        }
        return launched(functions[wanted], *arrays)

    each = [kernels(layers) for layers in range(1, 13)]
    counts = [len(one) for one in each]
    assert {b - a for a, b in itertools.pairwise(counts[2:])} == {counts[3] - counts[2]} and counts[3] > counts[2]
    assert len({frozenset(one) for one in each[2:]}) == 1


@pytest.mark.parametrize("kind", [nn.RMSNorm, nn.LayerNorm])
def test_layers_near_each_other_are_no_neighbours(kind):
    """Numbers that all layers read, such as an epsilon, are no reason to compute gradients of two in one kernel."""

    def kernels(layers):
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm, self.linear = kind(32), nn.Linear(32, 32, bias=False)

            def __call__(self, x):
                return x + self.linear(self.norm(x))

        model = nn.Sequential(*[Block() for _ in range(layers)])
        x = mx.ones((2, 64, 32))
        mx.eval(model.parameters(), x)
        step = nn.value_and_grad(model, lambda x: mx.mean(mx.square(model(x))))
        text = mx.jit(step, state=model.state).lower(x).ir("kernels")
        return text.count("mlxir.launch @"), text.count("mlxir.kernel")

    each = [kernels(layers) for layers in range(3, 13)]
    assert len({b[0] - a[0] for a, b in itertools.pairwise(each)}) == 1
    assert len({distinct for _, distinct in each}) == 1


def test_a_changed_program_compiles_what_changed(arrays):
    a, b, _ = arrays
    products = mx.jit(lambda a, b: mx.tanh(a @ b.T) @ b)
    assert compiled_by(lambda: products(a, b))[0] == 2
    changed = mx.jit(lambda a, b: mx.exp(mx.tanh(a @ b.T) @ b).sum())
    compiled, found = compiled_by(lambda: changed(a, b))
    assert (compiled, found) == (1, 2)


SOFTMAX = "x = mx.softmax(mx.ones((5, 9)) * 2, axis=-1)\nmx.eval(x)"


def test_a_new_process_finds_kernels_on_disk(tmp_path):
    first = run("f = mx.jit(lambda x: mx.tanh(x @ x) @ x)\nx = mx.ones((9, 9))\nmx.eval(x)\nmx.eval(f(x))", tmp_path)
    assert first["kernel_compiles"] >= 2
    second = run(
        "f = mx.jit(lambda x, y: (mx.tanh(x @ x) @ x, x + y))\nx = mx.ones((9, 9))\nmx.eval(x)\nmx.eval(f(x, x))",
        tmp_path,
    )
    assert second["kernel_disk_hits"] == 2
    assert second["kernel_compiles"] == 1


@pytest.mark.parametrize("damage", ["truncated", "flipped", "foreign", "empty"])
def test_a_bad_kernel_file_is_written_again(tmp_path, damage):
    good = run(SOFTMAX, tmp_path)
    assert good["kernel_compiles"] > 0
    kernels = [p for p in tmp_path.glob("*.mlxc") if b"kernel\nbuild=" in p.read_bytes()]
    assert len(kernels) == good["kernel_compiles"]
    for path in tmp_path.glob("*.mlxc"):
        data = path.read_bytes()
        if path not in kernels:
            path.unlink()
        elif damage == "foreign":
            path.write_bytes(b"MLXCACHE" + b"\0" * 100)
        elif damage == "empty":
            path.write_bytes(b"")
        elif damage == "truncated":
            path.write_bytes(data[: len(data) // 2])
        else:
            middle = len(data) // 2
            path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    again = run(SOFTMAX + "\nassert abs(x.sum().item() - 5) < 1e-5", tmp_path)
    assert again["disk_errors"] == len(kernels)
    assert again["kernel_disk_hits"] == 0
    assert again["kernel_compiles"] >= len(kernels)


def test_another_cpu_has_kernels_of_its_own(tmp_path):
    first = run(SOFTMAX, tmp_path)
    other = run(SOFTMAX, tmp_path, MLXIR_CPU="x86-64-v3")
    assert other["kernel_disk_hits"] == 0
    assert other["kernel_compiles"] == first["kernel_compiles"]


def test_every_compilation_is_dumped(tmp_path):
    source = "x = mx.ones((4, 5))\nmx.eval(x)\nmx.eval(mx.exp(x) @ x.T)\nmx.eval(mx.jit(lambda x: x * 2 - 1)(x))"
    info = run(source, tmp_path / "cache", MLXIR_DUMP=str(tmp_path / "dump"))
    names = {p.name.split(".")[0] for p in (tmp_path / "dump").iterdir()}
    assert len(names) == info["compiles"] == 3
    for name in names:
        for stage in ("mlxir.mlir", "kernels.mlir", "linalg.mlir", "llvm.ll", "asm.s"):
            assert (tmp_path / "dump" / f"{name}.{stage}").stat().st_size > 0
    # What is dumped is compiled anew, whatever the caches hold.
    again = run(source, tmp_path / "cache", MLXIR_DUMP=str(tmp_path / "again"))
    assert again["compiles"] == 3
