// Forward mode: one tangent per argument that moves, one per result; what does not move gets zeros.
// RUN: mlxir-opt %s --mlxir-jvp="wrt=0" --cse | %check
// RUN: mlxir-opt %s --mlxir-jvp="function=linear" --cse | FileCheck %s --check-prefix=LINEAR

func.func @main(%x: tensor<4x8xf32>, %w: tensor<8x3xf32>) -> (tensor<4x3xf32>, tensor<8x3xf32>, tensor<4x8xi1>) {
  %0 = mlxir.exp %x : tensor<4x8xf32>
  %1 = mlxir.dot_general %0, %w batch [] x [] contract [1] x [0] : tensor<4x8xf32>, tensor<8x3xf32> -> tensor<4x3xf32>
  %2 = mlxir.sin %w : tensor<8x3xf32>
  %3 = mlxir.isnan %x : tensor<4x8xf32>
  return %1, %2, %3 : tensor<4x3xf32>, tensor<8x3xf32>, tensor<4x8xi1>
}
// CHECK-LABEL: func.func @main_jvp
// CHECK-SAME: (%[[W:.*]]: tensor<8x3xf32> {mlxir.residual = 1 : i64}, %[[E:.*]]: tensor<4x8xf32> {mlxir.residual = 2 : i64},
// CHECK-SAME: %[[T:.*]]: tensor<4x8xf32>) -> (tensor<4x3xf32>, tensor<8x3xf32>, tensor<4x8xi1>)
// CHECK: %[[M:.*]] = mlxir.multiply %[[T]], %[[E]]
// CHECK: %[[D:.*]] = mlxir.dot_general %[[M]], %[[W]] batch [] x [] contract [1] x [0]
// CHECK: mlxir.constant 0.000000e+00 : f32
// CHECK: %[[ZERO:.*]] = mlxir.broadcast {{.*}} -> tensor<8x3xf32>
// CHECK: mlxir.constant false
// CHECK: return %[[D]], %[[ZERO]],

// A linear op is applied to the tangents; an operand that does not move counts as zeros.
func.func @linear(%x: tensor<4xf32>, %y: tensor<3xf32>) -> tensor<7xf32> {
  %0 = mlxir.stop_gradient %y : tensor<3xf32>
  %1 = mlxir.concatenate %x, %0 axis 0 : (tensor<4xf32>, tensor<3xf32>) -> tensor<7xf32>
  return %1 : tensor<7xf32>
}
// LINEAR-LABEL: func.func @linear_jvp
// LINEAR-SAME: (%[[X:.*]]: tensor<4xf32>, %{{.*}}: tensor<3xf32>)
// LINEAR: %[[ZEROS:.*]] = mlxir.broadcast {{.*}} -> tensor<3xf32>
// LINEAR: mlxir.concatenate %[[X]], %[[ZEROS]] axis 0
