# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmarks run, check what they time, and say which peers are absent. No time is judged here."""

import json
import pathlib
import subprocess
import sys

BENCHMARKS = pathlib.Path(__file__).parents[2] / "benchmarks"


def test_rows_are_measured_and_written(tmp_path):
    rows = ["matmul_bf16_1024", "linear_gelu", "embedding_grad", "mlp_step", "eager_op", "eager_new_shape", "import"]
    rows += ["cached_process", "decode_eager", "decode_first"]
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
        reason = "none" if name == "cached_process" else "absent"
        assert all(reason in row[peer] for peer in ("mlx", "jax", "torch"))
    # What NumPy does not have is no reason to call it absent.
    assert [name for name, row in results.items() if "none" in row["numpy"]] == [rows[0], *rows[2:4], "cached_process"]
    text = (tmp_path / "table.md").read_text()
    # Three peers are absent in the line of versions, in each row but one, and in the line of tokens at new sizes.
    assert text.count("absent") - text.count("g++ absent") == 3 * (len(rows) + 1)
    assert results["decode_eager"]["numpy"]["right"] and results["decode_first"]["numpy"]["right"]
    assert results["decode_first"]["mlxir"]["warm_first_ms"] > 0
    assert results["linear_gelu"]["numpy"]["right"]
    assert results["linear_gelu"]["mlxir"]["kernels"] == 1
    assert (tmp_path / "chart.png").stat().st_size > 0


def test_unknown_rows_are_named():
    command = [sys.executable, str(BENCHMARKS / "run.py"), "--only", "gpt_step"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "got gpt_step" in done.stderr
