// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batching; see Vmap.td.

#ifndef MLXIR_PASSES_VMAP_H
#define MLXIR_PASSES_VMAP_H

#include "dialect/Ops.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#include "passes/Vmap.h.inc"

/// Adds @f_vmap beside `function`. Fails with a diagnostic where a rule is missing; the module is then as it was.
mlir::FailureOr<mlir::func::FuncOp> buildVmap(mlir::func::FuncOp function, llvm::ArrayRef<bool> batched, Size size);
/// A number, or a symbol such as s3.
std::optional<Size> parseBatchSize(mlir::MLIRContext *context, llvm::StringRef text);

#define GEN_PASS_REGISTRATION
#include "passes/Vmap.h.inc"

} // namespace mlxir

#endif // MLXIR_PASSES_VMAP_H
