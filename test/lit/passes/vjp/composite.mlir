// A composite with a vjp rule is differentiated by it; another as what it consists of. Values inside of one have no
// number, so they are computed again.
// RUN: mlxir-opt %s --mlxir-vjp="function=rule" --cse | FileCheck %s --check-prefix=RULE
// RUN: mlxir-opt %s --mlxir-vjp="function=plain" --cse | FileCheck %s --check-prefix=PLAIN
// RUN: mlxir-opt %s --mlxir-vjp="function=numbers" --cse | FileCheck %s --check-prefix=NUMBERS

func.func @rule(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "clipped" (%x) {rules = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %e = mlxir.exp %a : tensor<4xf32>
    mlxir.yield %e : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %ct: tensor<4xf32>):
    %g = mlxir.tanh %ct : tensor<4xf32>
    mlxir.yield %g : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
// RULE-LABEL: func.func @rule_vjp
// RULE-SAME: (%[[CT:.*]]: tensor<4xf32>) -> tensor<4xf32>
// RULE-NEXT: %[[R:.*]] = mlxir.tanh %[[CT]]
// RULE-NEXT: return %[[R]]

func.func @plain(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "silu" (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %s = mlxir.sigmoid %a : tensor<4xf32>
    %p = mlxir.multiply %a, %s : tensor<4xf32>
    mlxir.yield %p : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
// PLAIN-LABEL: func.func @plain_vjp
// PLAIN-SAME: (%[[X:.*]]: tensor<4xf32> {mlxir.residual = 0 : i64}, %[[CT:.*]]: tensor<4xf32>) -> tensor<4xf32>
// PLAIN-NEXT: %[[S:.*]] = mlxir.sigmoid %[[X]]
// PLAIN-DAG: mlxir.multiply %[[CT]], %[[S]]
// PLAIN-DAG: mlxir.multiply %[[CT]], %[[X]]

// The result of a composite and what comes after it keep the numbers that they have in the trace.
func.func @numbers(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "twice_exp" (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %e = mlxir.exp %a : tensor<4xf32>
    %f = mlxir.exp %e : tensor<4xf32>
    mlxir.yield %f : tensor<4xf32>
  }
  %1 = mlxir.exp %0 : tensor<4xf32>
  return %1 : tensor<4xf32>
}
// NUMBERS-LABEL: func.func @numbers_vjp
// NUMBERS-SAME: (%[[X:.*]]: tensor<4xf32> {mlxir.residual = 0 : i64},
// NUMBERS-SAME: %[[F:.*]]: tensor<4xf32> {mlxir.residual = 1 : i64},
// NUMBERS-SAME: %[[G:.*]]: tensor<4xf32> {mlxir.residual = 2 : i64}, %[[CT:.*]]: tensor<4xf32>)
// NUMBERS-NEXT: %[[E:.*]] = mlxir.exp %[[X]]
// NUMBERS-NEXT: %[[A:.*]] = mlxir.multiply %[[CT]], %[[G]]
// NUMBERS-NEXT: %[[B:.*]] = mlxir.multiply %[[A]], %[[F]]
// NUMBERS-NEXT: %[[C:.*]] = mlxir.multiply %[[B]], %[[E]]
// NUMBERS-NEXT: return %[[C]]
