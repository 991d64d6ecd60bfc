// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forward-mode differentiation; see Jvp.td.

#ifndef MLXIR_PASSES_JVP_H
#define MLXIR_PASSES_JVP_H

#include "dialect/Ops.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#include "passes/Jvp.h.inc"

/// Adds @f_jvp beside `function`. Fails with a diagnostic where a rule is missing; the module is then as it was.
mlir::FailureOr<mlir::func::FuncOp> buildJvp(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt);

#define GEN_PASS_REGISTRATION
#include "passes/Jvp.h.inc"

} // namespace mlxir

#endif // MLXIR_PASSES_JVP_H
