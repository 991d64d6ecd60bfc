// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reverse-mode differentiation.

#ifndef MLXIR_PASSES_VJP_TD
#define MLXIR_PASSES_VJP_TD

include "mlir/Pass/PassBase.td"

def Vjp : Pass<"mlxir-vjp", "::mlir::ModuleOp"> {
  let summary = "Add the reverse-mode derivative of a function";
  let description = [{
    Adds `@f_vjp` to the module of `@f`. Its arguments are the values of `@f` that the derivative needs, each with its
    number in `mlxir.residual` (arguments first, then results of ops in order), and then one cotangent per result that
    `of` names. It returns one gradient per argument that `wrt` names, zeros where no named result depends on it.

    Only ops between the two are visited. Of their values, constants and repetitions of smaller values are computed
    again and not kept. A composite with a vjp rule is differentiated by it, others as what they consist of; values
    inside a composite have no number and are computed again.

    An op without a rule is an error that names it. Example: `test/lit/passes/vjp/chain.mlir`.
  }];
  let options = [
    Option<"function", "function", "std::string", "\"main\"", "Name of the function">,
    ListOption<"wrt", "wrt", "int64_t", "Arguments to differentiate; without it, all that hold floats">,
    ListOption<"of", "of", "int64_t", "Results that have cotangents; without it, all that hold floats">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlxir::MlxirDialect"];
}

#endif // MLXIR_PASSES_VJP_TD
