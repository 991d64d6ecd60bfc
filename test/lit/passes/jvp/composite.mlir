// A composite with a jvp rule moves as the rule says; another as what it consists of.
// RUN: mlxir-opt %s --mlxir-jvp="function=rule wrt=0" --cse | FileCheck %s --check-prefix=RULE
// RUN: mlxir-opt %s --mlxir-jvp="function=plain" --cse | FileCheck %s --check-prefix=PLAIN

func.func @rule(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "f" (%x, %y) {rules = array<i64: 1>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %e = mlxir.multiply %a, %b : tensor<4xf32>
    mlxir.yield %e : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>, %ta: tensor<4xf32>, %tb: tensor<4xf32>):
    %g = mlxir.logaddexp %ta, %tb : tensor<4xf32>
    mlxir.yield %g : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
// RULE-LABEL: func.func @rule_jvp
// RULE-SAME: (%[[T:.*]]: tensor<4xf32>) -> tensor<4xf32>
// RULE: %[[ZEROS:.*]] = mlxir.broadcast
// RULE: %[[R:.*]] = mlxir.logaddexp %[[T]], %[[ZEROS]]
// RULE: return %[[R]]

func.func @plain(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "f" (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %e = mlxir.exp %a : tensor<4xf32>
    mlxir.yield %e : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
// The result of the composite is a value of the trace: it is kept, and exp is not computed again.
// PLAIN-LABEL: func.func @plain_jvp
// PLAIN-SAME: (%[[E:.*]]: tensor<4xf32> {mlxir.residual = 1 : i64}, %[[T:.*]]: tensor<4xf32>) -> tensor<4xf32>
// PLAIN-NEXT: %[[R:.*]] = mlxir.multiply %[[T]], %[[E]]
// PLAIN-NEXT: return %[[R]]
