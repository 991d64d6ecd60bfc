# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays that are compiled: NumPy-like functions, gradients, and one program for a whole function.

>>> import mlxir as mx
"""

from __future__ import annotations

import sys as _sys
from math import e as e, inf as inf, nan as nan, pi as pi

from . import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import ir as ir, nn as nn, optimizers as optimizers, utils as utils

_core.set_package_folder(__path__[0] + "/")

from . import cache as cache, fast as fast, random as random  # noqa: E402
from ._core import (  # noqa: E402
    ArrayIterator as ArrayIterator,
    AxisError as AxisError,
    Dtype as Dtype,
    InputTypeError as InputTypeError,
    array as array,
)
from ._functions import *  # noqa: E402, F403
from .creation import *  # noqa: E402, F403
from .devices import *  # noqa: E402, F403
from .dtypes import *  # noqa: E402, F403
from .elementwise import *  # noqa: E402, F403
from .indexing import *  # noqa: E402, F403
from .io import *  # noqa: E402, F403
from .jit import *  # noqa: E402, F403
from .joining import *  # noqa: E402, F403
from .memory import *  # noqa: E402, F403
from .methods import install as _install  # noqa: E402
from .printing import *  # noqa: E402, F403
from .products import *  # noqa: E402, F403
from .reductions import *  # noqa: E402, F403
from .shapes import *  # noqa: E402, F403
from .transforms import *  # noqa: E402, F403

__version__ = "0.1.0"

euler_gamma = 0.5772156649015329
newaxis = None

_install()


class ArrayLike:
    """What becomes an array by itself: an object with a method ``__mlx_array__``.

    Args:
        obj: has a method ``__mlx_array__`` that returns an array.

    Example:
        >>> class Celsius:
        ...     def __mlx_array__(self):
        ...         return mx.array([20.5])
        >>> mx.array(mx.ArrayLike(Celsius()))
        array([20.5], dtype=float32)
    """

    def __init__(self, obj: object, /) -> None:
        if not hasattr(obj, "__mlx_array__"):
            raise TypeError(f"[ArrayLike] expected __mlx_array__, got {type(obj).__name__}")
        self._object = obj

    def __mlx_array__(self) -> array:
        return self._object.__mlx_array__()  # type: ignore[attr-defined]


# MLX programs import the array names from `core`.
if TYPE_CHECKING:
    from . import core as core
else:
    core = _sys.modules[__name__]
_sys.modules[__name__ + ".core"] = core
for _part in ("fast", "random"):
    _sys.modules[f"{__name__}.core.{_part}"] = globals()[_part]
del _part

_LAZY = ("ir", "nn", "optimizers", "utils")


def __getattr__(name: str) -> object:
    """Import the larger parts when they are first used."""
    if name in _LAZY:
        from importlib import import_module

        return import_module("." + name, __name__)
    raise AttributeError(f"module 'mlxir' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
