// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What mlxir-run runs under --transform: a function's derivative or batched form, as a function with values of its own.

#ifndef MLXIR_TOOLS_MLXIR_RUN_TRANSFORMED_H
#define MLXIR_TOOLS_MLXIR_RUN_TRANSFORMED_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlxir {

/// The value that an argument is run with.
inline constexpr llvm::StringLiteral kValueAttr = "mlxir.value";

enum class Transform { None, Vjp, Jvp, Vmap };

/// What is run of `function`, in no module (the caller's to own) and under its name. Null if there is nothing to run: a
/// function without float arguments or results has no derivative, one without arguments no batch.
///
/// A cotangent or tangent counts 1, 2, 3..., so that an element which comes out at another's place shows. A batch is
/// two elements: the value, and its elements in reverse order.
mlir::FailureOr<mlir::func::FuncOp> transformed(mlir::func::FuncOp function, Transform transform);

} // namespace mlxir

#endif // MLXIR_TOOLS_MLXIR_RUN_TRANSFORMED_H
