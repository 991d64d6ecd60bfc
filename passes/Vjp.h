// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reverse-mode differentiation; see Vjp.td.

#ifndef MLXIR_PASSES_VJP_H
#define MLXIR_PASSES_VJP_H

#include "dialect/Ops.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#include "passes/Vjp.h.inc"

/// Adds @f_vjp beside `function`. Fails with a diagnostic where a rule is missing; the module is then as it was.
mlir::FailureOr<mlir::func::FuncOp> buildVjp(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                             llvm::ArrayRef<int64_t> of);

#define GEN_PASS_REGISTRATION
#include "passes/Vjp.h.inc"

} // namespace mlxir

#endif // MLXIR_PASSES_VJP_H
