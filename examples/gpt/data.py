# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The text: the Python standard library's own sources, as bytes, split by file.

Every batch is a function of the seed and the step alone, so that a run that was
interrupted goes on with the batches that it would have had.
"""

import hashlib
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LEFT_OUT = {"site-packages", "dist-packages", "test", "tests", "idle_test"}
HELD_OUT_PART = 10  # one file in ten
END_OF_FILE = b"\n\0"


@dataclass
class Corpus:
    """Two texts, as arrays of bytes, and the folder and the files they come from."""

    root: Path
    train: np.ndarray
    held_out: np.ndarray
    train_files: int
    held_out_files: int


def load_corpus(root: Path | None = None) -> Corpus:
    """Read all .py files below ``root``, by default the standard library."""
    root = root or Path(sysconfig.get_path("stdlib"))
    train, held_out = [], []
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if LEFT_OUT.isdisjoint(relative.parts):
            part = held_out if is_held_out(relative) else train
            part.append(path.read_bytes() + END_OF_FILE)
    if not train or not held_out:
        raise FileNotFoundError(f"[load_corpus] expected Python sources, got none below {root}")
    return Corpus(root, _bytes(train), _bytes(held_out), len(train), len(held_out))


def is_held_out(relative: Path) -> bool:
    """Say which part a file belongs to, by a hash of its path."""
    digest = hashlib.sha256(relative.as_posix().encode()).digest()
    return int.from_bytes(digest[:8], "big") % HELD_OUT_PART == 0


def batch(text: np.ndarray, rows: int, length: int, seed: int, step: int) -> np.ndarray:
    """Cut random windows: int32 of shape (rows, length)."""
    starts = np.random.default_rng([seed, step]).integers(0, len(text) - length, rows)
    return _windows(text, starts, length)


def even_batches(text: np.ndarray, rows: int, length: int, count: int) -> list[np.ndarray]:
    """Cut ``count`` batches of windows that lie evenly over the text."""
    starts = np.linspace(0, len(text) - length, rows * count).astype(np.int64)
    return [_windows(text, some, length) for some in starts.reshape(count, rows)]


def bigram_loss(train: np.ndarray, held_out: np.ndarray) -> float:
    """Score a model that knows only the last byte, in nats per byte.

    Its probabilities are the pair counts of the training text, each plus one.
    """
    counts = np.bincount(train[:-1].astype(np.int64) * 256 + train[1:], minlength=256 * 256)
    pairs = counts.reshape(256, 256) + 1.0
    log_probability = np.log(pairs / pairs.sum(axis=1, keepdims=True))
    return float(-log_probability[held_out[:-1], held_out[1:]].mean())


def _windows(text: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    return text[starts[:, None] + np.arange(length)].astype(np.int32)


def _bytes(files: list[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(files), np.uint8)
