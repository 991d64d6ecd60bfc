# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""examples/gpt: its data, its results, eager = jit, and resuming after a kill."""

import importlib.util
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import mlxir as mx
import numpy as np
import pytest

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "gpt"
SMALL = ["--layers", "4", "--dims", "32", "--heads", "2", "--context", "32", "--batch", "4"]
WAIT = 300  # seconds until a run that hangs is killed


def command(out, *options):
    pytest.importorskip("rich", reason="rich is not installed")
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    return [sys.executable, str(EXAMPLE / "train.py"), *SMALL, "--out", str(out), *options]


def run(out, *options):
    done = subprocess.run(command(out, *options), capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((out / "log.json").read_text()), done.stdout


def load(name):
    spec = importlib.util.spec_from_file_location(f"gpt_{name}", EXAMPLE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data():
    return load("data")


@pytest.fixture(scope="module")
def compiled_run(tmp_path_factory):
    out = tmp_path_factory.mktemp("gpt")
    return out, *run(out, "--steps", "60", "--checkpoint-every", "20")


# The text.


def test_corpus_leaves_out_what_is_not_the_library(data, tmp_path):
    for name in ("a.py", "b.py", "pkg/c.py", "site-packages/x.py", "pkg/test/y.py", "dist-packages/z.py", "pkg/notes"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    for i in range(30):
        (tmp_path / f"more{i}.py").write_text("pass\n")
    corpus = data.load_corpus(tmp_path)
    text = bytes(corpus.train) + bytes(corpus.held_out)
    assert corpus.train_files + corpus.held_out_files == 33
    assert [name in text for name in (b"# a.py", b"pkg/c.py", b"site-packages", b"y.py", b"z.py", b"notes")] == [
        *[True, True],
        *[False] * 4,
    ]


def test_split_is_by_file_and_fixed(data):
    first, second = data.load_corpus(), data.load_corpus()
    assert 0.03 < first.held_out_files / (first.train_files + first.held_out_files) < 0.2
    np.testing.assert_array_equal(first.held_out, second.held_out)
    source = pathlib.Path(os.__file__).read_bytes()
    assert (source in bytes(first.held_out)) == data.is_held_out(pathlib.PurePosixPath("os.py"))
    assert (source in bytes(first.train)) != data.is_held_out(pathlib.PurePosixPath("os.py"))


def test_no_sources_is_an_error(data, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"\[load_corpus\].*got none below"):
        data.load_corpus(tmp_path)


def test_batch_is_a_function_of_seed_and_step(data):
    text = np.random.default_rng(0).integers(0, 256, 10_000).astype(np.uint8)
    first = data.batch(text, 4, 33, seed=0, step=7)
    assert (first.shape, first.dtype) == ((4, 33), np.int32)
    np.testing.assert_array_equal(data.batch(text, 4, 33, seed=0, step=7), first)
    assert not np.array_equal(data.batch(text, 4, 33, seed=0, step=8), first)
    assert not np.array_equal(data.batch(text, 4, 33, seed=1, step=7), first)
    assert all(row.astype(np.uint8).tobytes() in text.tobytes() for row in first)


def test_bigram_loss_is_that_of_the_counts(data):
    train, held_out = b"abcabcabd", b"abdx"
    counts = {}
    for pair in itertools.pairwise(train):
        counts[pair] = counts.get(pair, 0) + 1
    losses = []
    for a, b in itertools.pairwise(held_out):
        row = 256 + sum(n for (first, _), n in counts.items() if first == a)
        losses.append(-np.log((counts.get((a, b), 0) + 1) / row))
    result = data.bigram_loss(np.frombuffer(train, np.uint8), np.frombuffer(held_out, np.uint8))
    assert result == pytest.approx(np.mean(losses), rel=1e-12)


# The program.


def test_results(compiled_run):
    out, log, printed = compiled_run
    assert len(log["losses"]) == 60
    assert log["losses"][0] == pytest.approx(np.log(256), abs=0.6)
    assert np.mean(log["losses"][-5:]) < 3.9
    assert [step for step, _ in log["held_out"]] == [50]
    assert log["held_out_loss"] < 3.9
    assert 1.5 < log["bigram_loss"] < 3.5
    for name in ("weights.safetensors", "loss.png", "sample.txt", "log.json"):
        assert f"wrote {out / name}" in printed
    assert (out / "loss.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert len((out / "sample.txt").read_bytes()) == 32 + 500
    assert f"bigram model   {log['bigram_loss']:.3f}" in printed
    assert f"held-out loss  {log['held_out_loss']:.3f}" in printed
    assert list(out.glob("checkpoint*")) == []


def test_weights_can_be_loaded(compiled_run):
    out, _, _ = compiled_run
    weights = mx.load(str(out / "weights.safetensors"))
    assert weights["layers.3.up.weight"].shape == (128, 32)
    assert all(np.isfinite(np.array(w)).all() for w in weights.values())


def test_eager_losses_are_those_of_jit(compiled_run, tmp_path):
    _, compiled, _ = compiled_run
    eager, _ = run(tmp_path, "--steps", "50", "--eager")
    np.testing.assert_allclose(eager["losses"], compiled["losses"][:50], rtol=0, atol=1e-5)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill", "interrupt"])
def test_interrupted_run_goes_on_with_the_same_losses(tmp_path, how):
    process = subprocess.Popen(
        command(tmp_path / "a", "--steps", "1000000", "--checkpoint-every", "10"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    index = tmp_path / "a" / "checkpoint.json"
    deadline = time.monotonic() + WAIT
    while not index.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(how)
    printed, _ = process.communicate(timeout=WAIT)
    assert index.exists(), printed
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    saved = json.loads(index.read_text())["log"]["losses"]
    assert len(saved) % 10 == 0
    if how == signal.SIGINT:
        assert f"goes on from step {len(saved)}" in printed

    steps = str(len(saved) + 12)
    resumed, printed = run(tmp_path / "a", "--steps", steps)
    assert f"goes on from step {len(saved)} " in printed
    straight, _ = run(tmp_path / "b", "--steps", steps)
    assert resumed["losses"] == straight["losses"]
    assert resumed["held_out_loss"] == straight["held_out_loss"]


def test_losses_do_not_depend_on_sizes_seen_before(tmp_path, monkeypatch):
    monkeypatch.setenv("MLXIR_CACHE_DIR", str(tmp_path / "fresh"))
    constant, _ = run(tmp_path / "a", "--steps", "8")
    monkeypatch.setenv("MLXIR_CACHE_DIR", str(tmp_path / "used"))
    run(tmp_path / "b", "--steps", "1", "--dims", "48", "--heads", "3", "--context", "24", "--batch", "6")
    # Its programs have sizes that are known at run time alone.
    symbolic, _ = run(tmp_path / "c", "--steps", "8")
    assert symbolic["losses"] == constant["losses"]
    assert symbolic["held_out_loss"] == constant["held_out_loss"]


def test_other_settings_start_anew(tmp_path):
    checkpoint = {"arrays": "none", "settings": {"dims": 7}, "log": {}}
    (tmp_path / "checkpoint.json").write_text(json.dumps(checkpoint))
    log, printed = run(tmp_path, "--steps", "2")
    assert "starts anew" in printed
    assert len(log["losses"]) == 2
