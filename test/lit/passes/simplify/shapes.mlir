// Ops that only move elements are merged, and brought to where they cost nothing.
// RUN: mlxir-opt %s --mlxir-simplify | %check

// A reduction that keeps its dims is broadcast as one that does not.
// CHECK-LABEL: func.func @keepdims(
// CHECK-SAME: %[[X:.*]]: tensor<4x8xf32>)
func.func @keepdims(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK-NEXT: %[[M:.*]] = mlxir.max %[[X]] axes [1]
  // CHECK-NEXT: %[[B:.*]] = mlxir.broadcast %[[M]] axes [0] : tensor<4xf32> -> tensor<4x8xf32>
  // CHECK-NEXT: mlxir.subtract %[[X]], %[[B]]
  %m = mlxir.max %x axes [1] : tensor<4x8xf32> -> tensor<4xf32>
  %r = mlxir.reshape %m : tensor<4xf32> -> tensor<4x1xf32>
  %b = mlxir.broadcast %r axes [0, 1] : tensor<4x1xf32> -> tensor<4x8xf32>
  %s = mlxir.subtract %x, %b : tensor<4x8xf32>
  return %s : tensor<4x8xf32>
}

// Reshapes move up to the arguments.
// CHECK-LABEL: func.func @hoist(
// CHECK-SAME: %[[X:.*]]: tensor<?x3x8xf32, #mlxir.dims<s0, 3, 8>>, %[[BIAS:.*]]: tensor<8xf32>)
func.func @hoist(%x: tensor<?x3x8xf32, #mlxir.dims<s0, 3, 8>>, %bias: tensor<8xf32>) -> tensor<?x8xf32, #mlxir.dims<s0*3, 8>> {
  // CHECK-DAG: %[[R:.*]] = mlxir.reshape %[[X]] : {{.*}} -> tensor<?x8xf32, #mlxir.dims<s0*3, 8>>
  // CHECK-DAG: %[[B:.*]] = mlxir.broadcast %[[BIAS]] axes [1] : tensor<8xf32> -> tensor<?x8xf32, #mlxir.dims<s0*3, 8>>
  // CHECK: %[[A:.*]] = mlxir.add %[[R]], %[[B]]
  // CHECK: %[[T:.*]] = mlxir.tanh %[[A]]
  // CHECK: return %[[T]]
  %0 = mlxir.broadcast %bias axes [2] : tensor<8xf32> -> tensor<?x3x8xf32, #mlxir.dims<s0, 3, 8>>
  %1 = mlxir.add %x, %0 : tensor<?x3x8xf32, #mlxir.dims<s0, 3, 8>>
  %2 = mlxir.tanh %1 : tensor<?x3x8xf32, #mlxir.dims<s0, 3, 8>>
  %3 = mlxir.reshape %2 : tensor<?x3x8xf32, #mlxir.dims<s0, 3, 8>> -> tensor<?x8xf32, #mlxir.dims<s0*3, 8>>
  return %3 : tensor<?x8xf32, #mlxir.dims<s0*3, 8>>
}

// A value that is wanted in two shapes is computed once; a dim that is partly repetition cannot be told apart.
// CHECK-LABEL: func.func @stay(
func.func @stay(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> (tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>) {
  // CHECK: %[[E:.*]] = mlxir.exp %{{.*}} : tensor<2x3xf32>
  // CHECK: mlxir.reshape %[[E]] : tensor<2x3xf32> -> tensor<6xf32>
  %0 = mlxir.exp %x : tensor<2x3xf32>
  %1 = mlxir.reshape %0 : tensor<2x3xf32> -> tensor<6xf32>
  // CHECK: %[[B:.*]] = mlxir.broadcast %{{.*}} axes [1] : tensor<3xf32> -> tensor<2x3xf32>
  // CHECK: mlxir.reshape %[[B]]
  %2 = mlxir.broadcast %y axes [1] : tensor<3xf32> -> tensor<2x3xf32>
  %3 = mlxir.reshape %2 : tensor<2x3xf32> -> tensor<6xf32>
  return %1, %0, %3 : tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>
}

// Elementwise ops on broadcasts work on the small arrays.
// CHECK-LABEL: func.func @sink(
// CHECK-SAME: %[[X:.*]]: tensor<f32>, %[[Y:.*]]: tensor<4xf32>)
func.func @sink(%x: tensor<f32>, %y: tensor<4xf32>) -> tensor<3x4xf32> {
  // CHECK: %[[E:.*]] = mlxir.exp %[[X]] : tensor<f32>
  // CHECK: %[[B:.*]] = mlxir.broadcast %[[E]] axes [] : tensor<f32> -> tensor<4xf32>
  // CHECK: %[[P:.*]] = mlxir.multiply %[[B]], %[[Y]] : tensor<4xf32>
  // CHECK: mlxir.broadcast %[[P]] axes [1] : tensor<4xf32> -> tensor<3x4xf32>
  %a = mlxir.broadcast %x axes [] : tensor<f32> -> tensor<3x4xf32>
  %b = mlxir.broadcast %y axes [1] : tensor<4xf32> -> tensor<3x4xf32>
  %c = mlxir.exp %a : tensor<3x4xf32>
  %d = mlxir.multiply %c, %b : tensor<3x4xf32>
  return %d : tensor<3x4xf32>
}

// A number that is an argument has no memory to look at in another shape: it is broadcast.
// CHECK-LABEL: func.func @numbers(
func.func @numbers(%x: tensor<f32> {mlxir.literal}, %y: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK-NOT: mlxir.reshape
  // CHECK: mlxir.broadcast %{{.*}} axes [] : tensor<f32> -> tensor<1x1xf32>
  %0 = mlxir.reshape %x : tensor<f32> -> tensor<1x1xf32>
  %1 = mlxir.divide %y, %0 : tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Contractions read transposed operands as they are, unless free dims would change places.
// CHECK-LABEL: func.func @contractions(
// CHECK-SAME: %[[X:.*]]: tensor<8x4xf32>, %[[Y:.*]]: tensor<3x8xf32>, %[[Z:.*]]: tensor<2x4x8xf32>)
func.func @contractions(%x: tensor<8x4xf32>, %y: tensor<3x8xf32>, %z: tensor<2x4x8xf32>) -> (tensor<4x3xf32>, tensor<4x2x3xf32>) {
  // CHECK: mlxir.dot_general %[[X]], %[[Y]] batch [] x [] contract [0] x [1]
  %0 = mlxir.transpose %x [1, 0] : tensor<8x4xf32> -> tensor<4x8xf32>
  %1 = mlxir.transpose %y [1, 0] : tensor<3x8xf32> -> tensor<8x3xf32>
  %2 = mlxir.dot_general %0, %1 batch [] x [] contract [1] x [0] : tensor<4x8xf32>, tensor<8x3xf32> -> tensor<4x3xf32>
  // CHECK: %[[T:.*]] = mlxir.transpose %[[Z]] [1, 0, 2]
  // CHECK: mlxir.dot_general %[[T]], %[[Y]] batch [] x [] contract [2] x [1]
  %3 = mlxir.transpose %z [1, 0, 2] : tensor<2x4x8xf32> -> tensor<4x2x8xf32>
  %4 = mlxir.dot_general %3, %1 batch [] x [] contract [2] x [0] : tensor<4x2x8xf32>, tensor<8x3xf32> -> tensor<4x2x3xf32>
  return %2, %4 : tensor<4x3xf32>, tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @moves(
// CHECK-SAME: %[[X:.*]]: tensor<4x8xf32>, %[[Y:.*]]: tensor<4x8xf32>)
func.func @moves(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x2xf32>, tensor<4x8xf32>, tensor<4x1x8xf32>) {
  %0 = mlxir.transpose %x [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
  %1 = mlxir.transpose %0 [1, 0] : tensor<8x4xf32> -> tensor<4x8xf32>
  // CHECK-DAG: %[[S:.*]] = mlxir.slice %[[X]] starts [0, 5] strides [1, -2] : tensor<4x8xf32> -> tensor<4x2xf32>
  %2 = mlxir.slice %x starts [0, 7] strides [1, -1] : tensor<4x8xf32> -> tensor<4x6xf32>
  %3 = mlxir.slice %2 starts [0, 2] strides [1, 2] : tensor<4x6xf32> -> tensor<4x2xf32>
  %4 = mlxir.concatenate %x, %y axis 0 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
  %5 = mlxir.slice %4 starts [4, 0] strides [1, 1] : tensor<8x8xf32> -> tensor<4x8xf32>
  // CHECK-DAG: %[[R:.*]] = mlxir.reshape %[[X]] : tensor<4x8xf32> -> tensor<4x1x8xf32>
  %6 = mlxir.reshape %x : tensor<4x8xf32> -> tensor<1x4x8xf32>
  %7 = mlxir.transpose %6 [1, 0, 2] : tensor<1x4x8xf32> -> tensor<4x1x8xf32>
  // CHECK: return %[[X]], %[[S]], %[[Y]], %[[R]]
  return %1, %3, %5, %7 : tensor<4x8xf32>, tensor<4x2xf32>, tensor<4x8xf32>, tensor<4x1x8xf32>
}

// Dims of 1 make no difference to what is folded.
// CHECK-LABEL: func.func @reductions(
// CHECK-SAME: %[[X:.*]]: tensor<1x3x1xf32>)
func.func @reductions(%x: tensor<1x3x1xf32>) -> (tensor<1x1xf32>, tensor<3xf32>) {
  // CHECK-DAG: %[[R:.*]] = mlxir.reshape %[[X]] : tensor<1x3x1xf32> -> tensor<3xf32>
  // CHECK-DAG: %[[S:.*]] = mlxir.sum %[[R]] axes [0] : tensor<3xf32> -> tensor<f32>
  // CHECK-DAG: %[[T:.*]] = mlxir.reshape %[[S]] : tensor<f32> -> tensor<1x1xf32>
  %0 = mlxir.sum %x axes [1] : tensor<1x3x1xf32> -> tensor<1x1xf32>
  %1 = mlxir.max %x axes [0, 2] : tensor<1x3x1xf32> -> tensor<3xf32>
  // CHECK: return %[[T]], %[[R]]
  return %0, %1 : tensor<1x1xf32>, tensor<3xf32>
}

// A contraction that sums nothing is a product; the operands' free dims follow the batch dims.
// CHECK-LABEL: func.func @outer(
// CHECK-SAME: %[[X:.*]]: tensor<3x2xf32>, %[[Y:.*]]: tensor<2x4xf32>)
func.func @outer(%x: tensor<3x2xf32>, %y: tensor<2x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK-DAG: %[[A:.*]] = mlxir.broadcast %[[X]] axes [1, 0] : tensor<3x2xf32> -> tensor<2x3x4xf32>
  // CHECK-DAG: %[[B:.*]] = mlxir.broadcast %[[Y]] axes [0, 2] : tensor<2x4xf32> -> tensor<2x3x4xf32>
  // CHECK: mlxir.multiply %[[A]], %[[B]]
  %0 = mlxir.dot_general %x, %y batch [1] x [0] contract [] x [] : tensor<3x2xf32>, tensor<2x4xf32> -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}
