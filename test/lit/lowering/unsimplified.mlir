// What simplification would have removed is lowered all the same.
// RUN: mlxir-opt %s --mlxir-form-kernels --mlxir-lower-kernels --mlxir-cpu-loops="cpu=x86-64-v3" | %check
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// A contraction that sums nothing is a product.
// CHECK: func.func @kernel_0
// CHECK-NOT: addf
// CHECK: arith.mulf {{.*}} : vector<8xf32>
// CHECK-NOT: addf
func.func @outer(%x: tensor<4xf32>, %y: tensor<8xf32>) -> tensor<4x8xf32> {
  %r = mlxir.dot_general %x, %y batch [] x [] contract [] x [] : tensor<4xf32>, tensor<8xf32> -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
