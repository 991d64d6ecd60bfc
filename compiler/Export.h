// From a function of the mlxir dialect back to a trace: what a transform hands to the recorder.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_EXPORT_H
#define MLXIR_COMPILER_EXPORT_H

#include "runtime/format/Trace.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlxir {

/// Every guard that the function's sizes rely on: those of its trace, and those assumed since it was imported, without
/// repetition. Sizes are in the context's arena.
std::vector<SizeGuard> collectGuards(mlir::func::FuncOp function);

/// The function's one block as a trace. In its table of locations a line is the number of the node of the imported
/// trace that an op comes from. Fails with a diagnostic at an op that a trace cannot hold.
mlir::LogicalResult exportTrace(mlir::func::FuncOp function, Trace &trace);

} // namespace mlxir

#endif // MLXIR_COMPILER_EXPORT_H
