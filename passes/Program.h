// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What passes over whole programs can work with.

#ifndef MLXIR_PASSES_PROGRAM_H
#define MLXIR_PASSES_PROGRAM_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlxir {

/// Emits an error unless the function is one block of ops of the mlxir dialect, on arrays whose dims are all known.
mlir::LogicalResult verifyProgram(mlir::func::FuncOp function);

} // namespace mlxir

#endif // MLXIR_PASSES_PROGRAM_H
