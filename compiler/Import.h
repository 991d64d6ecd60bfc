// From a trace to a function of the mlxir dialect (docs/rfcs/0002-trace-and-calls.md). Nothing here names an op.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_IMPORT_H
#define MLXIR_COMPILER_IMPORT_H

#include "runtime/format/Trace.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlxir {

/// A module with the function @`name`. Types are inferred again, and must agree with the trace's. On failure a
/// diagnostic has been emitted and null is returned. The context's size arena gets the trace's sample.
mlir::OwningOpRef<mlir::ModuleOp> importTrace(mlir::MLIRContext *context, const Trace &trace, llvm::StringRef name);

} // namespace mlxir

#endif // MLXIR_COMPILER_IMPORT_H
