// Each check is one more result: where something is wrong first, or a number beyond all positions.
// RUN: mlxir-opt %s --mlxir-insert-checks="nans bounds" | %check
// RUN: mlxir-opt %s --mlxir-insert-checks="bounds" | FileCheck %s --check-prefix=BOUNDS
// RUN: mlxir-opt %s --mlxir-insert-checks | FileCheck %s --check-prefix=NONE

// A NaN of log, then of subtract; the transpose between them only moves elements.
// CHECK-LABEL: func.func @nans
// CHECK-SAME: tensor<3x2xf32>, tensor<i64> {mlxir.check = {function = "log", {{.*}}type = tensor<2x3xf32>}}
// CHECK-SAME: tensor<i64> {mlxir.check = {function = "subtract", {{.*}}type = tensor<3x2xf32>}}
// CHECK: %[[LOG:.*]] = mlxir.log
// CHECK: %[[NAN:.*]] = mlxir.isnan %[[LOG]]
// CHECK: %[[FLAT:.*]] = mlxir.reshape %[[NAN]] : tensor<2x3xi1> -> tensor<6xi1>
// CHECK: %[[AT:.*]] = mlxir.iota axis 0 : tensor<6xi64>
// CHECK: %[[FOUND:.*]] = mlxir.select %[[FLAT]], %[[AT]], %{{.*}} : tensor<6xi1>, tensor<6xi64>
// CHECK: %[[FIRST:.*]] = mlxir.min %[[FOUND]] axes [0] : tensor<6xi64> -> tensor<i64>
// CHECK: return %{{.*}}, %[[FIRST]], %{{.*}}
// BOUNDS-LABEL: func.func @nans(%{{.*}}: tensor<2x3xf32>) -> tensor<3x2xf32>
func.func @nans(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = mlxir.log %x : tensor<2x3xf32>
  %1 = mlxir.transpose %0 [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  %2 = mlxir.subtract %1, %1 : tensor<3x2xf32>
  return %2 : tensor<3x2xf32>
}

// A slice of 3 rows may start at 0 to 7 of 10, or at -10 to -1 counted from the end.
// BOUNDS-LABEL: func.func @gather
// BOUNDS-SAME: tensor<i64> {mlxir.check = {axis = 0 : i64, extent = #mlxir.sizes<10>, function = "gather"
// BOUNDS: %[[WIDE:.*]] = mlxir.cast %{{.*}} : tensor<4xi32> -> tensor<4xi64>
// BOUNDS: mlxir.constant 10 : i64
// BOUNDS: mlxir.constant 8 : i64
// BOUNDS: mlxir.greater_equal
// BOUNDS: mlxir.logical_or
// NONE-LABEL: func.func @gather
// NONE-NEXT: mlxir.gather
// NONE-NEXT: return
func.func @gather(%x: tensor<10x5xf32>, %i: tensor<4xi32>) -> tensor<4x3x5xf32> {
  %0 = mlxir.gather %x[%i] axes [0] slices [3, 5] : tensor<10x5xf32>, tensor<4xi32> -> tensor<4x3x5xf32>
  return %0 : tensor<4x3x5xf32>
}

// BOUNDS-LABEL: func.func @scatter
// BOUNDS-SAME: tensor<i64> {mlxir.check = {axis = 1 : i64, extent = #mlxir.sizes<s0>, function = "scatter"
func.func @scatter(%x: tensor<4x?xf32, #mlxir.dims<4, s0>>, %i: tensor<2xi64>, %u: tensor<2x4x1xf32>)
    -> tensor<4x?xf32, #mlxir.dims<4, s0>> {
  %0 = mlxir.scatter add %x[%i], %u axes [1]
    : tensor<4x?xf32, #mlxir.dims<4, s0>>, tensor<2x4x1xf32>, tensor<2xi64>
  return %0 : tensor<4x?xf32, #mlxir.dims<4, s0>>
}
