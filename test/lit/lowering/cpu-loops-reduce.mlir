// Rows and columns of 4096 numbers are added by one tree: 64 lanes, folded in halves (docs/numerics.md).
// RUN: mlxir-opt %s --mlxir-cpu-loops="cpu=x86-64-v4" | FileCheck %s

// Vectors along the row: four registers of 16 lanes, two folds of registers, then of lanes.
// CHECK-LABEL: func.func @rows
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK-COUNT-4: arith.addf {{.*}} : vector<16xf32>
// CHECK: scf.yield
// CHECK-COUNT-3: arith.addf {{.*}} : vector<16xf32>
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: arith.addf {{.*}} : vector<4xf32>
// CHECK: arith.addf {{.*}} : vector<2xf32>
// CHECK: arith.addf {{.*}} : f32
func.func private @rows(%arg0: tensor<32x4096xf32>) -> tensor<32xf32> attributes {mlxir.domain = tensor<32x4096xi1>} {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<32xf32>) -> tensor<32xf32>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%arg0 : tensor<32x4096xf32>) outs(%init : tensor<32xf32>) attrs = {mlxir.dims = array<i64: 0, 1>} {
  ^bb0(%in: f32, %out: f32):
    %taken = builtin.unrealized_conversion_cast %in : f32 to f32 {mlxir.accumulator = 0 : i64}
    %next = arith.addf %out, %taken : f32
    linalg.yield %next : f32
  } -> tensor<32xf32>
  return %sum : tensor<32xf32>
}

// Vectors across: lanes one after the other, rows 64 apart, four of them for one visit of the tile; then a counter.
// CHECK-LABEL: func.func @columns
// CHECK: llvm.intr.bitreverse
// CHECK: scf.for {{.*}} step %c256
// CHECK: scf.for {{.*}} step %c16
// CHECK-COUNT-4: arith.addf {{.*}} : vector<16xf32>
// CHECK-NOT: arith.addf
// CHECK: llvm.store
// CHECK: scf.for {{.*}} step %c64
// CHECK: arith.addf {{.*}} : vector<16xf32>
// CHECK: llvm.intr.cttz
// CHECK: arith.addf {{.*}} : vector<16xf32>
// CHECK-NOT: : vector<8xf32>
// CHECK: return
func.func private @columns(%arg0: tensor<4096x512xf32>) -> tensor<512xf32> attributes {mlxir.domain = tensor<4096x512xi1>} {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<512xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<512xf32>) -> tensor<512xf32>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>],
      iterator_types = ["reduction", "parallel"]}
      ins(%arg0 : tensor<4096x512xf32>) outs(%init : tensor<512xf32>) attrs = {mlxir.dims = array<i64: 0, 1>} {
  ^bb0(%in: f32, %out: f32):
    %taken = builtin.unrealized_conversion_cast %in : f32 to f32 {mlxir.accumulator = 0 : i64}
    %next = arith.addf %out, %taken : f32
    linalg.yield %next : f32
  } -> tensor<512xf32>
  return %sum : tensor<512xf32>
}
