# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One framework and one workload in a process of its own: it answers each line on stdin with a round's milliseconds."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from frameworks import LOADERS, Framework
from workloads import WORKLOADS, Workload


def main() -> None:
    name, workload_name = sys.argv[1:]
    framework = LOADERS[name]()
    workload = next(w for w in WORKLOADS if w.name == workload_name)
    rng = np.random.default_rng(0)
    numpy_inputs = workload.inputs(rng)

    def given(arrays: list[np.ndarray]) -> list[Any]:
        inputs = [framework.array(a) for a in arrays]
        return [framework.bfloat16(x) for x in inputs] if workload.dtype == "bfloat16" else inputs

    inputs = given(numpy_inputs)
    framework.wait(inputs)
    run = workload.make(framework)
    start = time.perf_counter()
    result = run(*inputs)
    framework.wait(result)
    first = (time.perf_counter() - start) * 1e3
    header = {"version": framework.version, "first_ms": first, **judge(workload, framework, numpy_inputs, result)}
    print(json.dumps(header | (compilation(run, inputs) if name == "mlxir" else {})), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            return
        inputs = given(workload.inputs(rng))
        framework.wait(inputs)
        start = time.perf_counter()
        framework.wait(run(*inputs))
        print((time.perf_counter() - start) * 1e3, flush=True)


def judge(workload: Workload, framework: Framework, inputs: list[np.ndarray], result: Any) -> dict[str, Any]:
    """The largest error against float64, and whether it is within what the workload allows."""
    results = list(result) if isinstance(result, (list, tuple)) else [result]

    def reference(arrays: list[np.ndarray]) -> list[np.ndarray]:
        exact = workload.reference(*arrays)
        return exact if isinstance(exact, list) else [exact]

    exact = reference(inputs)
    scales = exact if workload.is_step else reference([np.abs(a) for a in inputs])
    wide = [np.asarray(framework.float32(x)).astype(np.float64) for x in results]
    errors = [float(np.abs(x - y).max()) for x, y in zip(wide, exact, strict=True)]
    bounds = [workload.tolerance * float(np.abs(x).max()) for x in scales]
    right = all(error <= bound for error, bound in zip(errors, bounds, strict=True))
    return {"error": max(errors), "right": right}


def compilation(run: Any, inputs: list[Any]) -> dict[str, float]:
    """Launches of kernels in a function; operations in the loops of a kernel and milliseconds to compile one, on
    average."""
    lowered = run.lower(*inputs)
    made = lowered.kernels()
    return {
        "kernels": lowered.ir("kernels").count("mlxir.launch"),
        "lines": sum(kernel["ir_lines"] for kernel in made) / len(made),
        "compile_ms": sum(kernel["ms"] for kernel in made) / len(made),
    }


if __name__ == "__main__":
    main()
