// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checks of values and indices, for MLXIR_DEBUG.

#ifndef MLXIR_PASSES_INSERTCHECKS_TD
#define MLXIR_PASSES_INSERTCHECKS_TD

include "mlir/Pass/PassBase.td"

def InsertChecks : Pass<"mlxir-insert-checks", "::mlir::func::FuncOp"> {
  let summary = "Look for NaN in results, and for indices outside of what they index";
  let description = [{
    Each check becomes one more result of the function: the first row-major position at which something is wrong, or a
    number beyond all positions. A result attribute `mlxir.check` says what was checked. Checks are ordinary ops, and so
    an op computes the very bits that it computes without them.

    * `nans`: results of ops that compute floats, in the order of the program. What only rearranges elements cannot be
      the first to make a NaN.
    * `bounds`: indices of gathers and scatters. An index may count from the end.

    Composites are looked into only where they have been decomposed. Example: `test/lit/passes/insert-checks/basic.mlir`.
  }];
  let options = [Option<"nans", "nans", "bool", "false", "Look for NaN in results of floats">,
                 Option<"bounds", "bounds", "bool", "false", "Look for indices outside of the array">];
  let dependentDialects = ["::mlxir::MlxirDialect"];
}

#endif // MLXIR_PASSES_INSERTCHECKS_TD
