# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The cache of compiled programs, in memory and on disk.

``MLXIR_CACHE_DIR`` names its folder, ``MLXIR_CACHE=off`` turns the one on disk off.
"""

from __future__ import annotations

from ._core import cache_info, clear_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["clear", "info"]


def info() -> dict[str, Any]:
    """Return counters: hits, compiles, programs in memory, bytes and errors on disk.

    Example:
        >>> mx.cache.info()["kernel_compiles"] >= 0
        True
    """
    return cache_info()


def clear(disk: bool = True) -> None:
    """Forget all compiled programs.

    Args:
        disk: delete the files too.

    Example:
        >>> mx.cache.clear(disk=False)
    """
    clear_cache(disk)
