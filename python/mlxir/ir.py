# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# pyright: basic, reportMissingTypeStubs=false, reportWildcardImportFromLibrary=false, reportAttributeAccessIssue=false
"""MLIR's Python IR module with the mlxir dialect and every pass registered.

Importing it loads the compiler library; nothing else in mlxir imports it until
a function's lowering is asked for. Op classes are in `dialects`: for example
`mlxir.ir.dialects.mlxir.AddOp`.
"""

from mlxir._mlir import dialects as dialects
from mlxir._mlir.ir import *  # noqa: F403
from mlxir._mlir.passmanager import PassManager as PassManager
