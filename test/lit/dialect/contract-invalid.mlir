// RUN: %invalid
// What the verifier says of contractions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @two_dtypes(%x: tensor<2x4xf32>, %y: tensor<4x3xf16>) {
  // expected-error @below {{'mlxir.dot_general' op expected operands of one dtype, got float32 and float16}}
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0]
    : tensor<2x4xf32>, tensor<4x3xf16> -> tensor<2x3xf32>
  return
}

// -----

func.func @contracting_dims_that_differ(%x: tensor<2x4xf32>, %y: tensor<5x3xf32>) {
  // expected-error @below {{'mlxir.dot_general' op expected equal contracting dims, got dim 1 of (2, 4) and dim 0 of (5, 3)}}
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0]
    : tensor<2x4xf32>, tensor<5x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @batch_dims_that_differ(%x: tensor<2x4xf32>, %y: tensor<3x4xf32>) {
  // expected-error @below {{'mlxir.dot_general' op expected equal batch dims, got dim 0 of (2, 4) and dim 0 of (3, 4)}}
  %r = mlxir.dot_general %x, %y batch [0] x [0] contract [1] x [1]
    : tensor<2x4xf32>, tensor<3x4xf32> -> tensor<2xf32>
  return
}

// -----

func.func @a_dim_too_few(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>) {
  // expected-error @below {{'mlxir.dot_general' op expected as many contracting dims on both sides, got (1,) and (0, 1)}}
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0, 1]
    : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @batch_dim_that_is_contracted(%x: tensor<2x4xf32>, %y: tensor<2x3xf32>) {
  // expected-error @below {{'mlxir.dot_general' op expected each axis once, got (0, 0)}}
  %r = mlxir.dot_general %x, %y batch [0] x [0] contract [0] x [0]
    : tensor<2x4xf32>, tensor<2x3xf32> -> tensor<2x4x3xf32>
  return
}

// -----

func.func @dot_general_of_bools(%x: tensor<2x4xi1>, %y: tensor<4x3xi1>) {
  // expected-error @below {{'mlxir.dot_general' op expected integer or floating-point elements, got bool}}
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0] : tensor<2x4xi1>, tensor<4x3xi1> -> tensor<2x3xi1>
  return
}

// -----

func.func @dot_general_of_no_axis(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>) {
  // expected-error @below {{'mlxir.dot_general' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [2] : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @dot_general_with_too_few_batch_dims(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.dot_general' op expected as many batch dims on both sides, got (0,) and ()}}
  %r = mlxir.dot_general %x, %y batch [0] x [] contract [1] x [1] : tensor<2x4xf32>, tensor<2x4xf32> -> tensor<2x2xf32>
  return
}

// -----

func.func @dot_general_of_another_shape(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>) {
  // expected-error @below {{'mlxir.dot_general' op expected a result of type 'tensor<2x3xf32>', got 'tensor<3x2xf32>'}}
  %r = mlxir.dot_general %x, %y batch [] x [] contract [1] x [0] : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<3x2xf32>
  return
}
