// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Comparisons, kinds of numbers, choice.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @equal
// CHECK: mlxir.equal %{{.*}}, %{{.*}} : tensor<f64>
func.func @equal(%x: tensor<f64>, %y: tensor<f64>) -> tensor<i1> {
  %r = mlxir.equal %x, %y : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @not_equal
// CHECK: mlxir.not_equal %{{.*}}, %{{.*}} : tensor<f64>
func.func @not_equal(%x: tensor<f64>, %y: tensor<f64>) -> tensor<i1> {
  %r = mlxir.not_equal %x, %y : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @less
// CHECK: mlxir.less %{{.*}}, %{{.*}} : tensor<f64>
func.func @less(%x: tensor<f64>, %y: tensor<f64>) -> tensor<i1> {
  %r = mlxir.less %x, %y : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @less_equal
// CHECK: mlxir.less_equal %{{.*}}, %{{.*}} : tensor<f64>
func.func @less_equal(%x: tensor<f64>, %y: tensor<f64>) -> tensor<i1> {
  %r = mlxir.less_equal %x, %y : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @greater
// CHECK: mlxir.greater %{{.*}}, %{{.*}} : tensor<f64>
func.func @greater(%x: tensor<f64>, %y: tensor<f64>) -> tensor<i1> {
  %r = mlxir.greater %x, %y : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @greater_equal
// CHECK: mlxir.greater_equal %{{.*}}, %{{.*}} : tensor<f64>
func.func @greater_equal(%x: tensor<f64>, %y: tensor<f64>) -> tensor<i1> {
  %r = mlxir.greater_equal %x, %y : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @isnan
// CHECK: mlxir.isnan %{{.*}} : tensor<f64>
func.func @isnan(%x: tensor<f64>) -> tensor<i1> {
  %r = mlxir.isnan %x : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @isinf
// CHECK: mlxir.isinf %{{.*}} : tensor<f64>
func.func @isinf(%x: tensor<f64>) -> tensor<i1> {
  %r = mlxir.isinf %x : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @isfinite
// CHECK: mlxir.isfinite %{{.*}} : tensor<f64>
func.func @isfinite(%x: tensor<f64>) -> tensor<i1> {
  %r = mlxir.isfinite %x : tensor<f64>
  return %r : tensor<i1>
}

// CHECK-LABEL: @select
// CHECK: mlxir.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<4xi1>, tensor<4xui64>
func.func @select(%c: tensor<4xi1>, %x: tensor<4xui64>, %y: tensor<4xui64>) -> tensor<4xui64> {
  %r = mlxir.select %c, %x, %y : tensor<4xi1>, tensor<4xui64>
  return %r : tensor<4xui64>
}
