// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MLXIR_LOWERING_CPU_MOVEBF16
#define MLXIR_LOWERING_CPU_MOVEBF16

include "mlir/Pass/PassBase.td"

def CpuMoveBF16 : Pass<"mlxir-cpu-move-bf16", "::mlir::ModuleOp"> {
  let summary = "Move bfloat16 as integers";
  let description = [{
    What computes with bfloat16 was expanded before, the rest moves its values. Without AVX-512, LLVM may build a vector
    of bfloat16 from f32 lanes, each with a call to a conversion, which no kernel may make.

    Example: `test/lit/lowering/cpu-move-bf16.mlir`.
  }];
}

#endif // MLXIR_LOWERING_CPU_MOVEBF16
