# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Methods of arrays: the functions of the same name, with the array in front."""

from __future__ import annotations

from . import _core
from ._core import array, functions
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


def _sizes(values: tuple) -> tuple | list:
    """Sizes or axes may be given one by one or in a sequence."""
    return values[0] if len(values) == 1 and isinstance(values[0], (list, tuple)) else values


def _reshape(self: array, *shape: int | Sequence[int], stream: object = None) -> array:
    """Give the elements another shape; see :func:`mlxir.reshape`.

    Example:
        >>> mx.arange(6).reshape(2, -1).shape
        (2, 3)
    """
    return reshape(self, _sizes(shape))


def _transpose(self: array, *axes: int | Sequence[int] | None, stream: object = None) -> array:
    """Reorder the axes; see :func:`mlxir.transpose`.

    Example:
        >>> mx.zeros((2, 3, 4)).transpose(2, 0, 1).shape
        (4, 2, 3)
    """
    order = _sizes(axes)
    return transpose(self, None if order in ((), (None,)) else order)


_methods = {
    **{name: functions[name] for name in ("abs", "cos", "exp", "log", "log10", "log1p")},
    **{name: functions[name] for name in ("log2", "rsqrt", "sin", "sqrt")},
    "__array__": to_numpy,
    "all": all,
    "any": any,
    "argmax": argmax,
    "argmin": argmin,
    "astype": astype,
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
    "round": round,
    "split": split,
    "square": square,
    "squeeze": squeeze,
    "std": std,
    "sum": sum,
    "swapaxes": swapaxes,
    "transpose": _transpose,
    "var": var,
    "view": view,
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
