// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Replaces composites by what they consist of; see Decompose.td.

#ifndef MLXIR_PASSES_DECOMPOSE_H
#define MLXIR_PASSES_DECOMPOSE_H

#include "dialect/Ops.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#include "passes/Decompose.h.inc"

/// Puts the ops of a region that ends in a yield at the builder's insertion point, with `arguments` for its arguments.
/// Returns what it yields.
llvm::SmallVector<mlir::Value> inlineBody(mlir::OpBuilder &builder, mlir::Region &body, mlir::ValueRange arguments);

/// The name of the outermost composite that an op came with, which is what the user called; null if it came with none.
mlir::StringAttr getCompositeName(mlir::Operation *op);

/// Inlines the composites of `block` for which `chosen` holds, and those that come with them. Values of the
/// decomposition take the place of the composite's results.
void inlineComposites(mlir::Block &block, llvm::function_ref<bool(CompositeOp)> chosen);

#define GEN_PASS_REGISTRATION
#include "passes/Decompose.h.inc"

} // namespace mlxir

#endif // MLXIR_PASSES_DECOMPOSE_H
