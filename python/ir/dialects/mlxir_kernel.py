# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Op classes of mlxir_kernel, the dialect of kernel bodies that linalg cannot say."""

from ._mlxir_kernel_ops_gen import *  # noqa: F403
