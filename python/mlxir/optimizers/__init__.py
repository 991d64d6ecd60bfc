# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Optimizers, learning-rate schedules and gradient clipping."""

from .optimizers import SGD, Adam, AdamW, Optimizer, clip_grad_norm
from .schedulers import (
    cosine_decay,
    exponential_decay,
    join_schedules,
    linear_schedule,
    step_decay,
)

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "Optimizer",
    "clip_grad_norm",
    "cosine_decay",
    "exponential_decay",
    "join_schedules",
    "linear_schedule",
    "step_decay",
]
