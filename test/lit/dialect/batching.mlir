// RUN: mlxir-opt %s --split-input-file --mlxir-vmap="batched=1,0,0 size=5" | %check
// The batching rules: the first argument has a batch, the others have none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// An elementwise op needs both operands of one shape.
// CHECK-LABEL: @main_vmap(
// CHECK: %[[Y:.*]] = mlxir.broadcast %{{.*}} axes [1] : tensor<4xf32> -> tensor<5x4xf32>
// CHECK: mlxir.add %{{.*}}, %[[Y]] : tensor<5x4xf32>
func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>, %z: tensor<f32>) -> tensor<4xf32> {
  %r = mlxir.add %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// Axes move up by one.
// CHECK-LABEL: @main_vmap(
// CHECK: mlxir.sum %{{.*}} axes [1] : tensor<5x2x3xf32> -> tensor<5x3xf32>
// CHECK: mlxir.argmax %{{.*}} axis 1 : tensor<5x3xf32> -> tensor<5xui32>
func.func @main(%x: tensor<2x3xf32>, %y: tensor<f32>, %z: tensor<f32>) -> tensor<ui32> {
  %s = mlxir.sum %x axes [0] : tensor<2x3xf32> -> tensor<3xf32>
  %r = mlxir.argmax %s axis 0 : tensor<3xf32> -> tensor<ui32>
  return %r : tensor<ui32>
}

// -----

// CHECK-LABEL: @main_vmap(
// CHECK: mlxir.broadcast %{{.*}} axes [0, 2, 1] : tensor<5x4x3xf32> -> tensor<5x3x4xf32>
// CHECK: mlxir.transpose %{{.*}} [0, 2, 1] : tensor<5x3x4xf32> -> tensor<5x4x3xf32>
// CHECK: mlxir.slice %{{.*}} starts [0, 1, 2] strides [1, 2, -1] : tensor<5x4x3xf32> -> tensor<5x2x3xf32>
// CHECK: mlxir.reshape %{{.*}} : tensor<5x2x3xf32> -> tensor<5x6xf32>
func.func @main(%x: tensor<4x3xf32>, %y: tensor<f32>, %z: tensor<f32>) -> tensor<6xf32> {
  %0 = mlxir.broadcast %x axes [1, 0] : tensor<4x3xf32> -> tensor<3x4xf32>
  %1 = mlxir.transpose %0 [1, 0] : tensor<3x4xf32> -> tensor<4x3xf32>
  %2 = mlxir.slice %1 starts [1, 2] strides [2, -1] : tensor<4x3xf32> -> tensor<2x3xf32>
  %3 = mlxir.reshape %2 : tensor<2x3xf32> -> tensor<6xf32>
  return %3 : tensor<6xf32>
}

// -----

// A pad value for each element of the batch: the operand is written over the values.
// CHECK-LABEL: @main_vmap(
// CHECK: %[[VALUES:.*]] = mlxir.broadcast %{{.*}} axes [0] : tensor<5xf32> -> tensor<5x4xf32>
// CHECK: mlxir.slice_update %[[VALUES]], %{{.*}} starts [0, 1] strides [1, 1]
func.func @main(%v: tensor<f32>, %x: tensor<2xf32>, %z: tensor<f32>) -> tensor<4xf32> {
  %r = mlxir.pad %x, %v low [1] high [1] : tensor<2xf32>, tensor<f32> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// Indices that all share: the batch is one more dim of every slice.
// CHECK-LABEL: @main_vmap(
// CHECK: %[[ALL:.*]] = mlxir.gather %{{.*}}[%{{.*}}] axes [1] slices [5, 1, 8]
// CHECK: mlxir.transpose %[[ALL]] [1, 0, 2, 3] : tensor<4x5x1x8xf32> -> tensor<5x4x1x8xf32>
func.func @main(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %z: tensor<f32>) -> tensor<4x1x8xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x8xf32>
  return %r : tensor<4x1x8xf32>
}

// -----

// An array that all share is read where it is.
// CHECK-LABEL: @main_vmap(
// CHECK-NOT: broadcast
// CHECK: mlxir.gather %{{.*}}[%{{.*}}] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<5x4xi32> -> tensor<5x4x1x8xf32>
func.func @main(%i: tensor<4xi32>, %x: tensor<16x8xf32>, %z: tensor<f32>) -> tensor<4x1x8xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x8xf32>
  return %r : tensor<4x1x8xf32>
}

// -----

// The same for one that is read along an axis.
// CHECK-LABEL: @main_vmap(
// CHECK-SAME: %[[I:.*]]: tensor<5x4x1xi32>, %[[X:.*]]: tensor<4x8xf32>
// CHECK: mlxir.gather %[[X]][%{{.*}}, %[[I]]] axes [0, 1] slices [1, 1]
func.func @main(%i: tensor<4x1xi32>, %x: tensor<4x8xf32>, %z: tensor<f32>) -> tensor<4x1xf32> {
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
  return %r : tensor<4x1xf32>
}

// -----

// Indices of the batch's own: one more index says which element of the batch is meant.
// CHECK-LABEL: @main_vmap(
// CHECK: %[[ELEMENT:.*]] = mlxir.iota axis 0 : tensor<5x4xi32>
// CHECK: mlxir.scatter add %{{.*}}[%[[ELEMENT]], %{{.*}}], %{{.*}} axes [0, 1]
func.func @main(%i: tensor<4xi32>, %x: tensor<16xf32>, %u: tensor<4x1xf32>) -> tensor<16xf32> {
  %r = mlxir.scatter add %x[%i], %u axes [0] : tensor<16xf32>, tensor<4x1xf32>, tensor<4xi32>
  return %r : tensor<16xf32>
}

// -----

// A batch of the left operand is one of its free dims: no batch dim, no broadcast.
// CHECK-LABEL: @main_vmap(
// CHECK: mlxir.dot_general %{{.*}}, %{{.*}} batch [] x [] contract [2] x [0]
// CHECK-SAME: tensor<5x2x4xf32>, tensor<4x3xf32> -> tensor<5x2x3xf32>
// CHECK-NOT: transpose
func.func @main(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>, %z: tensor<f32>) -> tensor<2x3xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0]
    : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
