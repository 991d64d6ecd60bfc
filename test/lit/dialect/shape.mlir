// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Ops that make, select and rearrange elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

!rows = tensor<?x4xf32, #mlxir.dims<s0, 4>>

// CHECK-LABEL: @iota
// CHECK: mlxir.iota axis 1 : tensor<?x4xi32, #mlxir.dims<s0, 4>>
func.func @iota() -> tensor<?x4xi32, #mlxir.dims<s0, 4>> {
  %r = mlxir.iota axis 1 : tensor<?x4xi32, #mlxir.dims<s0, 4>>
  return %r : tensor<?x4xi32, #mlxir.dims<s0, 4>>
}

// CHECK-LABEL: @broadcast
// CHECK: mlxir.broadcast %{{.*}} axes [1, 0] : tensor<4x1xf32> -> tensor<3x4xf32>
func.func @broadcast(%x: tensor<4x1xf32>) -> tensor<3x4xf32> {
  %r = mlxir.broadcast %x axes [1, 0] : tensor<4x1xf32> -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

// CHECK-LABEL: @broadcast_to_symbolic_dims
// CHECK: mlxir.broadcast %{{.*}} axes [1] : tensor<4xf32> -> tensor<?x4xf32, #mlxir.dims<s0, 4>>
func.func @broadcast_to_symbolic_dims(%x: tensor<4xf32>) -> !rows {
  %r = mlxir.broadcast %x axes [1] : tensor<4xf32> -> !rows
  return %r : !rows
}

// CHECK-LABEL: @transpose
// CHECK: mlxir.transpose %{{.*}} [1, 0] : tensor<?x4xf32, #mlxir.dims<s0, 4>> -> tensor<4x?xf32, #mlxir.dims<4, s0>>
func.func @transpose(%x: !rows) -> tensor<4x?xf32, #mlxir.dims<4, s0>> {
  %r = mlxir.transpose %x [1, 0] : !rows -> tensor<4x?xf32, #mlxir.dims<4, s0>>
  return %r : tensor<4x?xf32, #mlxir.dims<4, s0>>
}

// CHECK-LABEL: @slice
// CHECK: mlxir.slice %{{.*}} starts [s0-1, 1] strides [-1, 2]
func.func @slice(%x: !rows) -> tensor<?x2xf32, #mlxir.dims<s0, 2>> {
  %r = mlxir.slice %x starts [s0-1, 1] strides [-1, 2] : !rows -> tensor<?x2xf32, #mlxir.dims<s0, 2>>
  return %r : tensor<?x2xf32, #mlxir.dims<s0, 2>>
}

// CHECK-LABEL: @reshape
// CHECK: mlxir.reshape %{{.*}} : tensor<?x4xf32, #mlxir.dims<s0, 4>> -> tensor<2x?xf32, #mlxir.dims<2, s0*2>>
func.func @reshape(%x: !rows) -> tensor<2x?xf32, #mlxir.dims<2, s0*2>> {
  %r = mlxir.reshape %x : !rows -> tensor<2x?xf32, #mlxir.dims<2, s0*2>>
  return %r : tensor<2x?xf32, #mlxir.dims<2, s0*2>>
}

// CHECK-LABEL: @concatenate
// CHECK: mlxir.concatenate %{{.*}}, %{{.*}} axis 0
// CHECK-SAME: -> tensor<?x4xf32, #mlxir.dims<s0+3, 4>>
func.func @concatenate(%x: !rows, %y: tensor<3x4xf32>) -> tensor<?x4xf32, #mlxir.dims<s0+3, 4>> {
  %r = mlxir.concatenate %x, %y axis 0 : (!rows, tensor<3x4xf32>) -> tensor<?x4xf32, #mlxir.dims<s0+3, 4>>
  return %r : tensor<?x4xf32, #mlxir.dims<s0+3, 4>>
}

// CHECK-LABEL: @pad
// CHECK: mlxir.pad %{{.*}}, %{{.*}} low [1, 0] high [s0, 0]
// CHECK-SAME: -> tensor<?x4xf32, #mlxir.dims<s0*2+1, 4>>
func.func @pad(%x: !rows, %v: tensor<f32>) -> tensor<?x4xf32, #mlxir.dims<s0*2+1, 4>> {
  %r = mlxir.pad %x, %v low [1, 0] high [s0, 0]
    : !rows, tensor<f32> -> tensor<?x4xf32, #mlxir.dims<s0*2+1, 4>>
  return %r : tensor<?x4xf32, #mlxir.dims<s0*2+1, 4>>
}

// CHECK-LABEL: @slice_update
// CHECK: mlxir.slice_update %{{.*}}, %{{.*}} starts [0, 3] strides [1, -1] : {{.*}}, tensor<2x4xf32>
func.func @slice_update(%x: !rows, %u: tensor<2x4xf32>) -> !rows {
  %r = mlxir.slice_update %x, %u starts [0, 3] strides [1, -1] : !rows, tensor<2x4xf32>
  return %r : !rows
}
