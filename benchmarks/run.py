# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every workload in mlxir and in the peers that are installed, and writes out/bench/{results.json,table.md}.

Each framework is a process of its own; rounds are interleaved, so that a machine that drifts does so for all.
`--python NAME=PATH` runs a framework with another interpreter: peers need not share mlxir's environment.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from workloads import WORKLOADS

HERE = Path(__file__).parent
FRAMEWORKS = ["mlxir", "mlx", "jax", "torch"]


class Process:
    """A worker, and what it said of itself; `header` is None if the framework is not installed or failed."""

    def __init__(self, interpreter: str, framework: str, workload: str) -> None:
        environment = dict(os.environ, OMP_NUM_THREADS="2", XLA_FLAGS="", PYTHONPATH=str(HERE))
        self.process = subprocess.Popen(
            [interpreter, str(HERE / "worker.py"), framework, workload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        line = self._read()
        self.header: dict[str, Any] | None = json.loads(line) if line else None
        self.why = "" if self.header else (self.process.communicate()[1].strip().splitlines() or ["no output"])[-1]

    def _read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def round(self) -> float:
        assert self.process.stdin
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return float(self._read())

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.communicate("stop\n")


def measure(workload: str, interpreters: dict[str, str], rounds: int) -> dict[str, Any]:
    processes = {name: Process(interpreters[name], name, workload) for name in FRAMEWORKS}
    times: dict[str, list[float]] = {name: [] for name, p in processes.items() if p.header}
    for name in times:
        processes[name].round()  # warm
    for _ in range(rounds):
        for name, values in times.items():
            values.append(processes[name].round())
    result: dict[str, Any] = {}
    for name, process in processes.items():
        process.stop()
        if process.header:
            result[name] = dict(process.header, median_ms=statistics.median(times[name]), rounds_ms=times[name])
        else:
            result[name] = {"absent": process.why}
    return result


def cell(result: dict[str, Any]) -> str:
    if "absent" in result:
        return "absent"
    return f"{result['median_ms']:.3g}" + ("" if result["right"] else " (wrong)")


def table(results: dict[str, Any], gflops: float, gbytes: float) -> str:
    lines = ["| workload, ms | " + " | ".join(FRAMEWORKS) + " | to best peer | to floor |", "|---" * 7 + "|"]
    for workload in WORKLOADS:
        if workload.name not in results:
            continue
        row = results[workload.name]
        own = row["mlxir"].get("median_ms")
        peers = [row[name]["median_ms"] for name in FRAMEWORKS[1:] if "median_ms" in row[name]]
        floor = workload.floor_ms(gflops, gbytes)
        ratio = f"{own / min(peers):.2f}" if own and peers else ""
        to_floor = f"{own / floor:.1f}" if own and floor else ""
        cells = " | ".join(cell(row[name]) for name in FRAMEWORKS)
        lines.append(f"| {workload.name} | {cells} | {ratio} | {to_floor} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="comma-separated workloads")
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--gflops", type=float, default=215.0, help="the machine's f32 rate, for the floor")
    parser.add_argument("--gbytes", type=float, default=48.0, help="the machine's memory rate, for the floor")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    args = parser.parse_args()
    interpreters = dict.fromkeys(FRAMEWORKS, sys.executable) | dict(pair.split("=", 1) for pair in args.python)
    results = {}
    for workload in WORKLOADS:
        if args.only and workload.name not in args.only.split(","):
            continue
        results[workload.name] = measure(workload.name, interpreters, args.rounds)
        print(table({workload.name: results[workload.name]}, args.gflops, args.gbytes).splitlines()[-1], flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "results.json").write_text(json.dumps(results, indent=1))
    (args.out / "table.md").write_text(table(results, args.gflops, args.gbytes))
    print(f"wrote {args.out / 'results.json'} and {args.out / 'table.md'}")


if __name__ == "__main__":
    main()
