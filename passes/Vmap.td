// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batching.

#ifndef MLXIR_PASSES_VMAP_TD
#define MLXIR_PASSES_VMAP_TD

include "mlir/Pass/PassBase.td"

def Vmap : Pass<"mlxir-vmap", "::mlir::ModuleOp"> {
  let summary = "Add a function that maps another over a batch";
  let description = [{
    Adds `@f_vmap` to the module of `@f`. Arguments that `batched` marks with 1 have a new first dim of `size`, the
    others are as they were; so are the results that depend on no batched argument. The attribute `mlxir.batched` says
    which results have the new dim.

    A value that is not batched is broadcast only where an op needs it. Composites become what they consist of; one
    with derivative rules stays a composite, its rules batched too.

    An op without a rule is an error that names it. Example: `test/lit/passes/vmap/chain.mlir`.
  }];
  let options = [
    Option<"function", "function", "std::string", "\"main\"", "Name of the function">,
    ListOption<"batched", "batched", "int64_t", "Per argument 1 if it is batched, else 0; without it, all are">,
    Option<"size", "size", "std::string", "\"2\"", "Size of the batch: a number, or a symbol such as s3">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlxir::MlxirDialect"];
}

#endif // MLXIR_PASSES_VMAP_TD
