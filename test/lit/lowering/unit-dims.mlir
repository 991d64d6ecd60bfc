// A stage that reads what an earlier one left in memory names dims of extent 1 as well: the tensor has them.
// RUN: mlxir-opt %s --mlxir-lower-kernels | FileCheck %s

// CHECK: #[[$UNIT:.*]] = affine_map<(d0, d1) -> (0, d0, d1)>
// CHECK-LABEL: func.func private @normalized
// CHECK: %[[DIVIDED:[0-9]+]] = linalg.generic {{.*}}outs(%{{[0-9]+}} : tensor<1x3x5xf32>)
// CHECK: linalg.generic {indexing_maps = [#[[$UNIT]], {{.*}}"reduction"{{.*}} ins(%[[DIVIDED]] : tensor<1x3x5xf32>)
func.func private @normalized(%arg0: tensor<3x5xf32>, %arg1: tensor<1x3x5xf32>) -> (tensor<1x3x5xf32>, tensor<3xf32>)
    attributes {mlxir.domain = tensor<3x5xi1>, mlxir.kernel, mlxir.reduced = array<i64: 1>, mlxir.symbols = array<i64>} {
  %0 = mlxir.max %arg0 axes [1] {mlxir.dims = array<i64: 0>} : tensor<3x5xf32> -> tensor<3xf32>
  %1 = mlxir.broadcast %0 axes [1] : tensor<3xf32> -> tensor<1x3x5xf32>
  %2 = mlxir.divide %arg1, %1 {mlxir.dims = array<i64: -1, 0, 1>} : tensor<1x3x5xf32>
  %3 = mlxir.reshape %2 : tensor<1x3x5xf32> -> tensor<3x5xf32>
  %4 = mlxir.sum %3 axes [1] {mlxir.dims = array<i64: 0>} : tensor<3x5xf32> -> tensor<3xf32>
  return %2, %4 : tensor<1x3x5xf32>, tensor<3xf32>
}
