// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Conversions between dtypes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @cast
// CHECK: mlxir.cast %{{.*}} : tensor<4xui8> -> tensor<4xf16>
func.func @cast(%x: tensor<4xui8>) -> tensor<4xf16> {
  %r = mlxir.cast %x : tensor<4xui8> -> tensor<4xf16>
  return %r : tensor<4xf16>
}

// CHECK-LABEL: @bitcast
// CHECK: mlxir.bitcast %{{.*}} : tensor<4xf32> -> tensor<4xui32>
func.func @bitcast(%x: tensor<4xf32>) -> tensor<4xui32> {
  %r = mlxir.bitcast %x : tensor<4xf32> -> tensor<4xui32>
  return %r : tensor<4xui32>
}
