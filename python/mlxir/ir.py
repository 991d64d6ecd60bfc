# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MLIR's Python IR module with the mlxir dialect registered.

Importing it loads the compiler library; nothing else in mlxir imports it until
a function's lowering is asked for.
"""

from mlxir._mlir.ir import *  # noqa: F403  # pyright: ignore[reportWildcardImportFromLibrary]
