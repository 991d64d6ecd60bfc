// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// What a transform makes of whole functions: residuals are arguments, and results of ops on the way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The cotangents are 1, 2 and 1: the gradients are 2 x y (1, 2) + y, and x^2 (1, 2) + x.
// VJP: two_results: float32[2] 15 54
// VJP-NEXT: two_results: float32[2] 2 10
// The tangents of x and y are 1, 2: 2 x y (1, 2) + x^2 (1, 2), and the sum of y (1, 2) + x (1, 2).
// JVP: two_results: float32[2] 11 56
// JVP-NEXT: two_results: float32[] 22
// VMAP: two_results: float32[2x2] 5 24 24 5
// VMAP-NEXT: two_results: float32[2] 17 17
func.func @two_results(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>},
    %y: tensor<2xf32> {mlxir.value = dense<[5.0, 6.0]> : tensor<2xf32>}) -> (tensor<2xf32>, tensor<f32>) {
  %p = mlxir.multiply %x, %y : tensor<2xf32>
  %r = mlxir.multiply %p, %x : tensor<2xf32>
  %s = mlxir.sum %p axes [0] : tensor<2xf32> -> tensor<f32>
  return %r, %s : tensor<2xf32>, tensor<f32>
}

// Integers have no derivative.
// VJP-NOT: {{integers.*}}
// JVP-NOT: {{integers.*}}
// VMAP-NEXT: integers: int32[2] -3 -3
func.func @integers(%x: tensor<i32> {mlxir.value = dense<3> : tensor<i32>}) -> tensor<i32> {
  %r = mlxir.negative %x : tensor<i32>
  return %r : tensor<i32>
}

// What has no argument has no batch.
// VMAP-NOT: {{nothing.*}}
func.func @nothing() -> tensor<f32> {
  %r = mlxir.constant 0.5 : f32
  return %r : tensor<f32>
}
