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
