// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Sums of products.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @matrix_product
// CHECK: mlxir.dot_general %{{.*}}, %{{.*}} batch [] x [] contract [1] x [0]
// CHECK-SAME: tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2x3xf32>
func.func @matrix_product(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>) -> tensor<2x3xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0]
    : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @batched
// CHECK: mlxir.dot_general %{{.*}}, %{{.*}} batch [0, 2] x [1, 0] contract [1] x [2]
func.func @batched(%x: tensor<?x4x8xbf16, #mlxir.dims<s0, 4, 8>>, %y: tensor<8x?x4x3xbf16, #mlxir.dims<8, s0, 4, 3>>)
    -> tensor<?x8x3xbf16, #mlxir.dims<s0, 8, 3>> {
  %r = mlxir.dot_general %x, %y batch [0, 2] x [1, 0] contract [1] x [2]
    : tensor<?x4x8xbf16, #mlxir.dims<s0, 4, 8>>, tensor<8x?x4x3xbf16, #mlxir.dims<8, s0, 4, 3>>
    -> tensor<?x8x3xbf16, #mlxir.dims<s0, 8, 3>>
  return %r : tensor<?x8x3xbf16, #mlxir.dims<s0, 8, 3>>
}
