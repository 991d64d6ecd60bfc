// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forward-mode differentiation.

#ifndef MLXIR_PASSES_JVP_TD
#define MLXIR_PASSES_JVP_TD

include "mlir/Pass/PassBase.td"

def Jvp : Pass<"mlxir-jvp", "::mlir::ModuleOp"> {
  let summary = "Add the forward-mode derivative of a function";
  let description = [{
    Adds `@f_jvp` to the module of `@f`. Its arguments are the values of `@f` that the derivative needs, each with its
    number in `mlxir.residual` (arguments first, then results of ops in order), and then one tangent per argument that
    `wrt` names; other arguments do not move. It returns one tangent per result, zeros where the result does not move.

    An op without a rule is an error that names it. Example: `test/lit/passes/jvp/chain.mlir`.
  }];
  let options = [
    Option<"function", "function", "std::string", "\"main\"", "Name of the function">,
    ListOption<"wrt", "wrt", "int64_t", "Arguments that move; without it, all that hold floats">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlxir::MlxirDialect"];
}

#endif // MLXIR_PASSES_JVP_TD
