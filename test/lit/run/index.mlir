// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Reads and writes at computed indices, compiled and run. No index reaches memory outside of the array.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: gather: float32[2x1x3] 9 10 11 0 1 2
// VJP: gather: float32[4x3] 4 5 6 0 0 0 0 0 0 1 2 3
// JVP: gather: float32[2x1x3] 10 11 12 1 2 3
// VMAP: gather: float32[2x2x1x3] 9 10 11 0 1 2 11 10 9 2 1 0
func.func @gather(%x: tensor<4x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]> : tensor<4x3xf32>},
    %i: tensor<2xi32> {mlxir.value = dense<[3, 0]> : tensor<2xi32>})
    -> tensor<2x1x3xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 3] : tensor<4x3xf32>, tensor<2xi32> -> tensor<2x1x3xf32>
  return %r : tensor<2x1x3xf32>
}

// -1 is the last row; what is out of range, the nearest.
// CHECK-NEXT: gather_out_of_range: float32[3x1x3] 9 10 11 9 10 11 0 1 2
// VJP-NEXT: gather_out_of_range: float32[4x3] 7 8 9 0 0 0 0 0 0 5 7 9
// JVP-NEXT: gather_out_of_range: float32[3x1x3] 10 11 12 10 11 12 1 2 3
// VMAP-NEXT: gather_out_of_range: float32[2x3x1x3] 9 10 11 9 10 11 0 1 2 11 10 9 2 1 0 2 1 0
func.func @gather_out_of_range(%x: tensor<4x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]> : tensor<4x3xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[-1, 7, -9]> : tensor<3xi32>})
    -> tensor<3x1x3xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 3] : tensor<4x3xf32>, tensor<3xi32> -> tensor<3x1x3xf32>
  return %r : tensor<3x1x3xf32>
}

// CHECK-NEXT: take_along_axis: float32[4x1] 2 3 7 11
// VJP-NEXT: take_along_axis: float32[4x3] 0 0 1 2 0 0 0 3 0 0 0 4
// JVP-NEXT: take_along_axis: float32[4x1] 3 4 8 12
// VMAP-NEXT: take_along_axis: float32[2x4x1] 2 3 7 11 9 7 5 0
func.func @take_along_axis(%x: tensor<4x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]> : tensor<4x3xf32>},
    %i: tensor<4x1xi32> {mlxir.value = dense<[[2], [0], [1], [2]]> : tensor<4x1xi32>})
    -> tensor<4x1xf32> {
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x3xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
  return %r : tensor<4x1xf32>
}

// CHECK-NEXT: scatter: float32[4] 1 13 3 11
// VJP-NEXT: scatter: float32[4] 1 2 3 4
// VJP-NEXT: scatter: float32[3x1] 2 2 4
// JVP-NEXT: scatter: float32[4] 1 5 3 7
// VMAP-NEXT: scatter: float32[2x4] 1 13 3 11 4 14 2 8
func.func @scatter(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter add %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_multiply: float32[4] 1 60 3 28
// VJP-NEXT: scatter_multiply: float32[4] 1 60 3 28
// VJP-NEXT: scatter_multiply: float32[3x1] 24 20 16
// JVP-NEXT: scatter_multiply: float32[4] 1 92 3 40
// VMAP-NEXT: scatter_multiply: float32[2x4] 1 60 3 28 4 90 2 7
func.func @scatter_multiply(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter multiply %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_maximum: float32[4] 1 6 3 7
// VJP-NEXT: scatter_maximum: float32[4] 1 0 3 0
// VJP-NEXT: scatter_maximum: float32[3x1] 0 2 4
// JVP-NEXT: scatter_maximum: float32[4] 1 2 3 3
// VMAP-NEXT: scatter_maximum: float32[2x4] 1 6 3 7 4 6 2 7
func.func @scatter_maximum(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter maximum %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_minimum: float32[4] 1 2 3 4
// VJP-NEXT: scatter_minimum: float32[4] 1 2 3 4
// VJP-NEXT: scatter_minimum: float32[3x1] 0 0 0
// JVP-NEXT: scatter_minimum: float32[4] 1 2 3 4
// VMAP-NEXT: scatter_minimum: float32[2x4] 1 2 3 4 4 3 2 1
func.func @scatter_minimum(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter minimum %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_replace: float32[4] 1 6 3 7
// VJP-NEXT: scatter_replace: float32[4] 1 0 3 0
// VJP-NEXT: scatter_replace: float32[3x1] 0 2 4
// JVP-NEXT: scatter_replace: float32[4] 1 2 3 3
// VMAP-NEXT: scatter_replace: float32[2x4] 1 6 3 7 4 5 2 7
func.func @scatter_replace(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter replace %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}
