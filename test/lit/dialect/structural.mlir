// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Constants, and ops that hold or call other ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @constant
// CHECK: mlxir.constant 5.000000e-01 : f32
// CHECK: mlxir.constant 200 : ui8
// CHECK: mlxir.constant true
func.func @constant() -> (tensor<f32>, tensor<ui8>, tensor<i1>) {
  %x = mlxir.constant 0.5 : f32
  %y = mlxir.constant 200 : ui8
  %z = mlxir.constant true
  return %x, %y, %z : tensor<f32>, tensor<ui8>, tensor<i1>
}

// CHECK-LABEL: @composite
// CHECK: mlxir.composite "silu"(%{{.*}}) : (tensor<4xf32>) -> tensor<4xf32> {
// CHECK: mlxir.yield %{{.*}} : tensor<4xf32>
func.func @composite(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.composite "silu"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %s = mlxir.sigmoid %a : tensor<4xf32>
    %p = mlxir.multiply %a, %s : tensor<4xf32>
    mlxir.yield %p : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @composite_with_a_rule
// CHECK: mlxir.composite "identity"(%{{.*}}) {rules = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32> {
// CHECK: }, {
func.func @composite_with_a_rule(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.composite "identity"(%x) {rules = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %ct: tensor<4xf32>):
    mlxir.yield %ct : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @kernel
func.func private @kernel(tensor<?xf32, #mlxir.dims<s0>>) -> tensor<f32>

// CHECK-LABEL: @launch
// CHECK: mlxir.launch @kernel(%{{.*}}) symbols [s3*4]
func.func @launch(%x: tensor<?xf32, #mlxir.dims<s3*4>>) -> tensor<f32> {
  %r = mlxir.launch @kernel(%x) symbols [s3*4] : (tensor<?xf32, #mlxir.dims<s3*4>>) -> tensor<f32>
  return %r : tensor<f32>
}
