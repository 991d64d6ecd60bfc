# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Methods of arrays: the functions of the same name, with the array in front."""

from __future__ import annotations

from . import _core
from ._core import array, functions
from .axes import is_sequence
from .creation import diag, stack_nested
from .devices import check_stream
from .dtypes import astype, view
from .elementwise import conj, imag, real, reciprocal, round, square
from .indexing import ArrayAt, getitem, setitem
from .interop import from_numpy, to_numpy
from .joining import diagonal, split
from .products import matmul
from .reductions import (
    all,
    any,
    argmax,
    argmin,
    logsumexp,
    max,
    mean,
    min,
    prod,
    std,
    sum,
    var,
)
from .shapes import (
    flatten,
    matrix_transpose,
    moveaxis,
    reshape,
    squeeze,
    swapaxes,
    transpose,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ._core import Dtype


def _sizes(values: tuple[Any, ...]) -> Any:
    """Sizes or axes may be given one by one or in a sequence."""
    return values[0] if len(values) == 1 and is_sequence(values[0]) else values


def _reshape(self: array, *shape: int | Sequence[int], stream: object = None) -> array:
    """Give the elements another shape; see :func:`mlxir.reshape`.

    Example:
        >>> mx.arange(6).reshape(2, -1).shape
        (2, 3)
    """
    return reshape(self, _sizes(shape), stream=stream)


def _transpose(self: array, *axes: int | Sequence[int] | None, stream: object = None) -> array:
    """Reorder the axes; see :func:`mlxir.transpose`.

    Example:
        >>> mx.zeros((2, 3, 4)).transpose(2, 0, 1).shape
        (4, 2, 3)
    """
    order = _sizes(axes)
    return transpose(self, None if order in ((), (None,)) else order, stream=stream)


def _astype(self: array, dtype: Dtype, stream: object = None) -> array:
    """Convert the elements to another type; see :func:`mlxir.astype`.

    Example:
        >>> mx.array([1.7, -1.7]).astype(mx.int32)
        array([1, -1], dtype=int32)
    """
    return astype(self, dtype, stream=stream)


def _round(self: array, decimals: int = 0, *, stream: object = None) -> array:
    """Round the elements to some decimals; see :func:`mlxir.round`.

    Example:
        >>> mx.array([0.25, 0.5]).round(1)
        array([0.2, 0.5], dtype=float32)
    """
    return round(self, decimals, stream)


def _view(self: array, dtype: Dtype, *, stream: object = None) -> array:
    """Read the same bytes as elements of another type; see :func:`mlxir.view`.

    Example:
        >>> mx.array([1.0]).view(mx.uint32)
        array([1065353216], dtype=uint32)
    """
    return view(self, dtype, stream)


_methods = {
    **{name: functions[name] for name in ("abs", "cos", "exp", "log", "log10", "log1p")},
    **{name: functions[name] for name in ("log2", "rsqrt", "sin", "sqrt")},
    "__array__": to_numpy,
    "all": all,
    "any": any,
    "argmax": argmax,
    "argmin": argmin,
    "astype": _astype,
    "conj": conj,
    "diag": diag,
    "diagonal": diagonal,
    "flatten": flatten,
    "logsumexp": logsumexp,
    "max": max,
    "mean": mean,
    "min": min,
    "moveaxis": moveaxis,
    "prod": prod,
    "reciprocal": reciprocal,
    "reshape": _reshape,
    "round": _round,
    "split": split,
    "square": square,
    "squeeze": squeeze,
    "std": std,
    "sum": sum,
    "swapaxes": swapaxes,
    "transpose": _transpose,
    "var": var,
    "view": _view,
}

_hooks = {
    "at": ArrayAt,
    "check_stream": check_stream,
    "from_numpy": from_numpy,
    "getitem": getitem,
    "imag": imag,
    "matmul": matmul,
    "matrix_transpose": matrix_transpose,
    "real": real,
    "setitem": setitem,
    "stack_nested": stack_nested,
    "transpose": transpose,
}


def install() -> None:
    """Give the array type its methods, and C++ the functions that it calls."""
    _core.hooks.update(_hooks)
    for name, method in _methods.items():
        _core.add_array_method(name, method)
