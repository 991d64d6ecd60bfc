# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What has no end: long chains, indices from anywhere, masks, processes that end while they work."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import mlxir as mx
import mlxir.nn as nn
import numpy as np
import pytest


def run(text: str, timeout: float = 120) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(text)], capture_output=True, text=True, timeout=timeout
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


# ---------------------------------------------------------------------------
# Long chains
# ---------------------------------------------------------------------------


def test_a_chain_of_100000_nodes_is_freed_and_evaluated() -> None:
    chain = mx.ones(2)
    for _ in range(100_000):
        chain = chain + 1
    del chain
    chain = mx.ones(2)
    for _ in range(100_000):
        chain = chain + 1
    assert chain.tolist() == [100_001, 100_001]


@pytest.mark.parametrize(
    "step", [mx.sin, lambda x: x * x - x, lambda x: x**1.7 * 0.9, lambda x: x.astype(mx.float16).astype(mx.float32)]
)
def test_a_long_chain_is_many_kernels(step) -> None:
    """A kernel of all of it would overflow the compiler's stack, or take LLVM minutes."""

    def chain(x):
        for _ in range(3000):
            x = step(x)
        return x

    start = mx.array([0.5, 0.25])
    expected = start
    for _ in range(30):
        for _ in range(100):
            expected = step(expected)
        mx.eval(expected)
    assert bytes(mx.jit(chain)(start)) == bytes(expected)


CHAINS_OF_REDUCTIONS = [
    lambda x: mx.sin(x) * 1.01 + mx.sum(x) * 1e-9,
    lambda x: mx.tanh(x) - mx.max(x, axis=-1, keepdims=True) * 1e-3,
    lambda x: mx.softmax(mx.exp(-x) + x, axis=-1),
]


@pytest.mark.filterwarnings("ignore:.*takes long to compile:RuntimeWarning")
@pytest.mark.parametrize("step", CHAINS_OF_REDUCTIONS, ids=["sums", "maxima", "softmaxes"])
def test_a_long_chain_of_reductions_is_compiled(step) -> None:
    """Each value is read by a reduction and beside it, which makes large kernels: slow to compile, never refused."""
    x = y = mx.array(np.random.default_rng(0).random((32, 128), dtype=np.float32))
    for _ in range(40):
        x = step(x)
        y = step(y)
        mx.eval(y)
    np.testing.assert_array_equal(np.array(x), np.array(y))


# ---------------------------------------------------------------------------
# Indices
# ---------------------------------------------------------------------------

HOSTILE = [3, 4, -4, -5, 10**6, -(10**6), 2**31 - 1, -(2**31), 2**40, -(2**40), 2**62, -(2**62), 2**63 - 1, -(2**63)]


def clamped(index: int, size: int) -> int:
    return min(max(index + size if index < 0 else index, 0), size - 1)


# The second and third length are unseen ones: of a structure with constants, then of one with symbols.
@pytest.mark.parametrize("size", [3, 5, 7])
@pytest.mark.parametrize("dtype", [mx.int32, mx.int64, mx.uint32, mx.uint64, mx.int8])
def test_indices_from_anywhere_stay_in_bounds(size: int, dtype: mx.Dtype) -> None:
    limits = mx.iinfo(dtype)
    indices = [i for i in HOSTILE if limits.min <= i <= limits.max]
    places = [clamped(i, size) for i in indices]
    i = mx.array(indices, dtype)
    x = mx.arange(size * 2).reshape(size, 2).astype(mx.float32)
    reference = np.arange(size * 2, dtype=np.float32).reshape(size, 2)
    assert mx.take(x, i, axis=0).tolist() == reference[places].tolist()
    assert x[i].tolist() == reference[places].tolist()
    both = mx.take_along_axis(x, mx.broadcast_to(i[:, None], (len(indices), 2)), axis=0)
    assert both.tolist() == reference[places].tolist()
    flat = [clamped(k, 2 * size) for k in indices]
    assert mx.take(x, i).tolist() == reference.ravel()[flat].tolist()
    embedding = nn.Embedding(size, 2)
    assert embedding(i).tolist() == [embedding.weight.tolist()[p] for p in places]
    counts = np.bincount(places, minlength=size).astype(np.float32)
    assert mx.zeros(size).at[i].add(1.0).tolist() == counts.tolist()
    assert mx.grad(lambda w: mx.take(w, i, axis=0).sum())(x).tolist() == np.stack([counts, counts], 1).tolist()
    written = mx.zeros(size)
    written[i] = 1.0
    assert written.tolist() == (counts > 0).astype(np.float32).tolist()


@pytest.mark.parametrize("index", [4, -5, 2**31, -(2**31) - 1, 10**30])
def test_a_python_index_out_of_range_is_an_index_error(index: int) -> None:
    x = mx.arange(4)
    with pytest.raises(IndexError, match=rf"\[getitem\] expected an index within axis 0 of size 4, got {index}"):
        x[index]
    with pytest.raises(IndexError, match=rf"\[setitem\] expected an index within axis 0 of size 4, got {index}"):
        x[index] = 1
    assert x.tolist() == [0, 1, 2, 3]


# ---------------------------------------------------------------------------
# Writes
# ---------------------------------------------------------------------------


@pytest.mark.parametrize("evaluated", [False, True])
def test_writes_are_seen_through_every_reference_and_in_no_other_array(evaluated: bool) -> None:
    x = mx.arange(6).astype(mx.float32)
    reference, holder = x, [x]
    others = [
        mx.array(x),
        x[:],
        x.reshape(2, 3),
        x.astype(mx.float32),
        mx.stop_gradient(x),
        x.T,
        x + 0,
        mx.jit(lambda v: v)(x),
    ]
    if evaluated:
        mx.eval(x, *others)
    x += 1
    x[0] = 9
    x[2:4] = -1
    assert reference is x and holder[0] is x
    assert reference.tolist() == [9, 2, -1, -1, 5, 6]
    for other in others:
        assert other.reshape(-1).tolist() == [0, 1, 2, 3, 4, 5]
        other += 100
    assert x.tolist() == [9, 2, -1, -1, 5, 6]


@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 1000])
def test_masks_are_bytes_in_memory_and_bits_in_registers(size: int) -> None:
    x, n = mx.arange(size), np.arange(size)
    mask, m = (x % 3 == 0) & (x > 2) | (x == 1), (n % 3 == 0) & (n > 2) | (n == 1)
    mx.eval(mask)
    assert mask.tolist() == m.tolist()
    assert mx.where(mask, x, -x).tolist() == np.where(m, n, -n).tolist()
    assert mx.where(~mask ^ (x > 5), x, -x).tolist() == np.where(~m ^ (n > 5), n, -n).tolist()
    assert mask.astype(mx.float32).sum().item() == m.sum()
    assert mx.concatenate([mask, mask])[1:].tolist() == np.concatenate([m, m])[1:].tolist()


# ---------------------------------------------------------------------------
# The end of the process
# ---------------------------------------------------------------------------


def test_arrays_live_until_the_interpreter_is_gone() -> None:
    text = """
    import builtins, sys, mlxir as mx
    builtins.kept = [mx.ones(3), mx.ones((1000, 1000)) + 1, mx.grad(lambda x: x.sum())(mx.ones(2))]
    mx.eval(kept[1]); mx.async_eval(kept[1] @ kept[1])
    class Late:
        def __del__(self):
            print((self.x + 1).tolist())
    builtins.late = Late(); late.x = mx.zeros(2)
    print("done")
    """
    assert run(text).startswith("done\n")


def test_exit_while_threads_run() -> None:
    text = """
    import threading, time, mlxir as mx
    def work(i):
        n = 2
        while True:
            n = n % 3000 + 1 + i
            (mx.exp(mx.ones((n, 8)) * 0.5) @ mx.ones((8, n % 9 + 1)) * n).sum().item()
    for i in range(4):
        threading.Thread(target=work, args=(i,), daemon=True).start()
    time.sleep(0.15)
    print("bye")
    """
    for _ in range(5):
        assert run(text) == "bye\n"


def test_an_object_that_computes_as_it_dies_at_exit() -> None:
    """Threads that compile stop where they are; whoever ends the process may still want what they were about."""
    text = """
    import os, sys, threading, time, types, mlxir as mx
    def compute(n):
        x = mx.ones((3, 4)) * 0.5
        for i in range(150):
            x = mx.sin(x) * (1 + 0.001 * i) + n * 0.0
        return x.sum().item()
    class Late:
        def __del__(self, os=os, compute=compute):
            os.write(1, b"late %.3f" % compute(0))
    # No frame of a thread refers to this module: it goes at exit, and its objects with it.
    sys.modules["late"] = types.ModuleType("late")
    sys.modules["late"].object = Late()
    for i in range(4):
        threading.Thread(target=compute, args=(i,), daemon=True).start()
    time.sleep(WAIT)
    """
    for wait in (0.0, 0.02, 0.1, 0.3):
        assert run(text.replace("WAIT", str(wait)), timeout=30) == "late 10.714"
