# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The mlxir dialect's op classes, generated from the op records."""

from ._mlxir_ops_gen import *  # noqa: F403
