// The reverse sweep of a small model: only values that it needs are residuals, each with its number in the trace.
// RUN: mlxir-opt %s --mlxir-vjp="wrt=0,1" --cse | %check

func.func @main(%x: tensor<4x8xf32>, %w: tensor<8x3xf32>, %scale: tensor<f32> {mlxir.literal}) -> tensor<f32> {
  %0 = mlxir.tanh %x : tensor<4x8xf32>
  %1 = mlxir.dot_general %0, %w batch [] x [] contract [1] x [0] : tensor<4x8xf32>, tensor<8x3xf32> -> tensor<4x3xf32>
  %2 = mlxir.broadcast %scale axes [] : tensor<f32> -> tensor<4x3xf32>
  %3 = mlxir.multiply %1, %2 : tensor<4x3xf32>
  %4 = mlxir.sum %3 axes [0, 1] : tensor<4x3xf32> -> tensor<f32>
  return %4 : tensor<f32>
}

// The literal stays one and is broadcast again; neither the product nor the sum is kept.
// CHECK-LABEL: func.func @main_vjp
// CHECK-SAME: (%[[W:.*]]: tensor<8x3xf32> {mlxir.residual = 1 : i64},
// CHECK-SAME: %[[SCALE:.*]]: tensor<f32> {mlxir.literal, mlxir.residual = 2 : i64},
// CHECK-SAME: %[[TANH:.*]]: tensor<4x8xf32> {mlxir.residual = 3 : i64},
// CHECK-SAME: %[[CT:.*]]: tensor<f32>) -> (tensor<4x8xf32>, tensor<8x3xf32>)
// CHECK-DAG: %[[SCALES:.*]] = mlxir.broadcast %[[SCALE]] axes [] : tensor<f32> -> tensor<4x3xf32>
// CHECK-DAG: %[[CTS:.*]] = mlxir.broadcast %[[CT]] axes [] : tensor<f32> -> tensor<4x3xf32>
// CHECK: %[[PRODUCT:.*]] = mlxir.multiply %[[CTS]], %[[SCALES]]
// CHECK-DAG: %[[DX:.*]] = mlxir.dot_general %[[PRODUCT]], %[[W]] batch [] x [] contract [1] x [1]
// CHECK-DAG: %[[DW:.*]] = mlxir.dot_general %[[TANH]], %[[PRODUCT]] batch [] x [] contract [0] x [0]
// CHECK: %[[SQUARE:.*]] = mlxir.multiply %[[TANH]], %[[TANH]]
// CHECK: %[[SLOPE:.*]] = mlxir.subtract %{{.*}}, %[[SQUARE]]
// CHECK: %[[RESULT:.*]] = mlxir.multiply %[[DX]], %[[SLOPE]]
// CHECK: return %[[RESULT]], %[[DW]]
