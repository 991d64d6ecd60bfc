// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Every elementwise op of one operand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @negative
// CHECK: mlxir.negative %{{.*}} : tensor<4xf32>
func.func @negative(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.negative %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @abs
// CHECK: mlxir.abs %{{.*}} : tensor<4xf32>
func.func @abs(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.abs %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @sign
// CHECK: mlxir.sign %{{.*}} : tensor<4xf32>
func.func @sign(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.sign %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @floor
// CHECK: mlxir.floor %{{.*}} : tensor<4xf32>
func.func @floor(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.floor %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @ceil
// CHECK: mlxir.ceil %{{.*}} : tensor<4xf32>
func.func @ceil(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.ceil %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @round
// CHECK: mlxir.round %{{.*}} : tensor<4xf32>
func.func @round(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.round %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @trunc
// CHECK: mlxir.trunc %{{.*}} : tensor<4xf32>
func.func @trunc(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.trunc %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @sqrt
// CHECK: mlxir.sqrt %{{.*}} : tensor<4xf32>
func.func @sqrt(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.sqrt %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @rsqrt
// CHECK: mlxir.rsqrt %{{.*}} : tensor<4xf32>
func.func @rsqrt(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.rsqrt %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @exp
// CHECK: mlxir.exp %{{.*}} : tensor<4xf32>
func.func @exp(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.exp %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @expm1
// CHECK: mlxir.expm1 %{{.*}} : tensor<4xf32>
func.func @expm1(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.expm1 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @log
// CHECK: mlxir.log %{{.*}} : tensor<4xf32>
func.func @log(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.log %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @log1p
// CHECK: mlxir.log1p %{{.*}} : tensor<4xf32>
func.func @log1p(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.log1p %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @log2
// CHECK: mlxir.log2 %{{.*}} : tensor<4xf32>
func.func @log2(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.log2 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @log10
// CHECK: mlxir.log10 %{{.*}} : tensor<4xf32>
func.func @log10(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.log10 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid
// CHECK: mlxir.sigmoid %{{.*}} : tensor<4xf32>
func.func @sigmoid(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.sigmoid %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @erf
// CHECK: mlxir.erf %{{.*}} : tensor<4xf32>
func.func @erf(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.erf %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @sin
// CHECK: mlxir.sin %{{.*}} : tensor<4xf32>
func.func @sin(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.sin %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @cos
// CHECK: mlxir.cos %{{.*}} : tensor<4xf32>
func.func @cos(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.cos %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @tan
// CHECK: mlxir.tan %{{.*}} : tensor<4xf32>
func.func @tan(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.tan %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @arcsin
// CHECK: mlxir.arcsin %{{.*}} : tensor<4xf32>
func.func @arcsin(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.arcsin %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @arccos
// CHECK: mlxir.arccos %{{.*}} : tensor<4xf32>
func.func @arccos(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.arccos %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @arctan
// CHECK: mlxir.arctan %{{.*}} : tensor<4xf32>
func.func @arctan(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.arctan %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @sinh
// CHECK: mlxir.sinh %{{.*}} : tensor<4xf32>
func.func @sinh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.sinh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @cosh
// CHECK: mlxir.cosh %{{.*}} : tensor<4xf32>
func.func @cosh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.cosh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @tanh
// CHECK: mlxir.tanh %{{.*}} : tensor<4xf32>
func.func @tanh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.tanh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @arcsinh
// CHECK: mlxir.arcsinh %{{.*}} : tensor<4xf32>
func.func @arcsinh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.arcsinh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @arccosh
// CHECK: mlxir.arccosh %{{.*}} : tensor<4xf32>
func.func @arccosh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.arccosh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @arctanh
// CHECK: mlxir.arctanh %{{.*}} : tensor<4xf32>
func.func @arctanh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.arctanh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @bitwise_invert
// CHECK: mlxir.bitwise_invert %{{.*}} : tensor<4xi32>
func.func @bitwise_invert(%x: tensor<4xi32>) -> tensor<4xi32> {
  %r = mlxir.bitwise_invert %x : tensor<4xi32>
  return %r : tensor<4xi32>
}

// CHECK-LABEL: @logical_not
// CHECK: mlxir.logical_not %{{.*}} : tensor<4xi1>
func.func @logical_not(%x: tensor<4xi1>) -> tensor<4xi1> {
  %r = mlxir.logical_not %x : tensor<4xi1>
  return %r : tensor<4xi1>
}

// CHECK-LABEL: @copy
// CHECK: mlxir.copy %{{.*}} : tensor<4xf32>
func.func @copy(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.copy %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @stop_gradient
// CHECK: mlxir.stop_gradient %{{.*}} : tensor<4xf32>
func.func @stop_gradient(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = mlxir.stop_gradient %x : tensor<4xf32>
  return %r : tensor<4xf32>
}
