// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Reads and writes at computed indices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @gather
// CHECK: mlxir.gather %{{.*}}[%{{.*}}] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x8xf32>
func.func @gather(%x: tensor<16x8xf32>, %i: tensor<4xi32>) -> tensor<4x1x8xf32> {
  %r = mlxir.gather %x[%i] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x8xf32>
  return %r : tensor<4x1x8xf32>
}

// CHECK-LABEL: @gather_with_two_indices
// CHECK: mlxir.gather %{{.*}}[%{{.*}}, %{{.*}}] axes [1, 0] slices [1, s0]
func.func @gather_with_two_indices(%x: tensor<16x?xf32, #mlxir.dims<16, s0>>, %i: tensor<ui8>, %j: tensor<i64>)
    -> tensor<1x?xf32, #mlxir.dims<1, s0>> {
  %r = mlxir.gather %x[%i, %j] axes [1, 0] slices [1, s0]
    : tensor<16x?xf32, #mlxir.dims<16, s0>>, tensor<ui8>, tensor<i64> -> tensor<1x?xf32, #mlxir.dims<1, s0>>
  return %r : tensor<1x?xf32, #mlxir.dims<1, s0>>
}

// CHECK-LABEL: @take_along_axis
// CHECK: mlxir.take_along_axis %{{.*}}[%{{.*}}] axis 1 : tensor<4x8xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
func.func @take_along_axis(%x: tensor<4x8xf32>, %i: tensor<4x1xi32>) -> tensor<4x1xf32> {
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
  return %r : tensor<4x1xf32>
}

// CHECK-LABEL: @scatter
// CHECK: mlxir.scatter replace %{{.*}}[%{{.*}}], %{{.*}} axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
// CHECK: mlxir.scatter add
// CHECK: mlxir.scatter multiply
// CHECK: mlxir.scatter maximum
// CHECK: mlxir.scatter minimum
func.func @scatter(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %u: tensor<4x1x8xf32>) -> tensor<16x8xf32> {
  %0 = mlxir.scatter replace %x[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
  %1 = mlxir.scatter add %0[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
  %2 = mlxir.scatter multiply %1[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
  %3 = mlxir.scatter maximum %2[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
  %4 = mlxir.scatter minimum %3[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
  return %4 : tensor<16x8xf32>
}
