// RUN: %invalid
// What the verifier says of elementwise ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @tanh_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.tanh' op expected floating-point elements, got int32}}
  %r = mlxir.tanh %x : tensor<4xi32>
  return
}

// -----

func.func @negative_of_bools(%x: tensor<4xi1>) {
  // expected-error @below {{'mlxir.negative' op expected integer or floating-point elements, got bool}}
  %r = mlxir.negative %x : tensor<4xi1>
  return
}

// -----

func.func @operands_of_two_shapes(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{'mlxir.add' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.add"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @operands_of_two_dtypes(%x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error @below {{'mlxir.multiply' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.multiply"(%x, %y) : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xf32>
  return
}

// -----

func.func @bits_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.bitwise_and' op expected bool or integer elements, got float32}}
  %r = mlxir.bitwise_and %x, %x : tensor<4xf32>
  return
}

// -----

func.func @shift_of_bools(%x: tensor<4xi1>) {
  // expected-error @below {{'mlxir.left_shift' op expected integer elements, got bool}}
  %r = mlxir.left_shift %x, %x : tensor<4xi1>
  return
}

// -----

func.func @comparison_that_is_no_bool(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.less' op expected a result of type 'tensor<4xi1>', got 'tensor<4xf32>'}}
  %r = "mlxir.less"(%x, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @condition_that_is_no_bool(%c: tensor<4xf32>, %x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.select' op expected bool elements, got float32}}
  %r = mlxir.select %c, %x, %x : tensor<4xf32>, tensor<4xf32>
  return
}

// -----

func.func @condition_of_another_shape(%c: tensor<4xi1>, %x: tensor<5xf32>) {
  // expected-error @below {{'mlxir.select' op expected operands of one shape, got (4,) and (5,)}}
  %r = mlxir.select %c, %x, %x : tensor<4xi1>, tensor<5xf32>
  return
}

// -----

func.func @bitcast_to_a_wider_dtype(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.bitcast' op expected a dtype as wide as float32, got uint64}}
  %r = mlxir.bitcast %x : tensor<4xf32> -> tensor<4xui64>
  return
}

// -----

func.func @cast_to_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.cast' op expected a result of type 'tensor<4xi8>', got 'tensor<5xi8>'}}
  %r = mlxir.cast %x : tensor<4xf32> -> tensor<5xi8>
  return
}

// -----

func.func @element_that_is_none(%x: tensor<4xindex>) {
  // expected-error @below {{'mlxir.copy' op operand #0 must be array of bool, integers or floats with known dims, but got 'tensor<4xindex>'}}
  %r = mlxir.copy %x : tensor<4xindex>
  return
}

// -----

func.func @dim_without_a_size(%x: tensor<?xf32>) {
  // expected-error @below {{'mlxir.copy' op operand #0 must be array of bool, integers or floats with known dims, but got 'tensor<?xf32>'}}
  %r = mlxir.copy %x : tensor<?xf32>
  return
}
