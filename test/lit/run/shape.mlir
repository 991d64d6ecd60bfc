// RUN: mlxir-run %s | %check
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check
// Ops that arrange elements, compiled and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: iota: int32[2x3] 0 1 2 0 1 2
func.func @iota() -> tensor<2x3xi32> {
  %r = mlxir.iota axis 1 : tensor<2x3xi32>
  return %r : tensor<2x3xi32>
}

// CHECK-NEXT: broadcast: float32[2x3] 1 1 1 2 2 2
func.func @broadcast(%x: tensor<2x1xf32> {mlxir.value = dense<[[1.0], [2.0]]> : tensor<2x1xf32>})
    -> tensor<2x3xf32> {
  %r = mlxir.broadcast %x axes [0, 1] : tensor<2x1xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-NEXT: broadcast_new_axis: float32[2x2] 1 2 1 2
func.func @broadcast_new_axis(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>})
    -> tensor<2x2xf32> {
  %r = mlxir.broadcast %x axes [1] : tensor<2xf32> -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// CHECK-NEXT: transpose: float32[3x2] 0 3 1 4 2 5
func.func @transpose(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<3x2xf32> {
  %r = mlxir.transpose %x [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}

// CHECK-NEXT: slice: float32[2x2] 5 3 2 0
func.func @slice(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<2x2xf32> {
  %r = mlxir.slice %x starts [1, 2] strides [-1, -2] : tensor<2x3xf32> -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// CHECK-NEXT: reshape: float32[3x2] 0 1 2 3 4 5
func.func @reshape(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<3x2xf32> {
  %r = mlxir.reshape %x : tensor<2x3xf32> -> tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}

// CHECK-NEXT: concatenate: float32[3x3] 0 1 2 3 4 5 9 8 7
func.func @concatenate(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>},
    %y: tensor<1x3xf32> {mlxir.value = dense<[[9.0, 8.0, 7.0]]> : tensor<1x3xf32>})
    -> tensor<3x3xf32> {
  %r = mlxir.concatenate %x, %y axis 0 : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}

// CHECK-NEXT: pad: float32[5] 7 1 2 7 7
func.func @pad(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>},
    %v: tensor<f32> {mlxir.value = dense<7.0> : tensor<f32>})
    -> tensor<5xf32> {
  %r = mlxir.pad %x, %v low [1] high [2] : tensor<2xf32>, tensor<f32> -> tensor<5xf32>
  return %r : tensor<5xf32>
}

// CHECK-NEXT: slice_update: float32[2x3] 0 11 10 3 13 12
func.func @slice_update(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>},
    %u: tensor<2x2xf32> {mlxir.value = dense<[[10.0, 11.0], [12.0, 13.0]]> : tensor<2x2xf32>})
    -> tensor<2x3xf32> {
  %r = mlxir.slice_update %x, %u starts [0, 2] strides [1, -1] : tensor<2x3xf32>, tensor<2x2xf32>
  return %r : tensor<2x3xf32>
}
