// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What composites consist of.

#ifndef MLXIR_PASSES_DECOMPOSE_TD
#define MLXIR_PASSES_DECOMPOSE_TD

include "mlir/Pass/PassBase.td"

def Decompose : Pass<"mlxir-decompose", "::mlir::func::FuncOp"> {
  let summary = "Replace composites by the ops that they consist of";
  let description = [{
    Inlines the decomposition of every composite, nested ones too, except those named in `keep`.
    Example: `test/lit/passes/decompose/nested.mlir`.
  }];
  let options = [ListOption<"keep", "keep", "std::string", "Names of composites that stay">];
  let dependentDialects = ["::mlxir::MlxirDialect"];
}

#endif // MLXIR_PASSES_DECOMPOSE_TD
