# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A GPT's train step on array ops, written once for every framework; run as a worker, it answers as worker.py does.

    python gpt.py FRAMEWORK jit|eager

The first line says the version, the first call's milliseconds and whether its loss is that of float64; each "go" is
answered by the milliseconds of a step, "stop" by the MiB that were needed at most above import and data.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from frameworks import LOADERS, NUMPY, Framework
from workloads import gelu, softmax

LAYERS, DIMS, HEADS, LENGTH, BATCH, VOCABULARY = 4, 256, 8, 256, 8, 4096
Tree = dict[str, Any]


def parameters(
    rng: np.random.Generator, dims: int = DIMS, length: int = LENGTH, vocabulary: int = VOCABULARY
) -> dict[str, np.ndarray]:
    def normal(*shape: int) -> np.ndarray:
        return (rng.standard_normal(shape) * 0.02).astype(np.float32)

    tree = {"tokens": normal(vocabulary, dims), "places": normal(length, dims), "head": normal(dims, vocabulary)}
    for i in range(LAYERS):
        tree[f"{i}.qkv"], tree[f"{i}.out"] = normal(dims, 3 * dims), normal(dims, dims)
        tree[f"{i}.up"], tree[f"{i}.down"] = normal(dims, 4 * dims), normal(4 * dims, dims)
        for which in "ab":
            tree[f"{i}.scale_{which}"] = np.ones(dims, np.float32)
            tree[f"{i}.shift_{which}"] = np.zeros(dims, np.float32)
    return tree


def norm(lib: Any, x: Any, scale: Any, shift: Any) -> Any:
    d = x - lib.mean(x, -1, True)
    return d / lib.sqrt(lib.mean(d * d, -1, True) + 1e-5) * scale + shift


def _attention(lib: Any, x: Any, qkv: Any, out: Any, mask: Any) -> Any:
    heads = lib.transpose((x @ qkv).reshape(BATCH, LENGTH, 3, HEADS, DIMS // HEADS), (2, 0, 3, 1, 4))
    q, k, v = heads[0], heads[1], heads[2]
    weights = softmax(lib, q @ lib.transpose(k, (0, 1, 3, 2)) * (1 / math.sqrt(DIMS // HEADS)) + mask)
    return lib.transpose(weights @ v, (0, 2, 1, 3)).reshape(BATCH, LENGTH, DIMS) @ out


def loss(lib: Any, p: Tree, tokens: Any, targets: Any, mask: Any) -> Any:
    x = p["tokens"][tokens] + p["places"]
    for i in range(LAYERS):
        layer = {name: p[f"{i}.{name}"] for name in ("qkv", "out", "up", "down")}
        a, b = ((p[f"{i}.scale_{which}"], p[f"{i}.shift_{which}"]) for which in "ab")
        x = x + _attention(lib, norm(lib, x, *a), layer["qkv"], layer["out"], mask)
        x = x + gelu(lib, norm(lib, x, *b) @ layer["up"]) @ layer["down"]
    z = x @ p["head"]
    top = lib.max(z, -1, True)
    total = lib.log(lib.sum(lib.exp(z - top), -1, False)) + top[..., 0]
    return lib.mean(total - lib.take_along_axis(z, targets[..., None], -1)[..., 0], None, False)


def adam(lib: Any, p: Tree, g: Tree, m: Tree, v: Tree, t: Any) -> tuple[Tree, Tree, Tree]:
    m = {k: 0.9 * m[k] + 0.1 * g[k] for k in p}
    v = {k: 0.999 * v[k] + 0.001 * g[k] * g[k] for k in p}
    c, d = 1 - 0.9**t, 1 - 0.999**t
    return {k: p[k] - 1e-3 * (m[k] / c) / (lib.sqrt(v[k] / d) + 1e-8) for k in p}, m, v


def make_step(framework: Framework, compiled: bool) -> Callable[..., Any]:
    lib = framework.lib
    compile_part = framework.compile if compiled and framework.compiles_parts else lambda function: function
    scored = framework.value_and_grad(compile_part(lambda *arguments: loss(lib, *arguments)))
    update = compile_part(lambda *arguments: adam(lib, *arguments))

    def step(p: Tree, m: Tree, v: Tree, t: Any, tokens: Any, targets: Any, mask: Any) -> Any:
        value, gradients = scored(p, tokens, targets, mask)
        return value, *update(p, gradients, m, v, t)

    return framework.compile(step) if compiled and not framework.compiles_parts else step


def status(field: str) -> float:
    """MiB of a field of this process's status."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field)) / 1024


def main() -> None:
    name, mode = sys.argv[1:]
    framework = LOADERS[name]()
    rng = np.random.default_rng(0)
    start = parameters(rng)
    mask = np.triu(np.full((LENGTH, LENGTH), -1e9, np.float32), 1)

    def batch() -> tuple[np.ndarray, np.ndarray]:
        tokens = rng.integers(0, VOCABULARY, (BATCH, LENGTH + 1))
        return tokens[:, :-1].astype(np.int32), tokens[:, 1:].astype(np.int32)

    first = batch()
    state: Any = [{k: framework.array(x) for k, x in start.items()}]
    state += [{k: framework.array(np.zeros_like(x)) for k, x in start.items()} for _ in range(2)]
    bias = framework.array(mask)
    framework.wait((state, bias))
    run = make_step(framework, mode == "jit")
    taken = 0

    def step(tokens: np.ndarray, targets: np.ndarray) -> tuple[float, Any]:
        nonlocal state, taken
        taken += 1
        arrays = [framework.array(np.array(float(taken), np.float32)), *map(framework.array, (tokens, targets))]
        began = time.perf_counter()
        value, *state = run(*state, *arrays, bias)
        framework.wait((value, state))
        return (time.perf_counter() - began) * 1e3, value

    base = status("VmRSS")
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak starts anew
    first_ms, value = step(*first)
    value = float(value)
    needed = status("VmHWM") - base
    wide = {k: x.astype(np.float64) for k, x in start.items()}
    exact = float(loss(NUMPY, wide, *first, mask))
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    header = {"version": framework.version, "first_ms": first_ms, "error": abs(value - exact)}
    print(json.dumps(header | {"right": abs(value - exact) < 1e-4 * exact}), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        print(step(*batch())[0], flush=True)
    print(json.dumps({"peak_mib": needed}), flush=True)


if __name__ == "__main__":
    main()
