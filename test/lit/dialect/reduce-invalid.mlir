// RUN: %invalid
// What the verifier says of reductions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @axis_beyond_the_rank(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mlxir.sum' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.sum %x axes [2] : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @axis_twice(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mlxir.prod' op expected each axis once, got (1, 1)}}
  %r = mlxir.prod %x axes [1, 1] : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @sum_of_bools(%x: tensor<2x3xi1>) {
  // expected-error @below {{'mlxir.sum' op expected integer or floating-point elements, got bool}}
  %r = mlxir.sum %x axes [1] : tensor<2x3xi1> -> tensor<2xi1>
  return
}

// -----

func.func @any_of_numbers(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mlxir.any' op expected bool elements, got float32}}
  %r = mlxir.any %x axes [1] : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @result_of_another_shape(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mlxir.max' op expected a result of type 'tensor<2xf32>', got 'tensor<3xf32>'}}
  %r = mlxir.max %x axes [1] : tensor<2x3xf32> -> tensor<3xf32>
  return
}

// -----

func.func @position_in_nothing(%x: tensor<2x0xf32>) {
  // expected-error @below {{'mlxir.argmax' op expected at least one element along axis 1, got shape (2, 0)}}
  %r = mlxir.argmax %x axis 1 : tensor<2x0xf32> -> tensor<2xui32>
  return
}

// -----

func.func @argmax_along_no_axis(%x: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.argmax' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.argmax %x axis 2 : tensor<2x4xf32> -> tensor<2xui32>
  return
}

// -----

func.func @position_that_is_no_ui32(%x: tensor<2x3xf32>) {
  // expected-error @below {{'mlxir.argmin' op expected a result of type 'tensor<2xui32>', got 'tensor<2xi64>'}}
  %r = mlxir.argmin %x axis 1 : tensor<2x3xf32> -> tensor<2xi64>
  return
}

// -----

func.func @all_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.all' op expected bool elements, got float32}}
  %r = mlxir.all %x axes [1] : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @min_of_a_missing_axis(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.min' op expected an axis of an array with 1 dimensions, got 1}}
  %r = mlxir.min %x axes [1] : tensor<4xf32> -> tensor<4xf32>
  return
}
