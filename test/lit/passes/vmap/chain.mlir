// The batch is a new first dim. What depends on no batched argument stays as it was, and is broadcast only where it has
// to be.
// RUN: mlxir-opt %s --mlxir-vmap="batched=1,0,0 size=5" --cse | %check
// RUN: mlxir-opt %s --mlxir-vmap="batched=1,1,0 size=s0" --cse | FileCheck %s --check-prefix=BOTH

func.func @main(%x: tensor<4x8xf32>, %w: tensor<8x3xf32>, %b: tensor<3xf32>) -> (tensor<4x3xf32>, tensor<3xf32>) {
  %0 = mlxir.dot_general %x, %w batch [] x [] contract [1] x [0] : tensor<4x8xf32>, tensor<8x3xf32> -> tensor<4x3xf32>
  %1 = mlxir.tanh %b : tensor<3xf32>
  %2 = mlxir.broadcast %1 axes [1] : tensor<3xf32> -> tensor<4x3xf32>
  %3 = mlxir.add %0, %2 : tensor<4x3xf32>
  return %3, %1 : tensor<4x3xf32>, tensor<3xf32>
}
// CHECK-LABEL: func.func @main_vmap
// CHECK-SAME: (%[[X:.*]]: tensor<5x4x8xf32>, %[[W:.*]]: tensor<8x3xf32>, %[[B:.*]]: tensor<3xf32>)
// CHECK-SAME: -> (tensor<5x4x3xf32>, tensor<3xf32>) attributes {mlxir.batched = array<i64: 1, 0>}
// CHECK-DAG: %[[D:.*]] = mlxir.dot_general %[[X]], %[[W]] batch [] x [] contract [2] x [0]
// CHECK-DAG: %[[T:.*]] = mlxir.tanh %[[B]] : tensor<3xf32>
// CHECK-DAG: %[[S:.*]] = mlxir.broadcast %[[T]] axes [1] : tensor<3xf32> -> tensor<4x3xf32>
// CHECK-DAG: %[[R:.*]] = mlxir.broadcast %[[S]] axes [1, 2] : tensor<4x3xf32> -> tensor<5x4x3xf32>
// CHECK: %[[A:.*]] = mlxir.add %[[D]], %[[R]]
// CHECK: return %[[A]], %[[T]]

// BOTH-LABEL: func.func @main_vmap
// BOTH: mlxir.dot_general %{{.*}}, %{{.*}} batch [0] x [0] contract [2] x [1]
// BOTH-SAME: -> tensor<?x4x3xf32, #mlxir.dims<s0, 4, 3>>
