// From a function of launches and views, and its compiled kernels, to a Program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_PROGRAMBUILDER_H
#define MLXIR_COMPILER_PROGRAMBUILDER_H

#include "compiler/CompileKernels.h"

namespace mlxir {

mlir::LogicalResult buildProgram(mlir::func::FuncOp func, SizeArena &sizes, std::vector<CompiledKernel> &kernels,
                                 Program &program);

} // namespace mlxir

#endif // MLXIR_COMPILER_PROGRAMBUILDER_H
