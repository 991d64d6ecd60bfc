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

func.func @bitcast_of_bools(%x: tensor<4xi1>) {
  // expected-error @below {{'mlxir.bitcast' op expected integer or floating-point elements, got bool}}
  %r = mlxir.bitcast %x : tensor<4xi1> -> tensor<4xui8>
  return
}

// -----

func.func @bitcast_into_bools(%x: tensor<4xui8>) {
  // expected-error @below {{'mlxir.bitcast' op expected integer or floating-point elements, got bool}}
  %r = mlxir.bitcast %x : tensor<4xui8> -> tensor<4xi1>
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

// -----

func.func @abs_of_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.abs' op failed to verify that all of {x, result} have same type}}
  %r = "mlxir.abs"(%x) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @arccos_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.arccos' op expected floating-point elements, got int32}}
  %r = mlxir.arccos %x : tensor<4xi32>
  return
}

// -----

func.func @arccosh_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.arccosh' op expected floating-point elements, got int32}}
  %r = mlxir.arccosh %x : tensor<4xi32>
  return
}

// -----

func.func @arcsin_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.arcsin' op expected floating-point elements, got int32}}
  %r = mlxir.arcsin %x : tensor<4xi32>
  return
}

// -----

func.func @arcsinh_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.arcsinh' op expected floating-point elements, got int32}}
  %r = mlxir.arcsinh %x : tensor<4xi32>
  return
}

// -----

func.func @arctan_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.arctan' op expected floating-point elements, got int32}}
  %r = mlxir.arctan %x : tensor<4xi32>
  return
}

// -----

func.func @arctanh_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.arctanh' op expected floating-point elements, got int32}}
  %r = mlxir.arctanh %x : tensor<4xi32>
  return
}

// -----

func.func @bitwise_invert_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.bitwise_invert' op expected bool or integer elements, got float32}}
  %r = mlxir.bitwise_invert %x : tensor<4xf32>
  return
}

// -----

func.func @ceil_of_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.ceil' op failed to verify that all of {x, result} have same type}}
  %r = "mlxir.ceil"(%x) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @cos_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.cos' op expected floating-point elements, got int32}}
  %r = mlxir.cos %x : tensor<4xi32>
  return
}

// -----

func.func @cosh_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.cosh' op expected floating-point elements, got int32}}
  %r = mlxir.cosh %x : tensor<4xi32>
  return
}

// -----

func.func @erf_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.erf' op expected floating-point elements, got int32}}
  %r = mlxir.erf %x : tensor<4xi32>
  return
}

// -----

func.func @exp_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.exp' op expected floating-point elements, got int32}}
  %r = mlxir.exp %x : tensor<4xi32>
  return
}

// -----

func.func @expm1_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.expm1' op expected floating-point elements, got int32}}
  %r = mlxir.expm1 %x : tensor<4xi32>
  return
}

// -----

func.func @floor_of_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.floor' op failed to verify that all of {x, result} have same type}}
  %r = "mlxir.floor"(%x) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @log_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.log' op expected floating-point elements, got int32}}
  %r = mlxir.log %x : tensor<4xi32>
  return
}

// -----

func.func @log10_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.log10' op expected floating-point elements, got int32}}
  %r = mlxir.log10 %x : tensor<4xi32>
  return
}

// -----

func.func @log1p_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.log1p' op expected floating-point elements, got int32}}
  %r = mlxir.log1p %x : tensor<4xi32>
  return
}

// -----

func.func @log2_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.log2' op expected floating-point elements, got int32}}
  %r = mlxir.log2 %x : tensor<4xi32>
  return
}

// -----

func.func @logical_not_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.logical_not' op expected bool elements, got float32}}
  %r = mlxir.logical_not %x : tensor<4xf32>
  return
}

// -----

func.func @round_of_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.round' op failed to verify that all of {x, result} have same type}}
  %r = "mlxir.round"(%x) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @rsqrt_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.rsqrt' op expected floating-point elements, got int32}}
  %r = mlxir.rsqrt %x : tensor<4xi32>
  return
}

// -----

func.func @sigmoid_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.sigmoid' op expected floating-point elements, got int32}}
  %r = mlxir.sigmoid %x : tensor<4xi32>
  return
}

// -----

func.func @sign_of_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.sign' op failed to verify that all of {x, result} have same type}}
  %r = "mlxir.sign"(%x) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @sin_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.sin' op expected floating-point elements, got int32}}
  %r = mlxir.sin %x : tensor<4xi32>
  return
}

// -----

func.func @sinh_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.sinh' op expected floating-point elements, got int32}}
  %r = mlxir.sinh %x : tensor<4xi32>
  return
}

// -----

func.func @sqrt_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.sqrt' op expected floating-point elements, got int32}}
  %r = mlxir.sqrt %x : tensor<4xi32>
  return
}

// -----

func.func @stop_gradient_of_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.stop_gradient' op failed to verify that all of {x, result} have same type}}
  %r = "mlxir.stop_gradient"(%x) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @tan_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.tan' op expected floating-point elements, got int32}}
  %r = mlxir.tan %x : tensor<4xi32>
  return
}

// -----

func.func @trunc_of_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.trunc' op failed to verify that all of {x, result} have same type}}
  %r = "mlxir.trunc"(%x) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @arctan2_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.arctan2' op expected floating-point elements, got int32}}
  %r = mlxir.arctan2 %x, %x : tensor<4xi32>
  return
}

// -----

func.func @bitwise_or_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.bitwise_or' op expected bool or integer elements, got float32}}
  %r = mlxir.bitwise_or %x, %x : tensor<4xf32>
  return
}

// -----

func.func @bitwise_xor_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.bitwise_xor' op expected bool or integer elements, got float32}}
  %r = mlxir.bitwise_xor %x, %x : tensor<4xf32>
  return
}

// -----

func.func @divide_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.divide' op expected floating-point elements, got int32}}
  %r = mlxir.divide %x, %x : tensor<4xi32>
  return
}

// -----

func.func @floor_divide_of_two_shapes(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{'mlxir.floor_divide' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.floor_divide"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @logaddexp_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{'mlxir.logaddexp' op expected floating-point elements, got int32}}
  %r = mlxir.logaddexp %x, %x : tensor<4xi32>
  return
}

// -----

func.func @logical_and_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.logical_and' op expected bool elements, got float32}}
  %r = mlxir.logical_and %x, %x : tensor<4xf32>
  return
}

// -----

func.func @logical_or_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.logical_or' op expected bool elements, got float32}}
  %r = mlxir.logical_or %x, %x : tensor<4xf32>
  return
}

// -----

func.func @maximum_of_two_shapes(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{'mlxir.maximum' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.maximum"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @minimum_of_two_shapes(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{'mlxir.minimum' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.minimum"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @power_of_two_shapes(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{'mlxir.power' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.power"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @remainder_of_two_shapes(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{'mlxir.remainder' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.remainder"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @right_shift_of_floats(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.right_shift' op expected integer elements, got float32}}
  %r = mlxir.right_shift %x, %x : tensor<4xf32>
  return
}

// -----

func.func @subtract_of_two_shapes(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error @below {{'mlxir.subtract' op failed to verify that all of {x, y, result} have same type}}
  %r = "mlxir.subtract"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @equal_of_two_dtypes(%x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error @below {{'mlxir.equal' op failed to verify that all of {x, y} have same type}}
  %r = "mlxir.equal"(%x, %y) : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xi1>
  return
}

// -----

func.func @greater_of_two_dtypes(%x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error @below {{'mlxir.greater' op failed to verify that all of {x, y} have same type}}
  %r = "mlxir.greater"(%x, %y) : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xi1>
  return
}

// -----

func.func @greater_equal_of_two_dtypes(%x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error @below {{'mlxir.greater_equal' op failed to verify that all of {x, y} have same type}}
  %r = "mlxir.greater_equal"(%x, %y) : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xi1>
  return
}

// -----

func.func @isfinite_that_is_no_bool(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.isfinite' op expected a result of type 'tensor<4xi1>', got 'tensor<4xf32>'}}
  %r = "mlxir.isfinite"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @isinf_that_is_no_bool(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.isinf' op expected a result of type 'tensor<4xi1>', got 'tensor<4xf32>'}}
  %r = "mlxir.isinf"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @isnan_that_is_no_bool(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.isnan' op expected a result of type 'tensor<4xi1>', got 'tensor<4xf32>'}}
  %r = "mlxir.isnan"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @less_equal_of_two_dtypes(%x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error @below {{'mlxir.less_equal' op failed to verify that all of {x, y} have same type}}
  %r = "mlxir.less_equal"(%x, %y) : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xi1>
  return
}

// -----

func.func @not_equal_of_two_dtypes(%x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error @below {{'mlxir.not_equal' op failed to verify that all of {x, y} have same type}}
  %r = "mlxir.not_equal"(%x, %y) : (tensor<4xf32>, tensor<4xf16>) -> tensor<4xi1>
  return
}
