// Operands that lie along another dim than the vectors are read in tiles that are transposed in registers.
// RUN: mlxir-opt %s --mlxir-cpu-loops="cpu=x86-64-v3" | FileCheck %s

// CHECK-LABEL: func.func @tiled
// CHECK-NOT: gather
// CHECK: scf.for
// CHECK: scf.for
// CHECK-COUNT-24: vector.shuffle
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK-NOT: gather
// CHECK: return
func.func private @tiled(%arg0: tensor<128x64xf32>) -> tensor<64x128xf32> attributes {mlxir.domain = tensor<64x128xi1>} {
  %0 = tensor.empty() : tensor<64x128xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%arg0 : tensor<128x64xf32>) outs(%0 : tensor<64x128xf32>) attrs = {mlxir.dims = array<i64: 0, 1>} {
  ^bb0(%in: f32, %out: f32):
    %2 = arith.addf %in, %in : f32
    linalg.yield %2 : f32
  } -> tensor<64x128xf32>
  return %1 : tensor<64x128xf32>
}

// Few columns are gathered.
// CHECK-LABEL: func.func @short
// CHECK-NOT: vector.shuffle
// CHECK: gather
func.func private @short(%arg0: tensor<128x3xf32>) -> tensor<3x128xf32> attributes {mlxir.domain = tensor<3x128xi1>} {
  %0 = tensor.empty() : tensor<3x128xf32>
  %1 = linalg.generic {
      indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%arg0 : tensor<128x3xf32>) outs(%0 : tensor<3x128xf32>) attrs = {mlxir.dims = array<i64: 0, 1>} {
  ^bb0(%in: f32, %out: f32):
    %2 = arith.addf %in, %in : f32
    linalg.yield %2 : f32
  } -> tensor<3x128xf32>
  return %1 : tensor<3x128xf32>
}
