# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One framework and one workload in a process of its own: it answers each line on stdin with a round's milliseconds."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from frameworks import LOADERS
from workloads import WORKLOADS


def main() -> None:
    name, workload_name = sys.argv[1:]
    framework = LOADERS[name]()
    workload = next(w for w in WORKLOADS if w.name == workload_name)
    rng = np.random.default_rng(0)
    numpy_inputs = workload.inputs(rng)
    inputs = [framework.array(a) for a in numpy_inputs]
    run = framework.compile(lambda *arrays: workload.function(framework.lib, *arrays))
    start = time.perf_counter()
    result = run(*inputs)
    framework.wait(result)
    first = (time.perf_counter() - start) * 1e3
    error = float(np.abs(np.asarray(result, dtype=np.float64) - workload.reference(*numpy_inputs)).max())
    scale = float(np.abs(workload.reference(*(np.abs(a) for a in numpy_inputs))).max())
    header = {
        "version": framework.version,
        "first_ms": first,
        "error": error,
        "right": error <= workload.tolerance * scale,
    }
    print(json.dumps(header | (compilation(run, inputs) if name == "mlxir" else {})), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            return
        inputs = [framework.array(a) for a in workload.inputs(rng)]
        framework.wait(inputs)
        start = time.perf_counter()
        framework.wait(run(*inputs))
        print((time.perf_counter() - start) * 1e3, flush=True)


def compilation(run: Any, inputs: list[Any]) -> dict[str, float]:
    """Kernels of a function; lines of linalg and milliseconds of compilation for each."""
    import mlxir as mx

    milliseconds = mx.cache.info()["compile_seconds"] * 1e3
    lowered = run.lower(*inputs)
    kernels = lowered.ir("kernels").count("mlxir.launch")
    lines = len(lowered.ir("linalg").splitlines())
    return {"kernels": kernels, "lines": lines / kernels, "compile_ms": milliseconds / kernels}


if __name__ == "__main__":
    main()
