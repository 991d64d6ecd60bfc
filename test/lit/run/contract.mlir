// RUN: mlxir-run %s | %check
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check
// Contractions, compiled and run: with batch dims, of integers, and summing nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: dot_general: float32[2x4] 5 8 11 14 -4 8 20 32
func.func @dot_general(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>},
    %y: tensor<3x4xf32> {mlxir.value = dense<[[-5.0, -4.0, -3.0, -2.0], [-1.0, 0.0, 1.0, 2.0], [3.0, 4.0, 5.0, 6.0]]> : tensor<3x4xf32>})
    -> tensor<2x4xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0]
   : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// CHECK-NEXT: dot_general_batched: int32[2x2x2] 2 3 6 11 46 55 66 79
func.func @dot_general_batched(%x: tensor<2x2x2xi32> {mlxir.value = dense<[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]> : tensor<2x2x2xi32>},
    %y: tensor<2x2x2xi32> {mlxir.value = dense<[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]> : tensor<2x2x2xi32>})
    -> tensor<2x2x2xi32> {
  %r = mlxir.dot_general %x, %y batch [0] x [0] contract [2] x [1]
   : tensor<2x2x2xi32>, tensor<2x2x2xi32> -> tensor<2x2x2xi32>
  return %r : tensor<2x2x2xi32>
}

// CHECK-NEXT: dot_general_outer: float32[2x3] 3 4 5 6 8 10
func.func @dot_general_outer(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>},
    %y: tensor<3xf32> {mlxir.value = dense<[3.0, 4.0, 5.0]> : tensor<3xf32>})
    -> tensor<2x3xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [] x []
   : tensor<2xf32>, tensor<3xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
