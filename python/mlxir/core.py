# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mlxir.core` is `mlxir` itself, under MLX's name for it. Only type checkers read this."""

from . import *  # noqa: F403
from . import fast as fast, random as random
