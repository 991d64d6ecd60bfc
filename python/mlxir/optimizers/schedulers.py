# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules: functions of the step, an integer array, for a learning rate and the like."""

from __future__ import annotations

import math

from .. import core as mx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Schedule = Callable[[Any], Any]


def exponential_decay(init: float, decay_rate: float) -> Schedule:
    """Multiply by ``decay_rate`` at each step.

    Args:
        init: the value at step 0.
        decay_rate: the factor.

    Returns:
        A function from the step to the value.

    Example:
        >>> optim.exponential_decay(8.0, 0.5)(2)
        2.0
    """

    def schedule(step: Any) -> Any:
        return init * decay_rate**step

    return schedule


def step_decay(init: float, decay_rate: float, step_size: int) -> Schedule:
    """Multiply by ``decay_rate`` once every ``step_size`` steps.

    Args:
        init: the value at step 0.
        decay_rate: the factor.
        step_size: steps between two decays.

    Returns:
        A function from the step to the value.

    Raises:
        ValueError: ``step_size`` is less than 1.

    Example:
        >>> optim.step_decay(8.0, 0.5, 10)(25)
        2.0
    """
    _require_steps("step_decay", "step_size", step_size)

    def schedule(step: Any) -> Any:
        return init * decay_rate ** (step // step_size)

    return schedule


def cosine_decay(init: float, decay_steps: int, end: float = 0.0) -> Schedule:
    """Follow half a cosine wave from ``init`` to ``end``, then stay there.

    Args:
        init: the value at step 0.
        decay_steps: the step that reaches ``end``.
        end: the last value.

    Returns:
        A function from the step to the value.

    Raises:
        ValueError: ``decay_steps`` is less than 1.

    Example:
        >>> optim.cosine_decay(8.0, 10)(0)
        array(8, dtype=float32)
    """
    _require_steps("cosine_decay", "decay_steps", decay_steps)

    def schedule(step: Any) -> Any:
        angle = (math.pi / decay_steps) * mx.minimum(step, decay_steps)
        return end + 0.5 * (init - end) * (1.0 + mx.cos(angle))

    return schedule


def linear_schedule(init: float, end: float, steps: int) -> Schedule:
    """Go from ``init`` to ``end`` in a straight line, then stay there.

    Args:
        init: the value at step 0.
        end: the last value.
        steps: the step that reaches ``end``.

    Returns:
        A function from the step to the value.

    Raises:
        ValueError: ``steps`` is less than 1.

    Example:
        >>> optim.linear_schedule(0.0, 4.0, 8)(2)
        array(1, dtype=float32)
    """
    _require_steps("linear_schedule", "steps", steps)

    def schedule(step: Any) -> Any:
        return mx.minimum(step, steps) * ((end - init) / steps) + init

    return schedule


def join_schedules(schedules: Sequence[Schedule], boundaries: Sequence[int]) -> Schedule:
    """Follow one schedule after the other.

    Args:
        schedules: each is called with the steps since its boundary.
        boundaries: the steps at which the second and later schedules begin.

    Returns:
        A function from the step to the value.

    Raises:
        ValueError: there is no schedule, or not one boundary between each two.

    Example:
        >>> warmup = optim.linear_schedule(0.0, 1.0, 4)
        >>> decay = optim.exponential_decay(1.0, 0.5)
        >>> schedule = optim.join_schedules([warmup, decay], [4])
        >>> schedule(mx.array(2)), schedule(mx.array(6))
        (array(0.5, dtype=float32), array(0.25, dtype=float32))
    """
    if not schedules:
        raise ValueError("[join_schedules] expected at least one schedule, got none")
    if len(boundaries) != len(schedules) - 1:
        raise ValueError(f"[join_schedules] expected {len(schedules) - 1} boundaries, got {len(boundaries)}")

    def schedule(step: Any) -> Any:
        value = schedules[0](step)
        for boundary, following in zip(boundaries, schedules[1:], strict=True):
            value = mx.where(step < boundary, value, following(step - boundary))
        return value

    return schedule


def _require_steps(function: str, name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"[{function}] expected {name} of at least 1, got {value}")
