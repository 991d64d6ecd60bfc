// What computes nothing goes, if that holds for every bit of every value.
// RUN: mlxir-opt %s --mlxir-simplify | %check

// CHECK-LABEL: func.func @floats(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>)
func.func @floats(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %one = mlxir.constant 1.0 : f32
  %zero = mlxir.constant 0.0 : f32
  %minus = mlxir.constant -0.0 : f32
  %ones = mlxir.broadcast %one axes [] : tensor<f32> -> tensor<4xf32>
  %zeros = mlxir.broadcast %zero axes [] : tensor<f32> -> tensor<4xf32>
  %minuses = mlxir.broadcast %minus axes [] : tensor<f32> -> tensor<4xf32>
  %0 = mlxir.multiply %ones, %x : tensor<4xf32>
  %1 = mlxir.divide %0, %ones : tensor<4xf32>
  %2 = mlxir.subtract %1, %zeros : tensor<4xf32>
  %3 = mlxir.add %minuses, %2 : tensor<4xf32>
  %4 = mlxir.negative %3 : tensor<4xf32>
  %5 = mlxir.negative %4 : tensor<4xf32>
  %6 = mlxir.copy %5 : tensor<4xf32>
  %7 = mlxir.stop_gradient %6 : tensor<4xf32>
  // -0 + 0 is 0, so this stays.
  // CHECK: %[[SUM:.*]] = mlxir.add %[[X]], %{{.*}}
  %8 = mlxir.add %x, %zeros : tensor<4xf32>
  // CHECK: return %[[X]], %[[SUM]]
  return %7, %8 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @integers(
// CHECK-SAME: %[[X:.*]]: tensor<4xui8>, %[[B:.*]]: tensor<4xi1>)
func.func @integers(%x: tensor<4xui8>, %b: tensor<4xi1>) -> (tensor<4xui8>, tensor<4xui8>, tensor<4xi1>) {
  %zero = mlxir.constant 0 : ui8
  %true = mlxir.constant true
  %zeros = mlxir.broadcast %zero axes [] : tensor<ui8> -> tensor<4xui8>
  %trues = mlxir.broadcast %true axes [] : tensor<i1> -> tensor<4xi1>
  %0 = mlxir.add %zeros, %x : tensor<4xui8>
  %1 = mlxir.multiply %x, %zeros : tensor<4xui8>
  %2 = mlxir.multiply %b, %trues : tensor<4xi1>
  // CHECK: %[[ZEROS:.*]] = mlxir.broadcast
  // CHECK: return %[[X]], %[[ZEROS]], %[[B]]
  return %0, %1, %2 : tensor<4xui8>, tensor<4xui8>, tensor<4xi1>
}

// CHECK-LABEL: func.func @powers(
// CHECK-SAME: %[[X:.*]]: tensor<f32>, %[[B:.*]]: tensor<i1>)
func.func @powers(%x: tensor<f32>, %b: tensor<i1>) -> (tensor<f32>, tensor<f32>, tensor<f32>, tensor<i1>) {
  %2 = mlxir.constant 2.0 : f32
  %3 = mlxir.constant 3.0 : f32
  %half = mlxir.constant 0.5 : f32
  %false = mlxir.constant false
  // CHECK-DAG: %[[SQUARE:.*]] = mlxir.multiply %[[X]], %[[X]]
  %4 = mlxir.power %x, %2 : tensor<f32>
  // CHECK-DAG: %[[CUBE:.*]] = mlxir.multiply %[[SQUARE]], %[[X]]
  %5 = mlxir.power %x, %3 : tensor<f32>
  // CHECK-DAG: %[[ROOT:.*]] = mlxir.power %[[X]]
  %6 = mlxir.power %x, %half : tensor<f32>
  // CHECK-DAG: %[[BOOL:.*]] = mlxir.power %[[B]]
  %7 = mlxir.power %b, %false : tensor<i1>
  // CHECK: return %[[SQUARE]], %[[CUBE]], %[[ROOT]], %[[BOOL]]
  return %4, %5, %6, %7 : tensor<f32>, tensor<f32>, tensor<f32>, tensor<i1>
}

// CHECK-LABEL: func.func @choices(
// CHECK-SAME: %[[C:.*]]: tensor<4xi1>, %[[X:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<4xf32>)
func.func @choices(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi1>) {
  %false = mlxir.constant false
  %falses = mlxir.broadcast %false axes [] : tensor<i1> -> tensor<4xi1>
  %0 = mlxir.select %c, %x, %x : tensor<4xi1>, tensor<4xf32>
  %1 = mlxir.select %falses, %x, %y : tensor<4xi1>, tensor<4xf32>
  %2 = mlxir.logical_not %c : tensor<4xi1>
  %3 = mlxir.logical_not %2 : tensor<4xi1>
  // CHECK-NEXT: return %[[X]], %[[Y]], %[[C]]
  return %0, %1, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xi1>
}

// CHECK-LABEL: func.func @casts(
// CHECK-SAME: %[[X:.*]]: tensor<4xf16>, %[[I:.*]]: tensor<4xi32>)
func.func @casts(%x: tensor<4xf16>, %i: tensor<4xi32>) -> (tensor<4xf16>, tensor<4xi32>, tensor<4xf64>, tensor<4xi32>) {
  %0 = mlxir.cast %x : tensor<4xf16> -> tensor<4xf32>
  %1 = mlxir.cast %0 : tensor<4xf32> -> tensor<4xf16>
  // f32 does not hold every i32, f64 does.
  // CHECK-DAG: %[[ROUNDED:.*]] = mlxir.cast %[[I]] : tensor<4xi32> -> tensor<4xf32>
  // CHECK-DAG: %[[BACK:.*]] = mlxir.cast %[[ROUNDED]] : tensor<4xf32> -> tensor<4xi32>
  %2 = mlxir.cast %i : tensor<4xi32> -> tensor<4xf32>
  %3 = mlxir.cast %2 : tensor<4xf32> -> tensor<4xi32>
  // CHECK-DAG: %[[WIDE:.*]] = mlxir.cast %[[X]] : tensor<4xf16> -> tensor<4xf64>
  %4 = mlxir.cast %0 : tensor<4xf32> -> tensor<4xf64>
  %5 = mlxir.cast %i : tensor<4xi32> -> tensor<4xf64>
  %6 = mlxir.cast %5 : tensor<4xf64> -> tensor<4xi32>
  // CHECK: return %[[X]], %[[BACK]], %[[WIDE]], %[[I]]
  return %1, %3, %4, %6 : tensor<4xf16>, tensor<4xi32>, tensor<4xf64>, tensor<4xi32>
}
