# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Train a byte-level GPT on the Python standard library's sources for two minutes.

    python train.py                 train, print a sample, write everything to out/gpt
    python train.py --eager         the same numbers without jit
    python train.py --steps 500     stop after a number of steps, not of seconds

A run that was interrupted goes on from its last checkpoint when it is started again.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import mlxir as mx
import numpy as np
from checkpoint import Checkpoints
from data import batch, bigram_loss, even_batches, load_corpus
from mlxir import nn, optimizers as optim
from mlxir.utils import tree_flatten
from model import GPT, generate
from report import Bar, plot_losses

EVALUATE_EVERY = 50  # steps
WARMUP_STEPS = 50
MAX_GRADIENT_NORM = 1.0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120.0, help="time to train for, compilation included")
    parser.add_argument("--steps", type=int, help="train for this many steps instead")
    parser.add_argument("--eager", action="store_true", help="evaluate each step without jit")
    parser.add_argument("--out", type=Path, default=Path("out/gpt"), help="folder for all results")
    parser.add_argument("--checkpoint-every", type=int, default=50, metavar="STEPS")
    parser.add_argument("--fresh", action="store_true", help="ignore a checkpoint of an interrupted run")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--dims", type=int, default=96)
    parser.add_argument("--heads", type=int, default=3)
    parser.add_argument("--context", type=int, default=128, help="bytes that the model sees")
    parser.add_argument("--batch", type=int, default=8, help="windows in a step")
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def learning_rate(peak: float):
    """Rise in a straight line, then fall with the square root of the steps.

    No part of it depends on how many steps there will be.
    """

    def fall(step):
        return peak * mx.rsqrt(1 + step / (4 * WARMUP_STEPS))

    rise = optim.linear_schedule(0.0, peak, WARMUP_STEPS)
    return optim.join_schedules([rise, fall], [WARMUP_STEPS])


class Trainer:
    """The model, its optimizer, and the compiled functions that use them."""

    def __init__(self, args: argparse.Namespace) -> None:
        mx.random.seed(args.seed)
        self.model = GPT(args.layers, args.dims, args.heads)
        self.optimizer = optim.AdamW(
            learning_rate(args.learning_rate), betas=[0.9, 0.99], weight_decay=0.1, bias_correction=True
        )
        self.optimizer.init(self.model.trainable_parameters())
        self.eager = args.eager

    def state(self) -> dict:
        """Everything that a step changes, as one tree of arrays.

        There is no random state in it: the batches are functions of the step, and
        nothing else in a step is random.
        """
        return {"model": self.model.parameters(), "optimizer": self.optimizer.state}

    def restore(self, state: dict) -> None:
        self.model.update(state["model"])
        self.optimizer.state = state["optimizer"]

    def compile(self) -> None:
        """Define the step and the score; call it after ``restore``."""
        loss_and_gradients = nn.value_and_grad(self.model, self.model.loss)

        def step(tokens: mx.array) -> mx.array:
            loss, gradients = loss_and_gradients(tokens)
            gradients, _ = optim.clip_grad_norm(gradients, MAX_GRADIENT_NORM)
            self.optimizer.update(self.model, gradients)
            return loss

        if self.eager:
            self._step, self._score = step, self.model.loss
        else:
            self._step = mx.jit(step, state=[self.model.state, self.optimizer.state])
            self._score = mx.jit(self.model.loss, state=self.model.state)

    def step(self, tokens: np.ndarray) -> float:
        loss = self._step(mx.array(tokens))
        mx.eval(loss, self.model.state, self.optimizer.state)
        return loss.item()

    def score(self, batches: list[np.ndarray]) -> float:
        return sum(self._score(mx.array(tokens)).item() for tokens in batches) / len(batches)


def train(trainer: Trainer, corpus, args: argparse.Namespace, checkpoints: Checkpoints, log: dict) -> None:
    """Step until the time or the steps are used up; ``log`` receives the losses."""
    window = args.context + 1
    held_out = even_batches(corpus.held_out, args.batch, window, 8)
    losses, began = log["losses"], time.perf_counter() - log["seconds"]

    def left() -> bool:
        return len(losses) < args.steps if args.steps is not None else log["seconds"] < args.seconds

    with Bar(args, log) as bar:
        while left():
            step = len(losses)
            losses.append(trainer.step(batch(corpus.train, args.batch, window, args.seed, step)))
            if len(losses) % EVALUATE_EVERY == 0:
                log["held_out"].append([len(losses), trainer.score(held_out)])
            log["seconds"] = time.perf_counter() - began
            if len(losses) % args.checkpoint_every == 0:
                checkpoints.save(trainer.state(), log)
            bar.update(tokens=args.batch * args.context)


def finish(trainer: Trainer, corpus, args: argparse.Namespace, log: dict) -> None:
    """Score the model, sample from it, and write the results."""
    window = args.context + 1
    log["held_out_loss"] = trainer.score(even_batches(corpus.held_out, args.batch, window, 64))
    prompt = even_batches(corpus.held_out, 1, args.context, 3)[1][0]
    text = generate(trainer.model, prompt, 500, args.seed)
    paths = {name: args.out / name for name in ("weights.safetensors", "loss.png", "sample.txt", "log.json")}
    trainer.model.save_weights(str(paths["weights.safetensors"]))
    plot_losses(log, paths["loss.png"])
    paths["sample.txt"].write_bytes(bytes(prompt.astype(np.uint8)) + text)
    paths["log.json"].write_text(json.dumps(log))

    print(f"\nsample, after {args.context} bytes of a held-out file:\n")
    print(text.decode("utf-8", "replace"))
    print(f"\nheld-out loss  {log['held_out_loss']:.3f} nats per byte after {len(log['losses'])} steps")
    print(f"bigram model   {log['bigram_loss']:.3f} nats per byte on the same files\n")
    for path in paths.values():
        print(f"wrote {path}")


def main() -> int:
    args = parse_arguments()
    corpus = load_corpus()
    trainer = Trainer(args)
    checkpoints = Checkpoints(args.out, args)
    log = {"losses": [], "held_out": [], "seconds": 0.0, "bigram_loss": bigram_loss(corpus.train, corpus.held_out)}
    if not args.fresh and (found := checkpoints.load()):
        state, log = found
        trainer.restore(state)
        print(f"goes on from step {len(log['losses'])} of the run in {args.out}")
    trainer.compile()
    parameters = sum(p.size for _, p in tree_flatten(trainer.model.parameters()))
    print(f"{corpus.train_files} files to train on, {corpus.held_out_files} held out, from {corpus.root}")
    print(f"{len(corpus.train) / 1e6:.1f} MB of text; {parameters:,} parameters in {args.layers} layers")
    try:
        train(trainer, corpus, args, checkpoints, log)
    except KeyboardInterrupt:
        print(f"\ninterrupted; the same command goes on from step {checkpoints.last_step}")
        return 130
    finish(trainer, corpus, args, log)
    checkpoints.clear()
    return 0


if __name__ == "__main__":
    sys.exit(main())
