// Only ops between the named arguments and the named results are visited.
// RUN: mlxir-opt %s --mlxir-vjp="function=paths wrt=0 of=1" --cse | FileCheck %s --check-prefix=PATHS
// RUN: mlxir-opt %s --mlxir-vjp="function=unused wrt=1,0" --cse | FileCheck %s --check-prefix=UNUSED
// RUN: mlxir-opt %s --mlxir-vjp="function=twice" --cse | FileCheck %s --check-prefix=TWICE
// RUN: mlxir-opt %s --mlxir-vjp="function=integers" --cse | FileCheck %s --check-prefix=INTEGERS
// RUN: mlxir-opt %s --mlxir-vjp="function=stopped" --cse | FileCheck %s --check-prefix=STOPPED
// RUN: mlxir-opt %s --mlxir-vjp="function=through" --cse | FileCheck %s --check-prefix=THROUGH

// The first result has no cotangent, so nothing of it is differentiated.
func.func @paths(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = mlxir.exp %x : tensor<4xf32>
  %1 = mlxir.multiply %x, %y : tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
// PATHS-LABEL: func.func @paths_vjp
// PATHS-SAME: (%[[Y:.*]]: tensor<4xf32> {mlxir.residual = 1 : i64}, %[[CT:.*]]: tensor<4xf32>) -> tensor<4xf32>
// PATHS-NEXT: %[[R:.*]] = mlxir.multiply %[[CT]], %[[Y]]
// PATHS-NEXT: return %[[R]]

// What no result depends on gets zeros; gradients come in the order of wrt.
func.func @unused(%x: tensor<4xf32>, %y: tensor<2x3xf64>) -> tensor<4xf32> {
  %0 = mlxir.negative %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}
// UNUSED-LABEL: func.func @unused_vjp
// UNUSED-SAME: (%[[CT:.*]]: tensor<4xf32>) -> (tensor<2x3xf64>, tensor<4xf32>)
// UNUSED-DAG: %[[ZERO:.*]] = mlxir.constant 0.000000e+00 : f64
// UNUSED-DAG: %[[ZEROS:.*]] = mlxir.broadcast %[[ZERO]] axes [] : tensor<f64> -> tensor<2x3xf64>
// UNUSED-DAG: %[[NEGATIVE:.*]] = mlxir.negative %[[CT]]
// UNUSED: return %[[ZEROS]], %[[NEGATIVE]]

// Gradients that meet at a value are added; a value that is returned twice has two cotangents.
func.func @twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = mlxir.add %x, %x : tensor<4xf32>
  return %0, %0 : tensor<4xf32>, tensor<4xf32>
}
// TWICE-LABEL: func.func @twice_vjp
// TWICE-SAME: (%[[A:.*]]: tensor<4xf32>, %[[B:.*]]: tensor<4xf32>) -> tensor<4xf32>
// TWICE-NEXT: %[[SUM:.*]] = mlxir.add %[[A]], %[[B]]
// TWICE-NEXT: %[[R:.*]] = mlxir.add %[[SUM]], %[[SUM]]
// TWICE-NEXT: return %[[R]]

// Integers are not differentiated; comparisons end a path.
func.func @integers(%x: tensor<4xf32>, %i: tensor<4xi32>) -> (tensor<4xf32>, tensor<4xi1>) {
  %0 = mlxir.cast %i : tensor<4xi32> -> tensor<4xf32>
  %1 = mlxir.less %x, %0 : tensor<4xf32>
  %2 = mlxir.select %1, %x, %0 : tensor<4xi1>, tensor<4xf32>
  return %2, %1 : tensor<4xf32>, tensor<4xi1>
}
// INTEGERS-LABEL: func.func @integers_vjp
// INTEGERS-SAME: (%[[C:.*]]: tensor<4xi1> {mlxir.residual = 3 : i64}, %[[CT:.*]]: tensor<4xf32>) -> tensor<4xf32>
// INTEGERS: mlxir.select %[[C]], %[[CT]],

func.func @stopped(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.stop_gradient %x : tensor<4xf32>
  %1 = mlxir.multiply %0, %x : tensor<4xf32>
  return %1 : tensor<4xf32>
}
// A stop costs nothing to compute again, so its operand is the residual.
// STOPPED-LABEL: func.func @stopped_vjp
// STOPPED-SAME: (%[[X:.*]]: tensor<4xf32> {mlxir.residual = 0 : i64}, %[[CT:.*]]: tensor<4xf32>) -> tensor<4xf32>
// STOPPED-NEXT: %[[S:.*]] = mlxir.stop_gradient %[[X]]
// STOPPED-NEXT: %[[R:.*]] = mlxir.multiply %[[CT]], %[[S]]
// STOPPED-NEXT: return %[[R]]

func.func @through(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
// THROUGH-LABEL: func.func @through_vjp
// THROUGH-SAME: (%[[CT:.*]]: tensor<4xf32>) -> tensor<4xf32>
// THROUGH-NEXT: return %[[CT]]
