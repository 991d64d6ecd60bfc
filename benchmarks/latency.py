# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small things that must be quick; run as a worker, it answers as worker.py does.

python latency.py FRAMEWORK eager_op|eager_new_shape
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from frameworks import LOADERS, Framework

# Start a process each: the package's name stands in for {}.
IMPORT = "import {}"
CACHED_FUNCTION = """
import {0} as mx
f = mx.jit(lambda a, b, c: mx.sum(a @ b + c))
x = mx.ones((64, 64))
assert f(x, x, x).item() == 64 * 64 * 65
"""
# Exits with an error if the compiler was needed.
WITHOUT_COMPILER = CACHED_FUNCTION + "assert 'libmlxir_compiler' not in open('/proc/self/maps').read()\n"


def eager_op(framework: Framework) -> Callable[[], float]:
    """Microseconds an op: 200 in a chain on 16 elements, recorded and evaluated."""
    x = framework.array(np.ones(16, np.float32))

    def chain() -> float:
        began = time.perf_counter()
        y = x
        for _ in range(100):
            y = y * 1.01 + 0.5
        framework.wait(y)
        return (time.perf_counter() - began) / 200 * 1e6

    return lambda: min(chain() for _ in range(50))


def eager_new_shape(framework: Framework) -> Callable[[], float]:
    """Milliseconds a length: `(x*2+1)*x - mean(x)` on lengths that were never seen, after two that were."""
    lengths = iter(range(1000, 1_000_000, 7))

    def once() -> float:
        x = framework.array(np.ones(next(lengths), np.float32))
        framework.wait(x)
        began = time.perf_counter()
        framework.wait((x * 2 + 1) * x - framework.lib.mean(x, None, False))
        return (time.perf_counter() - began) * 1e3

    for _ in range(3):
        once()
    before = framework.count_compiles()

    def measure() -> float:
        times = sorted(once() for _ in range(60))
        if framework.count_compiles() != before:
            raise RuntimeError("a length that was never seen compiled")
        return times[len(times) // 2]

    return measure


ROWS: dict[str, Callable[[Framework], Callable[[], float]]] = {
    "eager_op": eager_op,
    "eager_new_shape": eager_new_shape,
}


def main() -> None:
    name, row = sys.argv[1:]
    framework: Any = LOADERS[name]()
    measure = ROWS[row](framework)
    print(json.dumps({"version": framework.version, "right": True}), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            return
        print(measure(), flush=True)


if __name__ == "__main__":
    main()
