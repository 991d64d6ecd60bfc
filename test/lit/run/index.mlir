// RUN: mlxir-run %s | %check
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check
// Reads and writes at computed indices, compiled and run. No index reaches memory outside of the array.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: gather: float32[2x1x3] 9 10 11 0 1 2
func.func @gather(%x: tensor<4x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]> : tensor<4x3xf32>},
    %i: tensor<2xi32> {mlxir.value = dense<[3, 0]> : tensor<2xi32>})
    -> tensor<2x1x3xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 3] : tensor<4x3xf32>, tensor<2xi32> -> tensor<2x1x3xf32>
  return %r : tensor<2x1x3xf32>
}

// -1 is the last row; what is out of range, the nearest.
// CHECK-NEXT: gather_out_of_range: float32[3x1x3] 9 10 11 9 10 11 0 1 2
func.func @gather_out_of_range(%x: tensor<4x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]> : tensor<4x3xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[-1, 7, -9]> : tensor<3xi32>})
    -> tensor<3x1x3xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 3] : tensor<4x3xf32>, tensor<3xi32> -> tensor<3x1x3xf32>
  return %r : tensor<3x1x3xf32>
}

// CHECK-NEXT: take_along_axis: float32[4x1] 2 3 7 11
func.func @take_along_axis(%x: tensor<4x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]> : tensor<4x3xf32>},
    %i: tensor<4x1xi32> {mlxir.value = dense<[[2], [0], [1], [2]]> : tensor<4x1xi32>})
    -> tensor<4x1xf32> {
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x3xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
  return %r : tensor<4x1xf32>
}

// CHECK-NEXT: scatter: float32[4] 1 13 3 11
func.func @scatter(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter add %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_multiply: float32[4] 1 60 3 28
func.func @scatter_multiply(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter multiply %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_maximum: float32[4] 1 6 3 7
func.func @scatter_maximum(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter maximum %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_minimum: float32[4] 1 2 3 4
func.func @scatter_minimum(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter minimum %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: scatter_replace: float32[4] 1 6 3 7
func.func @scatter_replace(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>},
    %i: tensor<3xi32> {mlxir.value = dense<[1, 1, 3]> : tensor<3xi32>},
    %u: tensor<3x1xf32> {mlxir.value = dense<[[5.0], [6.0], [7.0]]> : tensor<3x1xf32>})
    -> tensor<4xf32> {
  %r = mlxir.scatter replace %x[%i], %u axes [0] : tensor<4xf32>, tensor<3x1xf32>, tensor<3xi32>
  return %r : tensor<4xf32>
}
