// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MLXIR_LOWERING_LOWERKERNELS
#define MLXIR_LOWERING_LOWERKERNELS

include "mlir/Pass/PassBase.td"

def LowerKernels : Pass<"mlxir-lower-kernels", "::mlir::ModuleOp"> {
  let summary = "Lower kernel bodies to linalg";
  let description = [{
    Each function with the attribute `mlxir.kernel` becomes a function of `linalg.generic` stages over the kernel's
    domain: maps are one stage; a row kernel has a stage per level of reductions that depend on each other;
    a contraction has its operands' maps before it and its epilogue after it. Bools are bytes, integers have no sign, literals
    are scalar arguments, symbols are index arguments with the attribute `mlxir.symbol`. Stages carry `mlxir.dims`:
    the domain dim of each loop.

    Example: `test/lit/lowering/unit-dims.mlir`.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

#endif // MLXIR_LOWERING_LOWERKERNELS
