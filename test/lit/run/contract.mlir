// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Contractions, compiled and run: with batch dims, of integers, and summing nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: dot_general: float32[2x4] 5 8 11 14 -4 8 20 32
// VJP: dot_general: float32[2x3] -30 10 50 -86 18 122
// VJP-NEXT: dot_general: float32[3x4] 15 18 21 24 21 26 31 36 27 34 41 48
// JVP: dot_general: float32[2x4] 25 34 43 52 61 88 115 142
// VMAP: dot_general: float32[2x2x4] 5 8 11 14 -4 8 20 32 32 20 8 -4 14 11 8 5
func.func @dot_general(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>},
    %y: tensor<3x4xf32> {mlxir.value = dense<[[-5.0, -4.0, -3.0, -2.0], [-1.0, 0.0, 1.0, 2.0], [3.0, 4.0, 5.0, 6.0]]> : tensor<3x4xf32>})
    -> tensor<2x4xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0]
   : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// CHECK-NEXT: dot_general_batched: int32[2x2x2] 2 3 6 11 46 55 66 79
// VMAP-NEXT: dot_general_batched: int32[2x2x2x2] 2 3 6 11 46 55 66 79 79 66 55 46 11 6 3 2
func.func @dot_general_batched(%x: tensor<2x2x2xi32> {mlxir.value = dense<[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]> : tensor<2x2x2xi32>},
    %y: tensor<2x2x2xi32> {mlxir.value = dense<[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]> : tensor<2x2x2xi32>})
    -> tensor<2x2x2xi32> {
  %r = mlxir.dot_general %x, %y batch [0] x [0] contract [2] x [1]
   : tensor<2x2x2xi32>, tensor<2x2x2xi32> -> tensor<2x2x2xi32>
  return %r : tensor<2x2x2xi32>
}

// CHECK-NEXT: dot_general_outer: float32[2x3] 3 4 5 6 8 10
// VJP-NEXT: dot_general_outer: float32[2] 26 62
// VJP-NEXT: dot_general_outer: float32[3] 9 12 15
// JVP-NEXT: dot_general_outer: float32[2x3] 4 6 8 8 12 16
// VMAP-NEXT: dot_general_outer: float32[2x2x3] 3 4 5 6 8 10 10 8 6 5 4 3
func.func @dot_general_outer(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>},
    %y: tensor<3xf32> {mlxir.value = dense<[3.0, 4.0, 5.0]> : tensor<3xf32>})
    -> tensor<2x3xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [] x []
   : tensor<2xf32>, tensor<3xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
