// RUN: mlxir-opt %s --split-input-file --mlxir-vjp | %check
// RUN: mlxir-opt %s --split-input-file --mlxir-jvp | FileCheck %s --check-prefix=JVP
// The derivative rules, one of each kind: what a record's formula becomes, and what is written in C++.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// A formula: `ct * (1 - result * result)`.
// CHECK-LABEL: @main_vjp(
// CHECK-SAME: %[[RESULT:.*]]: tensor<4xf32> {mlxir.residual = 1 : i64}, %[[CT:.*]]: tensor<4xf32>)
// CHECK: %[[SQUARE:.*]] = mlxir.multiply %[[RESULT]], %[[RESULT]]
// CHECK: %[[ONE:.*]] = mlxir.constant 1.0
// CHECK: %[[ONES:.*]] = mlxir.broadcast %[[ONE]]
// CHECK: %[[SLOPE:.*]] = mlxir.subtract %[[ONES]], %[[SQUARE]]
// CHECK: %[[GRADIENT:.*]] = mlxir.multiply %[[CT]], %[[SLOPE]]
// CHECK: return %[[GRADIENT]]

// The same formula, with the tangent for `ct`.
// JVP-LABEL: @main_jvp(
// JVP-SAME: %[[RESULT:.*]]: tensor<4xf32> {mlxir.residual = 1 : i64}, %[[TANGENT:.*]]: tensor<4xf32>)
// JVP: mlxir.multiply %[[TANGENT]],
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.tanh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// Nothing is built for an operand that holds no floats, and numbers fold: `select(condition, ct, 0)`.
// CHECK-LABEL: @main_vjp(
// CHECK: mlxir.select
// CHECK: mlxir.select
// CHECK-NOT: mlxir.select
// CHECK: return

// Linear in both choices: one select of the tangents.
// JVP-LABEL: @main_jvp(
// JVP: mlxir.select
// JVP-NOT: mlxir.select
// JVP: return
func.func @main(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.select %c, %x, %y : tensor<4xi1>, tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// A gradient that vanishes is a zero and no arithmetic.
// CHECK-LABEL: @main_vjp(
// CHECK-NEXT: mlxir.constant 0.0
// CHECK-NEXT: mlxir.broadcast
// CHECK-NEXT: return
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.floor %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// Repetitions are summed, dims are put back into the operand's order.
// CHECK-LABEL: @main_vjp(
// CHECK: %[[SUM:.*]] = mlxir.sum %{{.*}} axes [1] : tensor<3x2x4xf32> -> tensor<3x4xf32>
// CHECK: mlxir.transpose %[[SUM]] [1, 0] : tensor<3x4xf32> -> tensor<4x3xf32>

// JVP-LABEL: @main_jvp(
// JVP: mlxir.broadcast %{{.*}} axes [2, 0] : tensor<4x3xf32> -> tensor<3x2x4xf32>
func.func @main(%x: tensor<4x3xf32>) -> tensor<3x2x4xf32> {
  %r = mlxir.broadcast %x axes [2, 0] : tensor<4x3xf32> -> tensor<3x2x4xf32>
  return %r : tensor<3x2x4xf32>
}

// -----

// A window without steps is padded with zeros...
// CHECK-LABEL: @main_vjp(
// CHECK: mlxir.pad %{{.*}}, %{{.*}} low [1, 0] high [s0-3, 1]
func.func @main(%x: tensor<?x4xf32, #mlxir.dims<s0, 4>>) -> tensor<2x3xf32> {
  %r = mlxir.slice %x starts [1, 0] strides [1, 1] : tensor<?x4xf32, #mlxir.dims<s0, 4>> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// -----

// ... and one with steps is written into them.
// CHECK-LABEL: @main_vjp(
// CHECK: mlxir.slice_update %{{.*}}, %{{.*}} starts [7] strides [-2] : tensor<8xf32>, tensor<4xf32>
func.func @main(%x: tensor<8xf32>) -> tensor<4xf32> {
  %r = mlxir.slice %x starts [7] strides [-2] : tensor<8xf32> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// Each operand has its own piece.
// CHECK-LABEL: @main_vjp(
// CHECK: mlxir.slice %{{.*}} starts [0] strides [1] : {{.*}} -> tensor<?xf32, #mlxir.dims<s0>>
// CHECK: mlxir.slice %{{.*}} starts [s0] strides [1] : {{.*}} -> tensor<3xf32>
func.func @main(%x: tensor<?xf32, #mlxir.dims<s0>>, %y: tensor<3xf32>) -> tensor<?xf32, #mlxir.dims<s0+3>> {
  %r = mlxir.concatenate %x, %y axis 0
    : (tensor<?xf32, #mlxir.dims<s0>>, tensor<3xf32>) -> tensor<?xf32, #mlxir.dims<s0+3>>
  return %r : tensor<?xf32, #mlxir.dims<s0+3>>
}

// -----

// Elements that equal the extreme share its gradient.
// CHECK-LABEL: @main_vjp(
// CHECK: %[[EQUAL:.*]] = mlxir.equal
// CHECK: %[[ONES:.*]] = mlxir.cast %[[EQUAL]]
// CHECK: mlxir.sum %[[ONES]] axes [1]
// CHECK: mlxir.divide
func.func @main(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  %r = mlxir.max %x axes [1] : tensor<2x3xf32> -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----

// Both gradients are contractions whose dims come out in the operand's order: no transpose.
// CHECK-LABEL: @main_vjp(
// CHECK-SAME: %[[X:.*]]: tensor<2x4xf32> {mlxir.residual = 0 : i64}, %[[Y:.*]]: tensor<3x4xf32> {mlxir.residual = 1 : i64}, %[[CT:.*]]: tensor<2x3xf32>)
// CHECK: mlxir.dot_general %[[CT]], %[[Y]] batch [] x [] contract [1] x [0]
// CHECK: mlxir.dot_general %[[CT]], %[[X]] batch [] x [] contract [0] x [0]
// CHECK-NOT: transpose
// CHECK: return

// JVP-LABEL: @main_jvp(
// JVP: mlxir.dot_general
// JVP: mlxir.dot_general
// JVP: mlxir.add
func.func @main(%x: tensor<2x4xf32>, %y: tensor<3x4xf32>) -> tensor<2x3xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [1]
    : tensor<2x4xf32>, tensor<3x4xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// -----

// Nothing is left to sum over in the gradients of an inner product: elements are multiplied.
// CHECK-LABEL: @main_vjp(
// CHECK-NOT: dot_general
// CHECK: return
func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<f32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [0] x [0]
    : tensor<4xf32>, tensor<4xf32> -> tensor<f32>
  return %r : tensor<f32>
}

// -----

// CHECK-LABEL: @main_vjp(
// CHECK: mlxir.scatter add %{{.*}}[%{{.*}}], %{{.*}} axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
func.func @main(%x: tensor<16x8xf32>, %i: tensor<4xi32>) -> tensor<4x1x8xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x8xf32>
  return %r : tensor<4x1x8xf32>
}

// -----

// One element of each row: a comparison per element, and no scatter. -3 is 5, 9 is 7.
// CHECK-LABEL: @main_vjp(
// CHECK: %[[COUNTED:.*]] = mlxir.select
// CHECK: %[[NOT_BELOW:.*]] = mlxir.maximum %[[COUNTED]]
// CHECK: %[[INSIDE:.*]] = mlxir.minimum %[[NOT_BELOW]]
// CHECK: %[[HERE:.*]] = mlxir.iota axis 1 : tensor<4x8xi32>
// CHECK: mlxir.equal %[[HERE]],
// CHECK-NOT: scatter
// CHECK: return
func.func @main(%x: tensor<4x8xf32>, %i: tensor<4x1xi32>) -> tensor<4x1xf32> {
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
  return %r : tensor<4x1xf32>
}

// -----

// Of replacements that meet, the last one has the gradient: updates are numbered, and asked who is there.
// CHECK-LABEL: @main_vjp(
// CHECK: mlxir.iota
// CHECK: %[[WHO:.*]] = mlxir.scatter replace
// CHECK: mlxir.gather %[[WHO]]
// CHECK: mlxir.equal
func.func @main(%x: tensor<16xf32>, %i: tensor<4xi32>, %u: tensor<4x1xf32>) -> tensor<16xf32> {
  %r = mlxir.scatter replace %x[%i], %u axes [0] : tensor<16xf32>, tensor<4x1xf32>, tensor<4xi32>
  return %r : tensor<16xf32>
}
