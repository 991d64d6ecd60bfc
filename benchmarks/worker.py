# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One framework and one workload in a process of its own: it answers each line on stdin with a round's milliseconds."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from frameworks import LOADERS
from workloads import WORKLOADS


def main() -> None:
    name, workload_name = sys.argv[1:]
    framework = LOADERS[name]()
    workload = next(w for w in WORKLOADS if w.name == workload_name)
    numpy_inputs = workload.inputs(np.random.default_rng(0))
    inputs = [framework.array(a) for a in numpy_inputs]
    run = framework.compile(lambda *arrays: workload.function(framework.lib, *arrays))
    start = time.perf_counter()
    result = run(*inputs)
    framework.wait(result)
    first = (time.perf_counter() - start) * 1e3
    reference = workload.reference(*numpy_inputs)
    error = float(np.abs(np.asarray(result, dtype=np.float64) - reference).max())
    limit = workload.tolerance * max(1.0, float(np.abs(reference).max()))
    right = error <= limit
    print(json.dumps({"version": framework.version, "first_ms": first, "error": error, "right": right}), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            return
        start = time.perf_counter()
        framework.wait(run(*inputs))
        print((time.perf_counter() - start) * 1e3, flush=True)


if __name__ == "__main__":
    main()
