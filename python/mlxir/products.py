# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of matrices and tensors."""

from __future__ import annotations

from ._core import (
    array,
    broadcast,
    broadcast_dims,
    fail_type,
    fail_value,
    ops,
    promote,
    public,
    require_array,
)
from .axes import axis_of, integer, is_sequence, text
from .dtypes import inexact, issubdtype
from .shapes import reshape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["addmm", "inner", "matmul", "outer", "tensordot"]


def _operands(*arrays: array) -> tuple[array, ...]:
    """Bring arrays to one dtype, which must be a floating-point one."""
    arrays = promote([require_array(a) for a in arrays], "same", False)
    if not issubdtype(arrays[0].dtype, inexact):
        fail_value(f"expected floating-point arrays, got {arrays[0].dtype.name}")
    return arrays


def _dot(
    a: array,
    b: array,
    a_axes: Sequence[int],
    b_axes: Sequence[int],
    batch: int = 0,
) -> array:
    """Sum products over paired axes; the first ``batch`` axes of both are paired and stay."""
    front = range(batch)
    return ops.dot_general(
        a,
        b,
        lhs_batch=front,
        rhs_batch=front,
        lhs_contracting=a_axes,
        rhs_contracting=b_axes,
    )


@public
def matmul(a: array, b: array, /, *, stream: object = None) -> array:
    """Product of matrices.

    Args:
        a: floating, (..., m, k) or (k,).
        b: floating, (..., k, n) or (k,); the dims in front broadcast with those of
            ``a``.

    Returns:
        The products, (..., m, n), without the axis that a vector does not have.

    Raises:
        ValueError: a scalar, integers, or sizes that do not fit.

    Example:
        >>> mx.matmul(mx.array([[1.0, 2.0]]), mx.array([3.0, 4.0]))
        array([11], dtype=float32)
    """
    return _matmul(*_operands(a, b))


def _matmul(a: array, b: array) -> array:
    if a.ndim == 0 or b.ndim == 0:
        fail_value(f"expected arrays of at least one dimension, got {text(a)} and {text(b)}")
    contracted = max(b.ndim - 2, 0)
    if a.shape[-1] != b.shape[contracted]:
        fail_value(
            "expected the last size of the first array to be the last but one of the "
            f"second, got shapes {text(a)} and {text(b)}"
        )
    if b.ndim <= 2 or a.ndim == 1 == b.ndim:
        # The dims in front of a are rows like any others.
        return _dot(a, b, (a.ndim - 1,), (contracted,))
    if a.ndim == 1:
        product = _batched(reshape(a, (1, a.shape[0])), b)
        return reshape(product, (*product.shape[:-2], product.shape[-1]))
    return _batched(a, b)


def _batched(a: array, b: array) -> array:
    front = broadcast_dims((a.shape[:-2], b.shape[:-2]))
    a = broadcast(a, (*front, *a.shape[-2:]))
    b = broadcast(b, (*front, *b.shape[-2:]))
    batch = len(front)
    return _dot(a, b, (batch + 1,), (batch,), batch)


@public
def addmm(
    c: array,
    a: array,
    b: array,
    /,
    alpha: float = 1.0,
    beta: float = 1.0,
    *,
    stream: object = None,
) -> array:
    """``alpha * (a @ b) + beta * c``; see :func:`matmul`.

    Args:
        c: floating, broadcasts to the product.
        a: floating, (..., m, k) or (k,).
        b: floating, (..., k, n) or (k,).
        alpha: factor of the product.
        beta: factor of ``c``.

    Raises:
        ValueError: integers, or sizes that do not fit.

    Example:
        >>> a, b = mx.array([[1.0, 2.0]]), mx.array([[3.0], [4.0]])
        >>> mx.addmm(mx.array([1.0]), a, b, alpha=2.0)
        array([[23]], dtype=float32)
    """
    c, a, b = _operands(c, a, b)
    product = _matmul(a, b)
    if alpha != 1:
        product = product * float(alpha)
    c = broadcast(c, product.shape)
    return product + (c if beta == 1 else c * float(beta))


@public
def inner(a: array, b: array, /, *, stream: object = None) -> array:
    """Sum of products over the last axes of both arrays.

    Args:
        a: floating-point array.
        b: floating-point array whose last size is that of ``a``.

    Raises:
        ValueError: integers, or last sizes that differ.

    Example:
        >>> mx.inner(mx.array([1.0, 2.0]), mx.array([[3.0, 4.0], [5.0, 6.0]]))
        array([11, 17], dtype=float32)
    """
    a, b = require_array(a), require_array(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    a, b = _operands(a, b)
    if a.shape[-1] != b.shape[-1]:
        fail_value(f"expected equal last sizes, got shapes {text(a)} and {text(b)}")
    return _dot(a, b, (a.ndim - 1,), (b.ndim - 1,))


@public
def outer(a: array, b: array, /, *, stream: object = None) -> array:
    """Products of each element of one flattened array with each of another.

    Args:
        a: any array, read as a vector.
        b: any array, read as a vector.

    Example:
        >>> mx.outer(mx.array([1, 2]), mx.array([3, 4]))
        array([[3, 4],
               [6, 8]], dtype=int32)
    """
    a, b = require_array(a), require_array(b)
    return reshape(a, (a.size, 1)) * reshape(b, (1, b.size))


@public
def tensordot(
    a: array,
    b: array,
    /,
    axes: int | Sequence[Sequence[int]] = 2,
    *,
    stream: object = None,
) -> array:
    """Sum of products over paired axes.

    Args:
        a: floating, any shape.
        b: floating, any shape.
        axes: how many of the last axes of ``a`` pair with the first of ``b``, or two
            lists of paired axes.

    Returns:
        The products: the other axes of ``a``, then those of ``b``.

    Raises:
        ValueError: integers, more axes than there are, or paired axes of different sizes.
        AxisError: an array has no such axis.

    Example:
        >>> mx.tensordot(mx.ones((2, 3, 4)), mx.ones((3, 4, 5)), axes=2).shape
        (2, 5)
    """
    a, b = _operands(a, b)
    a_axes, b_axes = _paired_axes(a, b, axes)
    for i, j in zip(a_axes, b_axes, strict=True):
        if a.shape[i] != b.shape[j]:
            fail_value(
                f"expected paired axes of one size, got axis {i} of shape {text(a)} and axis {j} of shape {text(b)}"
            )
    return _dot(a, b, a_axes, b_axes)


def _paired_axes(a: array, b: array, axes: Any) -> tuple[list[int], list[int]]:
    if not is_sequence(axes):
        number = integer(axes, "axes")
        if not 0 <= number <= min(a.ndim, b.ndim):
            fail_value(f"expected 0 to {min(a.ndim, b.ndim)} axes, got {number}")
        return list(range(a.ndim - number, a.ndim)), list(range(number))
    if len(axes) != 2:
        fail_value(f"expected two lists of axes, got {len(axes)}")
    lists: list[list[int]] = [list(one) if is_sequence(one) else [one] for one in axes]
    a_axes = [axis_of(axis, a.ndim) for axis in lists[0]]
    b_axes = [axis_of(axis, b.ndim) for axis in lists[1]]
    if len(a_axes) != len(b_axes):
        fail_type(f"expected as many axes of both arrays, got {axes}")
    return a_axes, b_axes
