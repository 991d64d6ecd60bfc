# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a run shows: a progress bar, and the loss curve as a picture."""

import argparse
from pathlib import Path

import numpy as np
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Bar:
    """A progress bar over the seconds or the steps, with loss, speed and held-out loss."""

    def __init__(self, args: argparse.Namespace, log: dict) -> None:
        self.by_steps = args.steps is not None
        self.log = log
        self.shown = len(log["held_out"])
        self.tokens = 0
        self.began = log["seconds"]
        self.progress = Progress(
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("step {task.fields[step]}  loss {task.fields[loss]:.3f}"),
            TextColumn("{task.fields[speed]:,.0f} tokens/s  held-out {task.fields[held_out]:.3f}"),
        )
        total = args.steps if self.by_steps else args.seconds
        self.task = self.progress.add_task("", total=total, **self._fields())

    def __enter__(self) -> "Bar":
        self.progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.progress.stop()

    def update(self, tokens: int) -> None:
        """Show the log after one more step."""
        self.tokens += tokens
        done = len(self.log["losses"]) if self.by_steps else self.log["seconds"]
        self.progress.update(self.task, completed=done, **self._fields())
        if len(self.log["held_out"]) > self.shown:
            self.shown += 1
            fields = self._fields()
            self.progress.console.print(
                f"step {fields['step']:6}  {self.log['seconds']:5.0f} s  loss {fields['loss']:.3f}  "
                f"held-out {fields['held_out']:.3f}  {fields['speed']:,.0f} tokens/s",
                highlight=False,
            )

    def _fields(self) -> dict:
        losses, held_out = self.log["losses"], self.log["held_out"]
        seconds = self.log["seconds"] - self.began
        return {
            "step": len(losses),
            "loss": sum(losses[-20:]) / len(losses[-20:]) if losses else float("nan"),
            "speed": self.tokens / seconds if seconds else 0.0,
            "held_out": held_out[-1][1] if held_out else float("nan"),
        }


def plot_losses(log: dict, path: Path) -> None:
    """Draw training, held-out and bigram losses over the steps."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    losses = np.array(log["losses"])
    width = min(20, len(losses))
    smooth = np.convolve(losses, np.ones(width) / width, mode="valid")
    figure, axes = pyplot.subplots(figsize=(8, 5))
    axes.plot(np.arange(1, len(losses) + 1), losses, color="tab:blue", alpha=0.25, linewidth=0.8)
    axes.plot(np.arange(width, len(losses) + 1), smooth, color="tab:blue", label=f"training, mean of {width}")
    held_out = [*log["held_out"], [len(losses), log["held_out_loss"]]]
    axes.plot(*zip(*held_out, strict=True), "o-", color="tab:orange", markersize=3, label="held out")
    axes.axhline(log["bigram_loss"], color="gray", linestyle="--", label="bigram model, held out")
    axes.set(xlabel="step", ylabel="nats per byte", title="A byte-level GPT on the Python standard library")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120, bbox_inches="tight")
    pyplot.close(figure)
