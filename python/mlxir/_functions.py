# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The functions that come from the op table. Their types are generated with it, into _functions.pyi."""

from ._core import functions as _functions

globals().update(_functions)
