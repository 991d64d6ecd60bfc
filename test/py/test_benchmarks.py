# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmarks run, check what they time, and say which peers are absent. No time is judged here."""

import json
import pathlib
import subprocess
import sys

BENCHMARKS = pathlib.Path(__file__).parents[2] / "benchmarks"


def test_rows_are_measured_and_written(tmp_path):
    rows = ["linear_gelu", "eager_op", "eager_new_shape", "import", "cached_process"]
    command = [sys.executable, str(BENCHMARKS / "run.py"), "--rounds", "1", "--only", ",".join(rows)]
    command += ["--out", str(tmp_path)]
    for peer in ("mlx", "jax", "torch"):
        command += ["--python", f"{peer}=/bin/false"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text())
    assert list(results) == rows
    for name, row in results.items():
        assert row["mlxir"]["right"], name
        assert row["mlxir"]["median_ms"] > 0
        assert all("absent" in row[peer] for peer in ("mlx", "jax", "torch"))
    assert (tmp_path / "table.md").read_text().count("absent") == 3 * len(rows)
