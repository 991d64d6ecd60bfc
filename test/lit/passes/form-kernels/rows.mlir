// Reductions of the same rows, and what is computed from them, are one kernel; a product is another.
// RUN: mlxir-opt %s --mlxir-form-kernels | %check
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @softmax(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4x8xf32> {
  %m = mlxir.max %x axes [1] : tensor<4x8xf32> -> tensor<4xf32>
  %b = mlxir.broadcast %m axes [0] : tensor<4xf32> -> tensor<4x8xf32>
  %s = mlxir.subtract %x, %b : tensor<4x8xf32>
  %e = mlxir.exp %s : tensor<4x8xf32>
  %t = mlxir.sum %e axes [1] : tensor<4x8xf32> -> tensor<4xf32>
  %d = mlxir.broadcast %t axes [0] : tensor<4xf32> -> tensor<4x8xf32>
  %p = mlxir.divide %e, %d : tensor<4x8xf32>
  %r = mlxir.dot_general %p, %w batch [] x [] contract [1] x [0] : tensor<4x8xf32>, tensor<8x8xf32> -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
// CHECK-LABEL: func.func @softmax(
// CHECK-NEXT: %[[P:.*]] = mlxir.launch @[[ROWS:.*]](%arg0) symbols [] : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: %[[R:.*]] = mlxir.launch @[[PRODUCT:.*]](%[[P]], %arg1) symbols []
// CHECK-NEXT: return %[[R]]
// CHECK: func.func private @[[ROWS]]
// CHECK-SAME: mlxir.domain = tensor<4x8xi1>, mlxir.kernel, mlxir.reduced = array<i64: 1>
// CHECK: mlxir.max
// CHECK: mlxir.sum
// CHECK: mlxir.divide
// CHECK: func.func private @[[PRODUCT]]
// CHECK-SAME: mlxir.domain = tensor<4x8x8xi1>, mlxir.kernel, mlxir.reduced = array<i64: 2>
// CHECK-NEXT: mlxir.dot_general
