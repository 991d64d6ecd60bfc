# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How arrays are printed."""

from __future__ import annotations

from ._core import public, set_print_precision
from .axes import integer

__all__ = ["PrintOptions", "get_printoptions", "printoptions", "set_printoptions"]


class PrintOptions:
    """Digits after the point; -1 stands for six significant ones.

    Args:
        precision: the number of digits.

    Example:
        >>> mx.PrintOptions(precision=3)
        PrintOptions(precision=3)
    """

    __slots__ = ("precision",)

    def __init__(self, precision: int = -1) -> None:
        self.precision = precision

    def __repr__(self) -> str:
        return f"PrintOptions(precision={self.precision})"


_current = PrintOptions()


def get_printoptions() -> PrintOptions:
    """Return the options in use.

    Example:
        >>> mx.get_printoptions()
        PrintOptions(precision=-1)
    """
    return PrintOptions(_current.precision)


@public
def set_printoptions(precision: int = -1) -> None:
    """Set how many digits are printed after the point.

    Args:
        precision: digits after the point; -1 stands for six significant ones.

    Example:
        >>> mx.set_printoptions(precision=2)
        >>> mx.array([mx.pi])
        array([3.14], dtype=float32)
        >>> mx.set_printoptions()
    """
    precision = integer(precision, "precision")
    set_print_precision(precision)
    _current.precision = precision


class _Context:
    def __init__(self, precision: int) -> None:
        self._precision = precision

    def __enter__(self) -> PrintOptions:
        self._former = get_printoptions()
        set_printoptions(self._precision)
        return get_printoptions()

    def __exit__(self, *_: object) -> None:
        set_printoptions(self._former.precision)


def printoptions(precision: int = -1) -> _Context:
    """Set the options inside a ``with`` block.

    Args:
        precision: digits after the point; -1 stands for six significant ones.

    Example:
        >>> with mx.printoptions(precision=2):
        ...     print(mx.array(1 / 3))
        array(0.33, dtype=float32)
    """
    return _Context(precision)
