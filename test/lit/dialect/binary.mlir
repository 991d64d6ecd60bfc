// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Every elementwise op of two operands.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @add
// CHECK: mlxir.add %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @add(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.add %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @subtract
// CHECK: mlxir.subtract %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @subtract(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.subtract %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @multiply
// CHECK: mlxir.multiply %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @multiply(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.multiply %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @divide
// CHECK: mlxir.divide %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @divide(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.divide %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @floor_divide
// CHECK: mlxir.floor_divide %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @floor_divide(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.floor_divide %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @remainder
// CHECK: mlxir.remainder %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @remainder(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.remainder %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @power
// CHECK: mlxir.power %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @power(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.power %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @arctan2
// CHECK: mlxir.arctan2 %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @arctan2(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.arctan2 %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @logaddexp
// CHECK: mlxir.logaddexp %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @logaddexp(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.logaddexp %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @maximum
// CHECK: mlxir.maximum %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @maximum(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.maximum %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @minimum
// CHECK: mlxir.minimum %{{.*}}, %{{.*}} : tensor<2x3xbf16>
func.func @minimum(%x: tensor<2x3xbf16>, %y: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %r = mlxir.minimum %x, %y : tensor<2x3xbf16>
  return %r : tensor<2x3xbf16>
}

// CHECK-LABEL: @bitwise_and
// CHECK: mlxir.bitwise_and %{{.*}}, %{{.*}} : tensor<2x3xui8>
func.func @bitwise_and(%x: tensor<2x3xui8>, %y: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %r = mlxir.bitwise_and %x, %y : tensor<2x3xui8>
  return %r : tensor<2x3xui8>
}

// CHECK-LABEL: @bitwise_or
// CHECK: mlxir.bitwise_or %{{.*}}, %{{.*}} : tensor<2x3xui8>
func.func @bitwise_or(%x: tensor<2x3xui8>, %y: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %r = mlxir.bitwise_or %x, %y : tensor<2x3xui8>
  return %r : tensor<2x3xui8>
}

// CHECK-LABEL: @bitwise_xor
// CHECK: mlxir.bitwise_xor %{{.*}}, %{{.*}} : tensor<2x3xui8>
func.func @bitwise_xor(%x: tensor<2x3xui8>, %y: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %r = mlxir.bitwise_xor %x, %y : tensor<2x3xui8>
  return %r : tensor<2x3xui8>
}

// CHECK-LABEL: @left_shift
// CHECK: mlxir.left_shift %{{.*}}, %{{.*}} : tensor<2x3xui8>
func.func @left_shift(%x: tensor<2x3xui8>, %y: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %r = mlxir.left_shift %x, %y : tensor<2x3xui8>
  return %r : tensor<2x3xui8>
}

// CHECK-LABEL: @right_shift
// CHECK: mlxir.right_shift %{{.*}}, %{{.*}} : tensor<2x3xui8>
func.func @right_shift(%x: tensor<2x3xui8>, %y: tensor<2x3xui8>) -> tensor<2x3xui8> {
  %r = mlxir.right_shift %x, %y : tensor<2x3xui8>
  return %r : tensor<2x3xui8>
}

// CHECK-LABEL: @logical_and
// CHECK: mlxir.logical_and %{{.*}}, %{{.*}} : tensor<2x3xi1>
func.func @logical_and(%x: tensor<2x3xi1>, %y: tensor<2x3xi1>) -> tensor<2x3xi1> {
  %r = mlxir.logical_and %x, %y : tensor<2x3xi1>
  return %r : tensor<2x3xi1>
}

// CHECK-LABEL: @logical_or
// CHECK: mlxir.logical_or %{{.*}}, %{{.*}} : tensor<2x3xi1>
func.func @logical_or(%x: tensor<2x3xi1>, %y: tensor<2x3xi1>) -> tensor<2x3xi1> {
  %r = mlxir.logical_or %x, %y : tensor<2x3xi1>
  return %r : tensor<2x3xi1>
}
