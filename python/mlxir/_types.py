# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types that signatures name. Only type checkers read this."""

from collections.abc import Sequence
from typing import TypeAlias

from ._core import array
from .devices import Device, DeviceType, Stream, ThreadLocalStream

Number: TypeAlias = bool | int | float
Operand: TypeAlias = array | Number
StreamLike: TypeAlias = Stream | ThreadLocalStream | Device | DeviceType | None
Axis: TypeAlias = int | Sequence[int] | None
