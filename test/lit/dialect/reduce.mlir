// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Ops that fold elements along axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @sum
// CHECK: mlxir.sum %{{.*}} axes [1] : tensor<2x3xf16> -> tensor<2xf16>
func.func @sum(%x: tensor<2x3xf16>) -> tensor<2xf16> {
  %r = mlxir.sum %x axes [1] : tensor<2x3xf16> -> tensor<2xf16>
  return %r : tensor<2xf16>
}

// CHECK-LABEL: @prod
// CHECK: mlxir.prod %{{.*}} axes [0, 1] : tensor<2x3xi32> -> tensor<i32>
func.func @prod(%x: tensor<2x3xi32>) -> tensor<i32> {
  %r = mlxir.prod %x axes [0, 1] : tensor<2x3xi32> -> tensor<i32>
  return %r : tensor<i32>
}

// CHECK-LABEL: @max
// CHECK: mlxir.max %{{.*}} axes [1, 0] : tensor<2x3xui8> -> tensor<ui8>
func.func @max(%x: tensor<2x3xui8>) -> tensor<ui8> {
  %r = mlxir.max %x axes [1, 0] : tensor<2x3xui8> -> tensor<ui8>
  return %r : tensor<ui8>
}

// Without axes there is nothing to fold.
// CHECK-LABEL: @min
// CHECK: mlxir.min %{{.*}} axes [] : tensor<2x3xf32> -> tensor<2x3xf32>
func.func @min(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %r = mlxir.min %x axes [] : tensor<2x3xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @any
// CHECK: mlxir.any %{{.*}} axes [0] : tensor<?x3xi1, #mlxir.dims<s0, 3>> -> tensor<3xi1>
func.func @any(%x: tensor<?x3xi1, #mlxir.dims<s0, 3>>) -> tensor<3xi1> {
  %r = mlxir.any %x axes [0] : tensor<?x3xi1, #mlxir.dims<s0, 3>> -> tensor<3xi1>
  return %r : tensor<3xi1>
}

// CHECK-LABEL: @all
// CHECK: mlxir.all %{{.*}} axes [1] : tensor<?x3xi1, #mlxir.dims<s0, 3>> -> tensor<?xi1, #mlxir.dims<s0>>
func.func @all(%x: tensor<?x3xi1, #mlxir.dims<s0, 3>>) -> tensor<?xi1, #mlxir.dims<s0>> {
  %r = mlxir.all %x axes [1] : tensor<?x3xi1, #mlxir.dims<s0, 3>> -> tensor<?xi1, #mlxir.dims<s0>>
  return %r : tensor<?xi1, #mlxir.dims<s0>>
}

// CHECK-LABEL: @argmax
// CHECK: mlxir.argmax %{{.*}} axis 1 : tensor<2x3xbf16> -> tensor<2xui32>
func.func @argmax(%x: tensor<2x3xbf16>) -> tensor<2xui32> {
  %r = mlxir.argmax %x axis 1 : tensor<2x3xbf16> -> tensor<2xui32>
  return %r : tensor<2xui32>
}

// CHECK-LABEL: @argmin
// CHECK: mlxir.argmin %{{.*}} axis 0 : tensor<3xi64> -> tensor<ui32>
func.func @argmin(%x: tensor<3xi64>) -> tensor<ui32> {
  %r = mlxir.argmin %x axis 0 : tensor<3xi64> -> tensor<ui32>
  return %r : tensor<ui32>
}
