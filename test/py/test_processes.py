# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Processes: the disk cache under kills and races, fork, Ctrl-C, and a warm start without the compiler.

Each test runs programs of its own, so that nothing is shared with the test process. `make stress` asks for the full
numbers of repetitions.
"""

import math
import os
import pathlib
import platform
import re
import subprocess
import sys
import textwrap

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FULL = os.environ.get("MLXIR_STRESS") == "full"

# What all programs start with: a family of structures whose results are known.
PRELUDE = """
import os, random, signal, sys, threading, time
import mlxir as mx

def compute(n, extra=0):
    x = mx.ones((n,)) * 3.5
    for _ in range(extra):
        x = x + 0.25
    return x.sum().item()

def expected(n, extra=0):
    return n * (3.5 + 0.25 * extra)

def check(n, extra=0):
    assert abs(compute(n, extra) - expected(n, extra)) < 1e-3 * n, (n, extra)

def reap(children):
    for child in children:
        _, status = os.waitpid(child, 0)
        assert status == 0, status
"""


@pytest.fixture
def program(tmp_path):
    """Runs Python text as a program with a cache folder of its own; returns what it prints."""

    def run(text, *args, **environment):
        variables = {**os.environ, "MLXIR_CACHE_DIR": str(tmp_path / "cache"), **environment}
        for name in ("MLXIR_FAULT", "MLXIR_CACHE"):
            if name not in environment:
                variables.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(text), *map(str, args)],
            env=variables,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return run


# ---------------------------------------------------------------------------
# The disk cache
# ---------------------------------------------------------------------------


def test_a_warm_process_does_not_load_the_compiler(program):
    text = """
    x = mx.array([1.0, 2.0, 3.0])
    grad = mx.grad(lambda v: (v * v * 1.5).sum())(x)
    step = mx.jit(lambda v: (v @ v.T + 1.25).sum())
    print(grad.tolist(), step(mx.ones((3, 4))).item())
    check(10)
    info = mx.cache.info()
    print("compiled", info["compiles"] > 0, "mapped", "libmlxir_compiler" in open("/proc/self/maps").read())
    """
    cold, warm = program(text).stdout.splitlines(), program(text).stdout.splitlines()
    assert cold[0] == warm[0] == "[3.0, 6.0, 9.0] 47.25"
    assert cold[1] == "compiled True mapped True"
    assert warm[1] == "compiled False mapped False"


def test_values_read_inside_of_nested_gradients_need_no_compiler(program):
    """Eager code under `grad` may look at its values, also where `grad` is inside of `grad` (a tape keeps the rest)."""
    text = """
    seen = []

    def inner(v):
        y = mx.sin(v) * v
        seen.append(y.sum().item())
        return (y * y).sum() if seen[-1] > 0 else y.sum()

    def outer(v):
        slope = mx.grad(inner)(v * 2)
        seen.append(slope.sum().item())
        return (slope * v).sum() if seen[-1] > -100 else slope.sum()

    x = mx.array([0.5, 1.0, 1.5])
    print(mx.grad(outer)(x).tolist(), mx.grad(lambda v: mx.grad(outer)(v).sum())(x).tolist(), seen)
    info = mx.cache.info()
    print(info["compiles"] > 0, info["transforms"] > 0, "libmlxir_compiler" in open("/proc/self/maps").read())
    """
    cold, warm = program(text).stdout.splitlines(), program(text).stdout.splitlines()
    assert cold[0] == warm[0]
    gradient, second, _ = eval(f"[{cold[0].replace('] [', '], [')}]")
    # inner' = 2 y y', y = v sin v, at u = 2 v; outer = v inner'(2 v).
    for v, first_order, second_order in zip([0.5, 1.0, 1.5], gradient, second, strict=True):

        def slope(v):
            u = 2 * v
            return v * 2 * (u * math.sin(u)) * (math.sin(u) + u * math.cos(u))

        h = 1e-4
        assert abs(first_order - (slope(v + h) - slope(v - h)) / (2 * h)) < 1e-3
        assert abs(second_order - (slope(v + h) - 2 * slope(v) + slope(v - h)) / h**2) < 1e-2
    assert cold[1] == "True True True"
    assert warm[1] == "False False False"


def test_code_that_this_processor_cannot_run_is_refused(program):
    """A CPU that somebody named is believed until its code would run: compiled for it may be anywhere."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    features = {"avx512fp16": "avx512_fp16", "avx512bf16": "avx512_bf16", "avxvnni": "avx_vnni", "avx512f": "avx512f"}
    missing = next((name for name, flag in features.items() if f" {flag}" not in flags), None)
    if not missing:
        pytest.skip("this processor has every feature that the test knows")
    text = """
    f = mx.jit(lambda x: x + 1)
    assert "add" in f.lower(mx.ones(3)).ir("asm")
    for _ in range(2):
        try:
            mx.eval(f(mx.ones(3)))
        except RuntimeError as error:
            print(error)
    """
    found = program(text, MLXIR_CPU=f"x86-64-v3,+{missing}").stdout.splitlines()
    assert len(found) == 2
    # Or what it builds on: AVX-512 FP16 needs all of AVX-512.
    refused = r"expected a processor with avx\w+, which code for llvm-cpu:x86_64-\S+:x86-64-v3 uses \(MLXIR_CPU\)"
    assert all(re.match(refused, line) for line in found), found


def test_cpus_by_name(program):
    text = """
    f = mx.jit(lambda x: mx.exp(x) + 1)
    try:
        print(f.lower(mx.ones(256)).ir("asm").count("zmm") > 0)
    except RuntimeError as error:
        print(error)
    """
    assert program(text, MLXIR_CPU="znver4").stdout.split() == ["True"]
    assert program(text, MLXIR_CPU="znver3").stdout.split() == ["False"]
    assert (
        "expected a CPU that LLVM knows, such as x86-64-v3 or znver4, got z80" in program(text, MLXIR_CPU="z80").stdout
    )


def test_code_of_another_architecture_is_refused(program):
    other = "x86-64-v3" if platform.machine() == "aarch64" else "cortex-a72"
    text = """
    try:
        mx.eval(mx.ones(100) * 2.0625)
    except RuntimeError as error:
        print(error)
    """
    assert re.match(
        r"expected a processor with \w+ instructions, which code for llvm", program(text, MLXIR_CPU=other).stdout
    )


def test_an_unseen_length_needs_no_compiler_once_the_structure_was_seen_twice(program):
    program("check(10); check(20)")
    assert "0 compiles" in program("check(12345); print(mx.cache.info()['compiles'], 'compiles')").stdout


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "foreign"])
def test_a_bad_entry_is_rebuilt_in_silence(program, tmp_path, damage):
    program("check(10)")
    for path in (tmp_path / "cache").iterdir():
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 16
        path.write_bytes(
            {
                "flip": content,
                "truncate": path.read_bytes()[:-7],
                "empty": b"",
                "foreign": b"#!/bin/sh\nexit 1\n" * 40,
            }[damage]
        )
    rebuilt = program("check(10); print(mx.cache.info()['compiles'] > 0)")
    assert rebuilt.stdout == "True\n" and rebuilt.stderr == ""
    assert program("check(10); print(mx.cache.info()['compiles'])").stdout == "0\n"


# Everything that a program's code depends on is part of its key: an entry made with another is not seen.
FLIPS = {
    "cpu": ("check(10)", {"MLXIR_CPU": "x86-64-v3"}),
    "cpu features": ("check(10)", {"MLXIR_CPU": "x86-64-v3,+adx"}),
    "debug": ("check(10)", {"MLXIR_DEBUG": "nans"}),
    "another debug": ("check(10)", {"MLXIR_DEBUG": "nans,bounds"}),
    "structure": ("check(10, extra=1)", {}),
    "dtype": ("assert (mx.ones((10,), dtype=mx.float16) * 3.5).sum().item() == 35", {}),
    "rank": ("assert (mx.ones((10, 1)) * 3.5).sum().item() == 35", {}),
    "a size that is 1": ("check(1)", {}),
    "transform": ("assert mx.grad(lambda x: (x * 3.5).sum())(mx.ones((10,))).tolist() == [3.5] * 10", {}),
}


@pytest.mark.parametrize("flip", FLIPS)
def test_entries_belong_to_all_that_their_code_depends_on(program, flip):
    counted = "\nprint(mx.cache.info()['compiles'], mx.cache.info()['disk_hits'])"
    text, environment = FLIPS[flip]
    program("check(10)")
    assert program("check(10)" + counted).stdout.startswith("0 ")
    first = program(text + counted, **environment).stdout.split()
    assert int(first[0]) > 0, first
    # Each has entries of its own from then on, and took none from the other.
    assert program(text + counted, **environment).stdout.startswith("0 ")
    assert program("check(10)" + counted).stdout.startswith("0 ")


def test_two_builds_may_share_a_folder(program, tmp_path):
    """The compiler's identity is part of each key: an upgrade, or a second build, never runs the other's code."""
    libraries = pathlib.Path(os.environ.get("MLXIR_BUILD_DIR", ROOT / "build")) / "lib"
    other = tmp_path / "lib"
    other.mkdir()
    for path in libraries.iterdir():
        (other / path.name).symlink_to(path)
    identity = other / "libmlxir_compiler.so.id"
    text = identity.read_text()
    identity.unlink()
    identity.write_text("0" * 8 + text[8:])
    counted = "check(10); print(mx.cache.info()['compiles'], mx.cache.info()['kernel_compiles'])"
    second = {"MLXIR_COMPILER": str(other / "libmlxir_compiler.so")}
    assert program(counted).stdout != "0 0\n"
    assert program(counted, **second).stdout == program(counted, MLXIR_CACHE="off").stdout != "0 0\n"
    assert program(counted).stdout == program(counted, **second).stdout == "0 0\n"


def test_the_folder_stays_within_its_bound(program, tmp_path):
    """Beyond 1 GiB what was read last stays; a file under another name is not ours to remove."""
    program("check(10)")
    folder = tmp_path / "cache"
    ours = {path.name for path in folder.iterdir()}
    for i in range(6):
        large = folder / f"{i:032x}.mlxc"
        large.touch()
        os.truncate(large, 200 << 20)  # sparse: takes no room
        os.utime(large, (1e9 + i, 1e9 + i))
    (folder / "notes.txt").write_text("mine")
    program(
        """
        check(20, extra=3)
        folder, end = os.environ["MLXIR_CACHE_DIR"], time.time() + 20
        while time.time() < end and mx.cache.info()["disk_bytes"] > 1 << 30:
            time.sleep(0.01)
        assert mx.cache.info()["disk_bytes"] <= 1 << 30
        """
    )
    left = {path.name for path in folder.iterdir()}
    assert ours <= left and "notes.txt" in left
    assert [i for i in range(6) if f"{i:032x}.mlxc" in left] == [2, 3, 4, 5]  # down to 80 % of the bound
    assert program("check(10); print(mx.cache.info()['compiles'])").stdout == "0\n"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"MLXIR_FAULT": "write:1+"}, "No space left on device"),
        ({"MLXIR_FAULT": "sync:1+"}, "Input/output error"),
        ({"MLXIR_FAULT": "open:1+"}, "Permission denied"),
        ({"MLXIR_CACHE_DIR": "/dev/null/cache"}, "Not a directory"),
    ],
)
def test_without_a_usable_folder_there_is_one_warning(program, environment, reason):
    done = program("check(10); check(11); check(12, 3); check(13, 4)", **environment)
    assert done.stderr.count("cannot be used") == 1
    assert reason in done.stderr


@pytest.fixture
def mounted(tmp_path):
    """Mounts a small file system, with given options, as the program's cache folder."""
    folder = tmp_path / "cache"

    def mount(options):
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True, timeout=60
        )
        if done.returncode != 0:
            pytest.skip(f"only root may mount file systems: {done.stderr.strip()}")
        return folder

    yield mount
    while folder.is_mount():
        subprocess.run(["umount", folder], check=True, timeout=60)


def test_a_full_folder(program, mounted):
    (mounted("size=16k") / "filler").write_bytes(b"x" * 12288)
    done = program("check(10); check(11); check(12, 3); check(13, 4)")
    assert done.stderr.count("cannot be used") == 1 and "No space left on device" in done.stderr
    # Room again: what was left half written stands in nobody's way.
    os.unlink(mounted("size=1m,remount") / "filler")
    program("check(10); check(11)")
    assert program("check(10); check(11); print(mx.cache.info()['compiles'])").stdout == "0\n"


def test_a_read_only_folder(program, mounted):
    mounted("size=1m")
    program("check(10)")
    mounted("remount,ro")
    kept = program("check(10); print(mx.cache.info()['compiles'])")
    assert (kept.stdout, kept.stderr) == ("0\n", "")
    done = program("check(10); check(11, 1); check(12, 3); check(13, 4)")
    assert done.stderr.count("cannot be used") == 1 and "Read-only file system" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write whatever the mode says")
def test_a_folder_of_another_mode(program, tmp_path):
    (tmp_path / "cache").mkdir(mode=0o500)
    done = program("check(10); check(11); check(12, 3)")
    assert done.stderr.count("cannot be used") == 1 and "Permission denied" in done.stderr


def test_each_system_call_of_a_write_may_fail(program):
    for point in ("open", "read", "write", "sync", "rename"):
        for n in (1, 2, 3):
            done = program("mx.cache.clear(); check(10); check(11); check(12, 3)", MLXIR_FAULT=f"{point}:{n}")
            assert done.stderr.count("cannot be used") <= 1
            assert program("check(10); check(11); check(12, 3); print(mx.cache.info()['disk_errors'])").stdout == "0\n"


def test_the_cache_can_be_turned_off(program, tmp_path):
    program("check(10); assert mx.cache.info()['directory'] == ''", MLXIR_CACHE="off")
    assert not (tmp_path / "cache").exists()


def test_killed_writers_leave_no_torn_entry(program):
    program(
        """
        check(10)
        for i in range(int(sys.argv[1])):
            child = os.fork()
            if child == 0:
                random.seed(i)
                while True:
                    mx.cache.clear()
                    check(random.randrange(2, 30), random.randrange(3))
            time.sleep(random.uniform(0, 0.15))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            if i % 10 == 0:
                reader = os.fork()
                if reader == 0:
                    for n in range(2, 12):
                        check(n, i % 3)
                    os._exit(1 if mx.cache.info()["disk_errors"] else 0)
                reap([reader])
        """,
        1000 if FULL else 200,
    )


def test_processes_may_fill_one_cache_together(program):
    program(
        """
        children = []
        for i in range(16):
            child = os.fork()
            if child == 0:
                for round in range(int(sys.argv[1])):
                    check(7 + round)
                os._exit(0 if mx.cache.info()["disk_errors"] == 0 else 1)
            children.append(child)
        reap(children)
        """,
        200 if FULL else 10,
    )


# ---------------------------------------------------------------------------
# fork
# ---------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before", "after", "busy"])
def test_a_forked_child_computes(program, when):
    program(
        """
        when, count = sys.argv[1], int(sys.argv[2])
        stop = threading.Event()
        if when != "before":
            check(100000)
        if when == "busy":
            def work():
                while not stop.is_set():
                    check(random.randrange(1000, 2000), 1)
            threads = [threading.Thread(target=work) for _ in range(3)]
            [thread.start() for thread in threads]
        for i in range(count):
            child = os.fork()
            if child == 0:
                signal.alarm(30)
                check(50000 + i)
                check(5, i % 4)
                os._exit(0)
            reap([child])
        stop.set()
        """,
        when,
        200 if FULL else 40,
    )


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(tmp_path, method):
    script = tmp_path / "script.py"
    script.write_text(
        PRELUDE
        + textwrap.dedent(
            """
            import multiprocessing

            if __name__ == "__main__":
                check(10)
                context = multiprocessing.get_context(sys.argv[1])
                for _ in range(int(sys.argv[2])):
                    process = context.Process(target=check, args=(1000,))
                    process.start()
                    process.join(60)
                    assert process.exitcode == 0, process.exitcode
                with context.Pool(2) as pool:
                    assert pool.map(compute, range(2, 12)) == [expected(n) for n in range(2, 12)]
            """
        )
    )
    environment = {**os.environ, "MLXIR_CACHE_DIR": str(tmp_path / "cache")}
    count = 200 if FULL else 40
    done = subprocess.run(
        [sys.executable, str(script), method, str(count)], env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


# ---------------------------------------------------------------------------
# Ctrl-C
# ---------------------------------------------------------------------------


@pytest.mark.parametrize("busy_with", ["run", "compile"])
def test_an_interrupt_is_answered_in_time(program, busy_with):
    done = program(
        """
        def run(seed):
            a = mx.ones((1200, 1200))
            for _ in range(60):
                a = (a @ a) * 1e-3
            mx.eval(a)

        def compile(seed):
            # A structure that no cache knows, with many kernels.
            random.seed(seed)
            values = [mx.ones((8, 8)) * 0.5]
            for _ in range(300):
                v = random.choice(values[-4:])
                values.append(random.choice([lambda: mx.exp(v * -0.5), lambda: v @ v * 0.1, lambda: mx.sin(v) + v])())
            mx.eval(values[-1])

        task = {"run": run, "compile": compile}[sys.argv[1]]
        check(10)
        delays = []
        seed = 0
        while len(delays) < int(sys.argv[2]):
            seed += 1
            assert seed < 20 * int(sys.argv[2]), "the task ends too early"
            sent = []
            def interrupt():
                sent.append(time.monotonic())
                os.kill(os.getpid(), signal.SIGINT)
            timer = threading.Timer(random.uniform(0.01, 0.4), interrupt)
            timer.start()
            try:
                task(seed)
                timer.cancel()
                timer.join()
                time.sleep(0.01)
            except KeyboardInterrupt:
                if sent:
                    delays.append(time.monotonic() - sent[0])
            timer.join()
            check(10 + seed % 5)
        print(max(delays))
        """,
        busy_with,
        200 if FULL else 20,
    )
    assert float(done.stdout) < 0.2


# A train step that takes a while and updates its state in place, and what its state is after each step.
TRAINING = """
    import mlxir.nn as nn, mlxir.optimizers as optimizers
    from mlxir.utils import tree_flatten

    def make():
        mx.random.seed(0)
        model = nn.Sequential(*[nn.Linear(768, 768) for _ in range(10)])
        optimizer = optimizers.Adam(1e-3)
        optimizer.init(model.trainable_parameters())
        mx.eval(model.parameters(), optimizer.state)
        gradient = nn.value_and_grad(model, lambda m, x: (m(x) ** 2).mean())

        def step(x):
            loss, slopes = gradient(model, x)
            optimizer.update(model, slopes)
            return loss

        return model, optimizer, mx.jit(step, state=[model.state, optimizer.state])

    def contents(model, optimizer):
        return [bytes(v) for _, v in tree_flatten([model.parameters(), optimizer.state])]

    x = mx.random.normal((256, 768), key=mx.random.key(7))
    model, optimizer, step = make()
    expected = [contents(model, optimizer)]
    for _ in range(10):
        step(x)
        expected.append(contents(model, optimizer))
    model, optimizer, step = make()
"""


@pytest.mark.parametrize("environment", [{}, {"MLXIR_FAULT": "thread:1+"}], ids=["", "no other thread"])
def test_an_interrupted_step_is_done_or_has_not_begun(program, environment):
    """Also where its state is updated in place: what has begun to be written is finished by another thread."""
    done = program(
        TRAINING
        + """
    delays, counts, children = [], [], []
    for i in range(int(sys.argv[1])):
        sent = []
        def interrupt():
            sent.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)
        timer = threading.Timer(random.uniform(0.0, 0.3), interrupt)
        try:
            timer.start()
            while True:
                if optimizer.step.item() == 10:
                    model, optimizer, step = make()
                step(x)
        except KeyboardInterrupt:
            delays.append(time.monotonic() - sent[0])
        timer.join()
        if i % 4 == 0:  # a child finds the step finished
            child = os.fork()
            if child == 0:
                os._exit(contents(model, optimizer) != expected[optimizer.step.item()])
            children.append(child)
        counts.append(optimizer.step.item())
        assert contents(model, optimizer) == expected[counts[-1]], counts
    reap(children)
    print(max(delays))
    """,
        100 if FULL else 20,
        **environment,
    )
    if not environment:
        assert float(done.stdout) < 0.2


@pytest.mark.parametrize("delay", [0.06, 0.13, 0.2])
def test_a_process_may_end_while_a_step_is_finished(program, delay):
    program(
        TRAINING
        + """
    threading.Timer(float(sys.argv[1]), lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        while True:
            step(x)
    except KeyboardInterrupt:
        sys.exit(0)
    """,
        delay,
    )


def test_an_interrupted_evaluation_can_be_repeated(program):
    """Arrays that die with it give up their memory: it is finished all the same."""
    done = program(
        """
        def record():
            x = mx.ones((1000, 1000))
            mx.eval(x)
            y = x * 0.5  # takes over the memory of x, first of all
            z = y
            for _ in range(30):
                z = (z @ y) * 2e-3
            return y, z

        expected = [bytes(a) for a in record()]
        delays = []
        for _ in range(int(sys.argv[1])):
            arrays, sent = record(), []
            def interrupt():
                sent.append(time.monotonic())
                os.kill(os.getpid(), signal.SIGINT)
            timer = threading.Timer(random.uniform(0.0, 0.4), interrupt)
            try:
                timer.start()
                mx.eval(arrays)
                timer.join()
                time.sleep(0.01)
            except KeyboardInterrupt:
                delays.append(time.monotonic() - sent[0])
            timer.join()
            assert [bytes(a) for a in arrays] == expected
        print(max(delays))
        """,
        100 if FULL else 20,
    )
    assert float(done.stdout) < 0.2


# ---------------------------------------------------------------------------
# Invalid IR
# ---------------------------------------------------------------------------


def test_a_warning_of_the_compiler_is_a_warning_in_python(program):
    """So that a pass which ends at a limit fails the tests, where warnings are errors, and no user's program."""
    done = program("mx.eval(mx.exp(mx.ones((3, 5)) * 2.375)); check(10)", MLXIR_FAULT="warning:1")
    assert re.search(r"RuntimeWarning: \[compile\] planted", done.stderr)


def reproducer_of(program, tmp_path, fault: str, message: str) -> re.Match[str]:
    """The error that a planted fault leads to, which the reproducer leads to again."""
    done = program(
        """
        try:
            mx.eval(mx.exp(mx.ones((3, 5)) * 2.125))
        except RuntimeError as error:
            print(error)
        check(10)
        """,
        MLXIR_FAULT=fault,
        MLXIR_DUMP=str(tmp_path),
    )
    found = re.search(rf"pass (mlxir-\S+) failed on {message}; reproducer: (\S+)", done.stdout)
    assert found, done.stdout
    replay = replayed(found[2])
    assert replay.returncode != 0 and re.search(message.partition(": ")[2], replay.stderr), replay
    return found


def replayed(file: str | os.PathLike[str]) -> subprocess.CompletedProcess[str]:
    optimizer = pathlib.Path(os.environ.get("MLXIR_BUILD_DIR", ROOT / "build")) / "bin" / "mlxir-opt"
    return subprocess.run([optimizer, "--run-reproducer", file], capture_output=True, text=True, timeout=60)


def test_invalid_ir_names_pass_and_op_and_leaves_a_reproducer(program, tmp_path):
    found = reproducer_of(program, tmp_path, "invalid:1", r"func.func @\w+: block with no terminator.*")
    # It is the pass: without it, the others succeed.
    text = pathlib.Path(found[2]).read_text()
    mended = tmp_path / "mended.mlir"
    mended.write_text(re.sub(rf",?(func\.func\()?{found[1]}\)?", "", text))
    assert found[1] in text and found[1] not in mended.read_text()
    replay = replayed(mended)
    assert replay.returncode == 0, replay.stderr
    assert "mlxir_reproducer" not in replay.stdout and "func.func" in replay.stdout


def test_an_undefined_symbol_leaves_a_reproducer(program, tmp_path):
    """No kernel may call a library (D9)."""
    found = reproducer_of(
        program, tmp_path, "symbol:1", "builtin.module: kernel code refers to the undefined symbol 'planted'"
    )
    assert found[1] == "mlxir-cpu-codegen"
