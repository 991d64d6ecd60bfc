# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checkpoints: the arrays as safetensors, and a JSON file that names them last."""

import argparse
import json
import os
from pathlib import Path

import mlxir as mx
from mlxir.utils import tree_flatten, tree_unflatten

# What may differ between a run and the one that continues it.
FREE_ARGUMENTS = {"seconds", "steps", "out", "fresh", "checkpoint_every", "eager"}


class Checkpoints:
    """The last checkpoint of a run.

    The JSON file is put in place in one step, after the arrays that it names are
    complete: whenever a run is killed, one whole checkpoint is there.
    """

    def __init__(self, folder: Path, args: argparse.Namespace) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.index = folder / "checkpoint.json"
        self.settings = {k: v for k, v in vars(args).items() if k not in FREE_ARGUMENTS}

    @property
    def last_step(self) -> int:
        """Steps of the run whose checkpoint is in the folder: what was meant to be saved may have been interrupted."""
        return len(json.loads(self.index.read_text())["log"]["losses"]) if self.index.exists() else 0

    def save(self, state: dict, log: dict) -> None:
        step = len(log["losses"])
        arrays = self.folder / f"checkpoint-{step}.safetensors"
        mx.save_safetensors(str(arrays), tree_flatten(state, destination={}))
        partial = self.index.with_suffix(".partial")
        partial.write_text(json.dumps({"arrays": arrays.name, "settings": self.settings, "log": log}))
        os.replace(partial, self.index)
        self._remove_arrays(keep=arrays.name)

    def load(self) -> tuple[dict, dict] | None:
        """Return the state and the log, or None if there is no run to continue."""
        if not self.index.exists():
            return None
        saved = json.loads(self.index.read_text())
        if saved["settings"] != self.settings:
            print(f"starts anew: the run in {self.folder} had other settings")
            return None
        arrays = mx.load(str(self.folder / saved["arrays"]))
        return tree_unflatten(arrays), saved["log"]

    def clear(self) -> None:
        """Remove the checkpoint of a run that is done."""
        self.index.unlink(missing_ok=True)
        self._remove_arrays(keep="")

    def _remove_arrays(self, keep: str) -> None:
        for path in self.folder.glob("checkpoint-*.safetensors"):
            if path.name != keep:
                path.unlink()
