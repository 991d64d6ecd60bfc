// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass that leaves no call to a math library in a kernel.

#ifndef MLXIR_LOWERING_LINALG_EXPANDMATH_TD
#define MLXIR_LOWERING_LINALG_EXPANDMATH_TD

include "mlir/Pass/PassBase.td"

def ExpandMath : Pass<"mlxir-expand-math"> {
  let summary = "Write math functions as arithmetic";
  let description = [{
    Rewrites the operations of the math dialect on f16, bf16, f32 and f64,
    scalars and vectors, into arith operations and those math operations which
    processors have as single instructions (`fma`, `sqrt`, `absf`, `copysign`,
    `floor`, `ceil`, `trunc`, `roundeven`, and the bit counts). The expansions have
    neither branches nor tables nor calls, so that they vectorize alike for any
    width and any target; they need no fast-math flags and look at none. Their
    errors are listed in `docs/numerics.md`.

    Operations on f16 and bf16, of arith too, compute in f32 and round once;
    conversions of bf16, and of f64 to 16 bits, become integer arithmetic.
    `arith.remf` becomes a loop, since its quotient may have thousands of bits.

    Meant to run on vectorized code, right before conversion to LLVM.
    Example: `test/lit/lowering/expand-math.mlir`.
  }];
  let dependentDialects = [
    "mlir::arith::ArithDialect", "mlir::math::MathDialect",
    "mlir::scf::SCFDialect", "mlir::vector::VectorDialect"
  ];
}

#endif // MLXIR_LOWERING_LINALG_EXPANDMATH_TD
