# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Losses: functions of predictions and targets, with a reduction."""

from __future__ import annotations

from .. import core as mx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Reduction = Literal["none", "mean", "sum"]


def cross_entropy(
    logits: mx.array,
    targets: mx.array,
    weights: mx.array | None = None,
    axis: int = -1,
    label_smoothing: float = 0.0,
    reduction: Reduction = "none",
) -> mx.array:
    """Cross entropy of a softmax, in nats.

    Args:
        logits: floating, unnormalized log probabilities along ``axis``.
        targets: integer classes, shaped as ``logits`` without ``axis``; or
            probabilities, shaped as ``logits``.
        weights: multiplied with the losses before the reduction.
        axis: the axis of the classes.
        label_smoothing: weight of the uniform distribution mixed into the targets,
            in [0, 1).
        reduction: ``"none"``, ``"mean"`` or ``"sum"``.

    Returns:
        The losses, shaped as ``logits`` without ``axis``, or their mean or sum.

    Raises:
        ValueError: a shape, the smoothing or the reduction is not as said.

    Example:
        >>> logits = mx.array([[50.0, 0.0], [0.0, 50.0]])
        >>> nn.losses.cross_entropy(logits, mx.array([0, 0]))
        array([0, 50], dtype=float32)
    """
    if not 0 <= label_smoothing < 1:
        raise ValueError(f"[losses.cross_entropy] expected a label smoothing in [0, 1), got {label_smoothing}")
    classes_last = list(logits.shape)
    classes = classes_last.pop(axis)
    are_probabilities = targets.ndim == logits.ndim
    expected = logits.shape if are_probabilities else tuple(classes_last)
    _require_shape("cross_entropy", "targets", targets, expected)

    shifted = logits - mx.stop_gradient(mx.max(logits, axis=axis, keepdims=True))
    if are_probabilities:
        score = mx.sum(shifted * targets, axis=axis)
    else:
        score = _select_class(shifted, targets, classes, axis)
    if label_smoothing > 0:
        uniform = mx.mean(shifted, axis=axis)
        score = (1 - label_smoothing) * score + label_smoothing * uniform
    loss = mx.logsumexp(shifted, axis=axis) - score
    if weights is not None:
        _require_shape("cross_entropy", "weights", weights, loss.shape)
        loss = loss * weights
    return _reduce("cross_entropy", loss, reduction)


def mse_loss(predictions: mx.array, targets: mx.array, reduction: Reduction = "mean") -> mx.array:
    """Squared difference.

    Args:
        predictions: any shape.
        targets: the same shape.
        reduction: ``"none"``, ``"mean"`` or ``"sum"``.

    Returns:
        The squared differences, or their mean or sum.

    Raises:
        ValueError: the shapes differ, or the reduction is not as said.

    Example:
        >>> nn.losses.mse_loss(mx.array([1.0, 2.0]), mx.array([1.0, 4.0]))
        array(2, dtype=float32)
    """
    _require_shape("mse_loss", "targets", targets, predictions.shape)
    return _reduce("mse_loss", mx.square(predictions - targets), reduction)


def _select_class(scores: mx.array, targets: mx.array, classes: int, axis: int) -> mx.array:
    """Pick each target's score; a negative target counts from the end.

    Written as a masked sum, it joins the kernel of the reductions beside it and its
    derivative is elementwise, where indexing would need a gather and a scatter.
    """
    if not mx.issubdtype(targets.dtype, mx.integer):
        raise ValueError(f"[losses.cross_entropy] expected integer targets, got {targets.dtype}")
    shape = [1] * scores.ndim
    shape[axis] = classes
    index = mx.arange(classes).reshape(shape)
    wanted = mx.expand_dims(targets.astype(mx.int32), axis)
    wanted = mx.where(wanted < 0, wanted + classes, wanted)
    return mx.sum(mx.where(index == wanted, scores, 0), axis=axis)


def _require_shape(function: str, name: str, value: mx.array, shape: tuple[int, ...]) -> None:
    if value.shape != shape:
        raise ValueError(f"[losses.{function}] expected {name} of shape {shape}, got {value.shape}")


def _reduce(function: str, loss: mx.array, reduction: str) -> mx.array:
    if reduction == "none":
        return loss
    if reduction == "mean":
        return mx.mean(loss)
    if reduction == "sum":
        return mx.sum(loss)
    raise ValueError(f"[losses.{function}] expected a reduction of none, mean or sum, got '{reduction}'")
