// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checks of values and indices; see InsertChecks.td.

#ifndef MLXIR_PASSES_INSERTCHECKS_H
#define MLXIR_PASSES_INSERTCHECKS_H

#include "dialect/Ops.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#include "passes/InsertChecks.h.inc"

/// What a result attribute kCheckAttr says.
struct CheckInfo {
  bool isIndex = false;     // an index was outside, else: a NaN was found
  llvm::StringRef function; // to blame
  mlir::Location location;  // of the op that was checked
  DType dtype;              // of the array that was looked through
  llvm::SmallVector<Size> dims;
  int64_t axis = 0; // isIndex: the dim that is indexed, and its size
  Size extent = Size::constant(0);
};

/// The check that result `result` of the function is, if it is one.
std::optional<CheckInfo> getCheck(mlir::func::FuncOp function, unsigned result);

#define GEN_PASS_REGISTRATION
#include "passes/InsertChecks.h.inc"

} // namespace mlxir

#endif // MLXIR_PASSES_INSERTCHECKS_H
