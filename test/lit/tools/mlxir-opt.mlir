// mlxir-opt knows the dialects that the lowerings use, and runs passes by name.
// RUN: mlxir-opt %s --convert-elementwise-to-linalg --one-shot-bufferize=bufferize-function-boundaries | %check
// RUN: mlxir-opt %s --canonicalize | FileCheck %s --check-prefix=FOLDED

// CHECK-LABEL: func.func @add
// CHECK-SAME: memref<4xf32
// CHECK: linalg.generic
// FOLDED-LABEL: func.func @add
// FOLDED-NEXT: arith.addf
// FOLDED-NEXT: return
func.func @add(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %unused = arith.mulf %a, %b : tensor<4xf32>
  %0 = arith.addf %a, %b : tensor<4xf32>
  return %0 : tensor<4xf32>
}
