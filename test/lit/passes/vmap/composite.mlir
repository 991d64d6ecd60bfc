// A composite becomes what it consists of, but one with derivative rules stays, with its rules batched: the gradient of
// an operand that the batch shares is summed over the batch.
// RUN: mlxir-opt %s --mlxir-vmap="batched=1,0 size=5" --cse | %check
// RUN: mlxir-opt %s --mlxir-vmap="function=plain batched=1 size=5" --cse | FileCheck %s --check-prefix=PLAIN
// RUN: mlxir-opt %s --mlxir-vmap="batched=1,0 size=5" --mlxir-vjp="function=main_vmap" --cse | FileCheck %s --check-prefix=VJP

func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "f" (%x, %y) {rules = array<i64: 0>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %e = mlxir.multiply %a, %b : tensor<4xf32>
    mlxir.yield %e : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>, %ct: tensor<4xf32>):
    %g = mlxir.tanh %ct : tensor<4xf32>
    mlxir.yield %b, %g : tensor<4xf32>, tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
// CHECK-LABEL: func.func @main_vmap
// CHECK: mlxir.composite "vmap(f)"
// CHECK-SAME: (tensor<5x4xf32>, tensor<4xf32>) -> tensor<5x4xf32>
// CHECK: ^bb0(%[[A:.*]]: tensor<5x4xf32>, %[[B:.*]]: tensor<4xf32>):
// CHECK: ^bb0(%[[A:.*]]: tensor<5x4xf32>, %[[B:.*]]: tensor<4xf32>, %[[CT:.*]]: tensor<5x4xf32>):
// CHECK: %[[G:.*]] = mlxir.tanh %[[CT]]
// CHECK: %[[DA:.*]] = mlxir.broadcast %[[B]] axes [1] : tensor<4xf32> -> tensor<5x4xf32>
// CHECK: %[[DB:.*]] = mlxir.sum %[[G]] axes [0] : tensor<5x4xf32> -> tensor<4xf32>
// CHECK: mlxir.yield %[[DA]], %[[DB]]

// VJP-LABEL: func.func @main_vmap_vjp
// VJP-SAME: (%[[B:.*]]: tensor<4xf32> {mlxir.residual = 1 : i64}, %[[CT:.*]]: tensor<5x4xf32>)
// VJP: %[[G:.*]] = mlxir.tanh %[[CT]]
// VJP: mlxir.sum %[[G]] axes [0]

func.func @plain(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "f" (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %e = mlxir.exp %a : tensor<4xf32>
    mlxir.yield %e : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
// PLAIN-LABEL: func.func @plain_vmap
// PLAIN-NEXT: %[[R:.*]] = mlxir.exp %{{.*}} : tensor<5x4xf32>
// PLAIN-NEXT: return %[[R]]
