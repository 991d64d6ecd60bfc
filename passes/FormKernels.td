// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MLXIR_PASSES_FORMKERNELS
#define MLXIR_PASSES_FORMKERNELS

include "mlir/Pass/PassBase.td"

def FormKernels : Pass<"mlxir-form-kernels", "::mlir::ModuleOp"> {
  let summary = "Outline a program into kernels and their launches";
  let description = [{
    Decides which values are written to memory, groups them into kernels (docs/rfcs/0003-kernels-and-keys.md) and
    outlines each group into a private function with the attribute `mlxir.kernel`. What remains of the program are
    `mlxir.launch` ops and reshapes, which are views. Equal kernels become one function.

    Example: `test/lit/passes/form-kernels/rows.mlir`.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlxir::MlxirDialect"];
}

#endif // MLXIR_PASSES_FORMKERNELS
