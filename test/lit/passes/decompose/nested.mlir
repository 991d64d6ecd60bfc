// Composites inside of composites go too, but those that are kept.
// RUN: mlxir-opt %s --mlxir-decompose | %check
// RUN: mlxir-opt %s --mlxir-decompose="keep=inner" | FileCheck %s --check-prefix=KEEP

func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mlxir.composite "outer" (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = mlxir.composite "inner" (%a) : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb1(%b: tensor<4xf32>):
      %e = mlxir.exp %b : tensor<4xf32>
      mlxir.yield %e : tensor<4xf32>
    }
    %2 = mlxir.multiply %1, %a : tensor<4xf32>
    mlxir.yield %2 : tensor<4xf32>
  }
  %3 = mlxir.composite "identity" (%0) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }
  return %3 : tensor<4xf32>
}
// CHECK-LABEL: func.func @f(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>)
// CHECK-NEXT: %[[E:.*]] = mlxir.exp %[[X]]
// CHECK-NEXT: %[[P:.*]] = mlxir.multiply %[[E]], %[[X]]
// CHECK-NEXT: return %[[P]]

// KEEP-LABEL: func.func @f(
// KEEP-NOT: "outer"
// KEEP: %[[I:.*]] = mlxir.composite "inner"
// KEEP: mlxir.multiply %[[I]]
