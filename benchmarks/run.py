# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every workload in mlxir and in the peers that are installed.

It writes results.json, table.md and chart.png into out/bench.

Each framework is a process of its own; rounds are interleaved, so that a machine that drifts does so for all.
`--python NAME=PATH` runs a framework with another interpreter: peers need not share mlxir's environment.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import decode
import latency
from workloads import WORKLOADS

HERE = Path(__file__).parent
FRAMEWORKS = ["mlxir", "mlx", "jax", "torch", "numpy"]
PACKAGES = {"mlxir": "mlxir", "mlx": "mlx.core", "jax": "jax.numpy", "torch": "torch", "numpy": "numpy"}
GPT_MODES = ("jit", "eager")
GPT_FRAMEWORKS = ["mlxir", "mlx", "jax", "torch"]  # NumPy has no gradients
# What the header of an mlxir worker says of compilation.
COMPILATION = ("kernels", "lines", "compile_ms")
DECODE_STARTS = 3  # at most: a peer that compiles for every new size takes a minute each
STARTS = {"import": latency.IMPORT, "cached_process": latency.WITHOUT_COMPILER}


class Process:
    """A worker, and what it said of itself; `header` is None if the framework is not installed or failed."""

    def __init__(self, interpreter: str, worker: str, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [interpreter, str(HERE / worker), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment() | environment,
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
        """Ends it; what it says then belongs to the header."""
        if self.process.poll() is None:
            last = self.process.communicate("stop\n")[0].strip()
            if self.header and last:
                self.header |= json.loads(last)


def clean_environment() -> dict[str, str]:
    return dict(os.environ, OMP_NUM_THREADS="2", XLA_FLAGS="", PYTHONPATH=str(HERE))


# Threads of OpenMP spin for 200 ms after their last task: the next framework would share the cores with them.
REST = 0.3


def measure(processes: dict[str, Process], rounds: int) -> dict[str, Any]:
    times: dict[str, list[float]] = {name: [] for name, p in processes.items() if p.header}
    for name in times:
        processes[name].round()  # warm
    for _ in range(rounds):
        for name, values in times.items():
            time.sleep(REST)
            values.append(processes[name].round())
    result: dict[str, Any] = {}
    for name, process in processes.items():
        process.stop()
        result[name] = with_median(process.header, times[name]) if process.header else failure(process.why)
    return result


def with_median(header: dict[str, Any], rounds: list[float]) -> dict[str, Any]:
    return dict(header, median_ms=statistics.median(rounds), rounds_ms=rounds)


def failure(why: str) -> dict[str, Any]:
    return {kind_of_failure(why): why}


def kind_of_failure(why: str) -> str:
    """Not installed, without what the workload needs (a name of frameworks.py that it lacks), or neither."""
    if "No module named" in why or why == "no output":
        return "absent"
    return "none" if "'Framework' object has no attribute" in why else "failed"


def time_start(interpreter: str, source: str, environment: dict[str, str]) -> float | None:
    """Milliseconds from start to exit; None if it failed."""
    began = time.perf_counter()
    done = subprocess.run([interpreter, "-c", source], env=environment, capture_output=True)
    return (time.perf_counter() - began) * 1e3 if done.returncode == 0 else None


def measure_start(source: str, interpreters: dict[str, str], rounds: int, folder: Path) -> dict[str, Any]:
    """Milliseconds beyond a Python that does nothing, but for the process of a cached function."""
    beyond = source == latency.IMPORT
    environment = clean_environment() | {"MLXIR_CACHE_DIR": str(folder)}
    names = FRAMEWORKS if beyond else ["mlxir"]
    if not beyond:  # its kernels are compiled here
        time_start(interpreters["mlxir"], latency.CACHED_FUNCTION.format("mlxir"), environment)
    times: dict[str, list[float]] = {name: [] for name in names}
    failed = set()
    for _ in range(rounds):
        for name in names:
            took = time_start(interpreters[name], source.format(PACKAGES[name]), environment)
            bare = time_start(interpreters[name], "pass", environment)
            if took is None or bare is None:
                failed.add(name)
            else:
                times[name].append(took - bare if beyond else took)
    result: dict[str, Any] = {name: {"none": "keeps no compiled function"} for name in FRAMEWORKS}
    for name in names:
        if name not in failed:
            result[name] = {"median_ms": statistics.median(times[name]), "rounds_ms": times[name], "right": True}
        else:
            result[name] = {"absent": "it did not start"}
    return result


def measure_gpt(mode: str, interpreters: dict[str, str], rounds: int, folder: Path) -> dict[str, Any]:
    environment = {"MLXIR_CACHE_DIR": str(folder / mode)}
    result = measure(
        {name: Process(interpreters[name], "gpt.py", name, mode, **environment) for name in GPT_FRAMEWORKS}, rounds
    )
    # Once more with what the first process has left on disk.
    again = Process(interpreters["mlxir"], "gpt.py", "mlxir", mode, **environment)
    again.stop()
    if again.header:
        result["mlxir"]["warm_first_ms"] = again.header["first_ms"]
    return {name: {"none": "has no gradients"} for name in FRAMEWORKS} | result


def measure_decode_first(interpreters: dict[str, str], rounds: int, folder: Path) -> dict[str, Any]:
    """The first tokens: each round is a new process, with nothing on disk."""

    def start(name: str, cache: str) -> Process:
        process = Process(interpreters[name], "decode.py", name, MLXIR_CACHE_DIR=str(folder / cache))
        process.stop()
        return process

    starts: dict[str, list[Process]] = {name: [] for name in FRAMEWORKS}
    for i in range(min(rounds, DECODE_STARTS)):
        for name, processes in starts.items():
            processes.append(start(name, f"decode{i}"))
    result = {name: summary_of_starts(processes) for name, processes in starts.items()}
    # Once more with what the first process has left on disk.
    if again := start("mlxir", "decode0").header:
        result["mlxir"]["warm_first_ms"] = again["first_ms"]
    return result


def summary_of_starts(processes: list[Process]) -> dict[str, Any]:
    """The medians of what new processes said of their first tokens."""
    headers = [process.header for process in processes if process.header]
    if len(headers) < len(processes):
        return failure(next(process.why for process in processes if not process.header))
    medians = {
        "new_size_ms": statistics.median(header["new_size_ms"] for header in headers),
        "right": all(header["right"] for header in headers),
    }
    return with_median(headers[-1] | medians, [header["first_ms"] for header in headers])


def models_table(results: dict[str, Any]) -> str:
    """First calls and memory of the train steps, and tokens of new sizes; their medians are in the other table."""
    lines = ["| model | " + " | ".join(FRAMEWORKS) + " |", "|---" * (len(FRAMEWORKS) + 1) + "|"]

    def add(label: str, row: dict[str, Any], value: Callable[[dict[str, Any]], float]) -> None:
        cells = [f"{value(row[f]):.3g}" if "first_ms" in row[f] else cell(row[f]) for f in FRAMEWORKS]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")

    def add_own(label: str, value: float) -> None:
        lines.append(f"| {label} with a warm disk cache, ms | {value:.3g} |" + " |" * (len(FRAMEWORKS) - 1))

    for mode in GPT_MODES:
        row = results.get(f"gpt_{mode}")
        if row is None:
            continue
        add(f"gpt, {mode}: first call beyond a steady step, ms", row, lambda r: r["first_ms"] - r["median_ms"])
        if "warm_first_ms" in row["mlxir"]:
            add_own(f"gpt, {mode}: the same", row["mlxir"]["warm_first_ms"] - row["mlxir"]["median_ms"])
        add(f"gpt, {mode}: peak above import and data, MiB", row, lambda r: r["peak_mib"])
    if row := results.get("decode_first"):
        if "warm_first_ms" in row["mlxir"]:
            add_own("decode: first tokens", row["mlxir"]["warm_first_ms"])
        add("decode: a token at a size not seen before, ms", row, lambda r: r["new_size_ms"])
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def cell(result: dict[str, Any]) -> str:
    for word in ("absent", "failed", "none"):
        if word in result:
            return word if word != "none" else "–"
    return f"{result['median_ms']:.3g}" + ("" if result["right"] else " (wrong)")


def to_best_peer(row: dict[str, Any]) -> float | None:
    peers = [row[peer]["median_ms"] for peer in FRAMEWORKS[1:] if "median_ms" in row[peer]]
    own = row["mlxir"].get("median_ms")
    return own / min(peers) if own and peers else None


def versions(results: dict[str, Any]) -> str:
    """Say what was compared, and whether the peers that call a C++ compiler had one."""
    found = {f: row[f]["version"] for row in results.values() for f in FRAMEWORKS if "version" in row[f]}
    compiler = "present" if shutil.which("g++") else "absent"
    return ", ".join(f"{f} {found.get(f, 'absent')}" for f in FRAMEWORKS) + f"; g++ {compiler}\n"


def draw(results: dict[str, Any], path: Path) -> None:
    """Draw each row's time as a part of the best peer's."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    ratios = {name: ratio for name, row in results.items() if (ratio := to_best_peer(row))}
    figure, axes = pyplot.subplots(figsize=(8, 1 + 0.3 * len(ratios)))
    axes.barh(list(ratios), list(ratios.values()), color="tab:blue")
    axes.axvline(1.0, color="gray", linestyle="--")
    axes.invert_yaxis()
    axes.set(xscale="log", xlabel="time of mlxir / time of the best peer (less is better)")
    figure.savefig(path, dpi=120, bbox_inches="tight")
    pyplot.close(figure)


def table(results: dict[str, Any], gflops: float, gbytes: float) -> str:
    floors = {workload.name: workload.floor_ms(gflops, gbytes) for workload in WORKLOADS}
    floors["decode_eager"] = decode.floor_ms(gbytes)
    names = " | ".join(FRAMEWORKS)
    columns = "to best peer | to floor | kernels | IR lines each | compile ms each"
    lines = [f"| workload, ms (eager_op: µs) | {names} | {columns} |", "|---" * (len(FRAMEWORKS) + 6) + "|"]
    for name, row in results.items():
        own, ratio = row["mlxir"].get("median_ms"), to_best_peer(row)
        floor = floors.get(name, 0.0)
        to_best = f"{ratio:.2f}" if ratio else ""
        to_floor = f"{own / floor:.1f}" if own and floor else ""
        cells = " | ".join(cell(row[framework]) for framework in FRAMEWORKS)
        counts = " | ".join(f"{row['mlxir'][k]:.3g}" if k in row["mlxir"] else "" for k in COMPILATION)
        lines.append(f"| {name} | {cells} | {to_best} | {to_floor} | {counts} |")
    return "\n".join(lines) + "\n"


def rows(interpreters: dict[str, str], rounds: int, folder: Path) -> dict[str, Callable[[], dict[str, Any]]]:
    """Every row's name, and how it is measured."""

    def of_worker(worker: str, *arguments: str) -> Callable[[], dict[str, Any]]:
        return lambda: measure(
            {name: Process(interpreters[name], worker, name, *arguments) for name in FRAMEWORKS}, rounds
        )

    every = {workload.name: of_worker("worker.py", workload.name) for workload in WORKLOADS}
    every |= {name: of_worker("latency.py", name) for name in latency.ROWS}
    for name, source in STARTS.items():
        every[name] = lambda source=source: measure_start(source, interpreters, rounds, folder)
    for mode in GPT_MODES:
        every[f"gpt_{mode}"] = lambda mode=mode: measure_gpt(mode, interpreters, rounds, folder)
    every["decode_eager"] = of_worker("decode.py")
    every["decode_first"] = lambda: measure_decode_first(interpreters, rounds, folder)
    return every


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
    with tempfile.TemporaryDirectory() as folder:
        every = rows(interpreters, args.rounds, Path(folder))
        chosen = args.only.split(",") if args.only else list(every)
        if unknown := set(chosen) - set(every):
            parser.error(f"expected workloads among {', '.join(every)}, got {', '.join(sorted(unknown))}")
        for name, take in every.items():
            if name not in chosen:
                continue
            results[name] = take()
            print(table({name: results[name]}, args.gflops, args.gbytes).splitlines()[-1], flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "results.json").write_text(json.dumps(results, indent=1))
    text = "\n".join([versions(results), table(results, args.gflops, args.gbytes), models_table(results)])
    (args.out / "table.md").write_text(text)
    draw(results, args.out / "chart.png")
    print(versions(results) + models_table(results), end="")
    print(f"wrote results.json, table.md and chart.png into {args.out}")


if __name__ == "__main__":
    main()
