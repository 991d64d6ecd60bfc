# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counters and limits of the memory that arrays take."""

from __future__ import annotations

from . import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._core import array

__all__ = [
    "clear_cache",
    "get_active_memory",
    "get_array_buffer_size",
    "get_cache_memory",
    "get_memory_limit",
    "get_peak_memory",
    "reset_peak_memory",
    "set_cache_limit",
    "set_memory_limit",
    "set_wired_limit",
]


def get_active_memory() -> int:
    """Return the bytes of all live arrays.

    Example:
        >>> a = mx.ones((1024,))
        >>> mx.eval(a)
        >>> mx.get_active_memory() >= a.nbytes
        True
    """
    return _core.memory_info()["active"]


def get_peak_memory() -> int:
    """Return the most bytes that were active since :func:`reset_peak_memory`.

    Example:
        >>> mx.get_peak_memory() >= mx.get_active_memory()
        True
    """
    return _core.memory_info()["peak"]


def reset_peak_memory() -> None:
    """Start counting the peak anew.

    Example:
        >>> mx.reset_peak_memory()
        >>> mx.get_peak_memory() == mx.get_active_memory()
        True
    """
    _core.reset_peak_memory()


def get_cache_memory() -> int:
    """Return the bytes that are kept for arrays to come.

    Example:
        >>> mx.clear_cache()
        >>> mx.get_cache_memory()
        0
    """
    return _core.memory_info()["cached"]


def clear_cache() -> None:
    """Give the memory that is kept for arrays to come back to the system.

    Example:
        >>> mx.clear_cache()
        >>> mx.get_cache_memory()
        0
    """
    _core.clear_memory_cache()


def get_memory_limit() -> int:
    """Return the bytes beyond which no array is made.

    Example:
        >>> mx.get_memory_limit() > mx.get_active_memory()
        True
    """
    return _core.memory_info()["limit"]


def _size(limit: int, function: str) -> int:
    if not isinstance(limit, int) or limit < 0:
        raise ValueError(f"[{function}] expected a number of bytes >= 0, got {limit!r}")
    return min(limit, 2**63 - 1)


def set_memory_limit(limit: int) -> int:
    """Set the bytes beyond which no array is made; return the former limit.

    Args:
        limit: bytes.

    Raises:
        ValueError: the limit is negative.

    Example:
        >>> former = mx.set_memory_limit(1 << 30)
        >>> mx.set_memory_limit(former)
        1073741824
    """
    return _core.set_memory_limit(_size(limit, "set_memory_limit"))


def set_cache_limit(limit: int) -> int:
    """Set the most bytes to keep for arrays to come; return the former limit.

    Args:
        limit: bytes; 0 keeps nothing.

    Raises:
        ValueError: the limit is negative.

    Example:
        >>> former = mx.set_cache_limit(0)
        >>> mx.set_cache_limit(former)
        0
    """
    return _core.set_cache_limit(_size(limit, "set_cache_limit"))


_wired_limit = 0


def set_wired_limit(limit: int) -> int:
    """Set the bytes to keep resident on devices that have them wired; return the former limit.

    Args:
        limit: bytes.

    Example:
        >>> mx.set_wired_limit(0)
        0
    """
    global _wired_limit
    former, _wired_limit = _wired_limit, _size(limit, "set_wired_limit")
    return former


def get_array_buffer_size(*args: object) -> int:
    """Return the bytes of all arrays in trees, each array counted once.

    Example:
        >>> a = mx.ones((2, 3))
        >>> mx.get_array_buffer_size({"a": a, "again": [a]})
        24
    """
    arrays: dict[int, array] = {id(a): a for tree in args for a in _core.tree_arrays(tree)}
    return sum([a.nbytes for a in arrays.values()])
