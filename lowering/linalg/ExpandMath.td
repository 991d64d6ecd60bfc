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
    `floor`, `ceil`, `trunc`, `roundeven`, and the bit counts). The expansions
    contain neither calls nor tables in memory, need no fast-math flags and look
    at none, and give a lane the same result whatever the vector's width.
    Their errors are listed in `docs/numerics.md`.

    They are straight-line code but for two cases, which become scf operations:
    sin, cos and tan reduce arguments of 2^16 (f64: 2^25) and more under an
    `scf.if`, passed over when no lane has one; and `arith.remf` is an
    `scf.while`, since its quotient may have thousands of bits.

    Operations on f16 and bf16, of arith too, compute in f32 and round once;
    conversions of bf16, and of f64 to 16 bits, become integer arithmetic.

    Meant to run on vectorized code, before scf is lowered.
    Examples: `test/lit/lowering/expand-math.mlir`, `test/lit/lowering/expand-math-run.mlir`.
  }];
  let dependentDialects = [
    "mlir::arith::ArithDialect", "mlir::math::MathDialect",
    "mlir::scf::SCFDialect", "mlir::vector::VectorDialect"
  ];
}

#endif // MLXIR_LOWERING_LINALG_EXPANDMATH_TD
