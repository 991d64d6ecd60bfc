// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Algebraic simplification.

#ifndef MLXIR_PASSES_SIMPLIFY_TD
#define MLXIR_PASSES_SIMPLIFY_TD

include "mlir/Pass/PassBase.td"

def Simplify : Pass<"mlxir-simplify"> {
  let summary = "Remove what computes nothing, and bring shapes into one form";
  let description = [{
    Rewrites that leave every bit of a result as it is:

    * reshapes, transposes, broadcasts, slices, casts and copies that change nothing go; two in a row become one;
    * `x * 1`, `x / 1`, `x - 0`, `x + -0`, `--x`; for integers `x + 0`, `x * 0`; choices that are made already;
    * a cast back from a dtype that holds every value of the first;
    * a transpose or broadcast moves into the op that reads it, where that op can say it itself;
    * elementwise ops on broadcasts alone work on the smaller arrays, and their result is broadcast;
    * reshapes move up through elementwise ops and broadcasts towards arguments and results of contractions and
      reductions, where they cost nothing, so that elementwise ops meet their neighbours in one shape;
    * equal ops become one, unused ones go.

    One rewrite is a definition instead: a power with the constant exponent 2, 3, 4 or -1 is a product or a quotient.

    Example: `test/lit/passes/simplify/identities.mlir`.
  }];
  let dependentDialects = ["::mlxir::MlxirDialect"];
}

#endif // MLXIR_PASSES_SIMPLIFY_TD
