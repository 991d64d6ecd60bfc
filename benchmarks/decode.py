# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A GPT that decodes token by token, eagerly, with a cache that grows; run as a worker, it answers as worker.py does.

    python decode.py FRAMEWORK

A pass decodes COUNT given tokens from an empty cache, and waits for each token's logits. The first line says the
version, what the first pass took (`first_ms`: its first FIRST tokens together; `new_size_ms`: the median token of the
others, whose sizes are all new) and whether its last logits are those of float64. Each "go" is answered by the median
milliseconds of those other tokens in one more pass, "stop" by whether every pass was right.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from typing import Any

import numpy as np
from frameworks import LOADERS, NUMPY, Framework
from gpt import LAYERS, Tree, norm, parameters
from workloads import gelu, softmax

DIMS, HEADS, VOCABULARY = 512, 8, 8192
COUNT, FIRST = 96, 32
TOLERANCE = 1e-5  # of the largest logit
Cache = list[tuple[Any, Any] | None]


def floor_ms(gbytes: float) -> float:
    """Every weight of a matrix is read once, and so are the keys and values of a middling token."""
    weights = LAYERS * 12 * DIMS * DIMS + DIMS * VOCABULARY
    return 4 * (weights + LAYERS * (FIRST + COUNT) * DIMS) / gbytes / 1e6


def _attention(lib: Any, x: Any, qkv: Any, out: Any, past: tuple[Any, Any] | None) -> tuple[Any, tuple[Any, Any]]:
    heads = lib.transpose((x @ qkv).reshape(1, 1, 3, HEADS, DIMS // HEADS), (2, 0, 3, 1, 4))
    q, k, v = heads[0], heads[1], heads[2]
    if past:
        k, v = lib.concatenate([past[0], k], 2), lib.concatenate([past[1], v], 2)
    weights = softmax(lib, q @ lib.transpose(k, (0, 1, 3, 2)) * (1 / math.sqrt(DIMS // HEADS)))
    return lib.transpose(weights @ v, (0, 2, 1, 3)).reshape(1, 1, DIMS) @ out, (k, v)


def logits(lib: Any, p: Tree, token: Any, place: Any, cache: Cache) -> Any:
    """Those of the token after `token`, an id of shape (1, 1); the cache grows by it."""
    x = p["tokens"][token] + p["places"][place]
    for i in range(LAYERS):
        a, b = ((p[f"{i}.scale_{which}"], p[f"{i}.shift_{which}"]) for which in "ab")
        y, cache[i] = _attention(lib, norm(lib, x, *a), p[f"{i}.qkv"], p[f"{i}.out"], cache[i])
        x = x + y
        x = x + gelu(lib, norm(lib, x, *b) @ p[f"{i}.up"]) @ p[f"{i}.down"]
    return x @ p["head"]


def decode(framework: Framework, p: Tree, tokens: np.ndarray) -> tuple[list[float], Any]:
    """Milliseconds of each token, and the logits after the last."""
    cache: Cache = [None] * LAYERS
    times, last = [], None
    for place, token in enumerate(tokens):
        began = time.perf_counter()
        ids = [framework.array(np.array([[number]], np.int32)) for number in (token, place)]
        last = logits(framework.lib, p, *ids, cache)
        framework.wait(last)
        times.append((time.perf_counter() - began) * 1e3)
    return times, last


def main() -> None:
    (name,) = sys.argv[1:]
    framework = LOADERS[name]()
    rng = np.random.default_rng(0)
    start = parameters(rng, DIMS, COUNT, VOCABULARY)
    tokens = rng.integers(0, VOCABULARY, COUNT)
    p = {k: framework.array(x) for k, x in start.items()}
    framework.wait(p)
    errors: list[float] = []
    times, last = decode(framework, p, tokens)
    compiles = framework.count_compiles()
    wide = Framework(lib=NUMPY, array=np.array, wait=lambda result: result)
    exact = decode(wide, {k: x.astype(np.float64) for k, x in start.items()}, tokens)[1]

    def judge(last: Any) -> dict[str, Any]:
        errors.append(float(np.abs(np.asarray(last).astype(np.float64) - exact).max()))
        return {"error": max(errors), "right": max(errors) <= TOLERANCE * float(np.abs(exact).max())}

    header = {"version": framework.version, "first_ms": sum(times[:FIRST]), "compiles": compiles}
    verdict = judge(last)
    print(json.dumps(header | {"new_size_ms": statistics.median(times[FIRST:])} | verdict), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        times, last = decode(framework, p, tokens)
        verdict = judge(last)
        print(statistics.median(times[FIRST:]), flush=True)
    print(json.dumps(verdict), flush=True)


if __name__ == "__main__":
    main()
