# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What C++ asks the Python part to do: NumPy conversions, and the function hooks."""

from __future__ import annotations

from . import _core
from ._core import array, bfloat16, bool_, cast, float32, leaf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def to_numpy(a: array, dtype: Any = None, copy: bool | None = None) -> Any:
    """``a.__array__(dtype, copy)``: a read-only view unless a copy is asked for."""
    import numpy

    result = _bfloat16_to_numpy(numpy, a) if a.dtype is bfloat16 else numpy.asarray(memoryview(a))  # type: ignore[arg-type]
    if dtype is not None and result.dtype != dtype:
        if copy is False:
            raise ValueError(f"[__array__] expected dtype {result.dtype} for copy=False, got {dtype}")
        return result.astype(dtype)
    return result.copy() if copy else result


def _bfloat16_to_numpy(numpy: Any, a: array) -> Any:
    """As ml_dtypes has it, or as float32 where that is not installed."""
    try:
        from ml_dtypes import bfloat16 as kind
    except ImportError:
        return to_numpy(cast(a, float32))
    return numpy.frombuffer(bytes(a), kind).reshape(a.shape)


def from_numpy(source: Any) -> array:
    """Copy an object with ``__array__`` whose elements have no buffer format."""
    import numpy

    data = numpy.asarray(source)
    if data.dtype.name == "bfloat16":
        return leaf(data.tobytes(), bfloat16, data.shape)
    if data.dtype.kind not in "biuf" or data.dtype.itemsize > 8:
        _core.fail_value(f"expected elements of a type that arrays have, got {data.dtype}")
    native = data.astype(data.dtype.newbyteorder("="))
    if native.dtype == "float64":
        native = native.astype("float32")
    dtype = bool_ if native.dtype.kind == "b" else getattr(_core, native.dtype.name)
    return leaf(native.tobytes(), dtype, native.shape)
