# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions are traced one at a time, since what threads share holds placeholders meanwhile."""

from __future__ import annotations

from _thread import RLock
from os import register_at_fork

__all__ = ["turn"]

# Held while a function is traced, its state is read, or the global random key moves on.
turn = RLock()
register_at_fork(before=turn.acquire, after_in_parent=turn.release, after_in_child=turn.release)
