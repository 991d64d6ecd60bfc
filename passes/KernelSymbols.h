// Kernels that differ in the numbers of their symbols alone are one kernel (D4).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_PASSES_KERNELSYMBOLS_H
#define MLXIR_PASSES_KERNELSYMBOLS_H

#include "dialect/infer/Size.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlxir {

/// Numbers the kernel's symbols by first use. Symbol i of it is then the program's symbol `result[i]`.
std::vector<uint32_t> renumberSymbols(mlir::func::FuncOp kernel, SizeArena &sizes);

} // namespace mlxir

#endif // MLXIR_PASSES_KERNELSYMBOLS_H
