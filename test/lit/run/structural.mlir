// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Constants and composites, compiled and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: constant: float32[] 0.5
// CHECK-NEXT: constant: uint8[] 200
// CHECK-NEXT: constant: bool[] 1
func.func @constant() -> (tensor<f32>, tensor<ui8>, tensor<i1>) {
  %r = mlxir.constant 0.5 : f32
  %s = mlxir.constant 200 : ui8
  %t = mlxir.constant true
  return %r, %s, %t : tensor<f32>, tensor<ui8>, tensor<i1>
}

// CHECK-NEXT: composite: float32[3] -0.268941 0 1.76159
// VJP: composite: float32[3] 0.0723294 1 3.27235
// JVP: composite: float32[3] 0.0723294 1 3.27235
// VMAP: composite: float32[2x3] -0.268941 0 1.76159 1.76159 0 -0.268941
func.func @composite(%x: tensor<3xf32> {mlxir.value = dense<[-1.0, 0.0, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.composite "silu"(%x) : (tensor<3xf32>) -> tensor<3xf32> {
  ^bb0(%a: tensor<3xf32>):
    %s = mlxir.sigmoid %a : tensor<3xf32>
    %p = mlxir.multiply %a, %s : tensor<3xf32>
    mlxir.yield %p : tensor<3xf32>
  }
  return %r : tensor<3xf32>
}
