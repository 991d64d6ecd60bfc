// A missing rule is an error that names op and rule, never a zero; so is an argument that cannot be differentiated.
// RUN: mlxir-opt %s --split-input-file --verify-diagnostics --mlxir-vjp="wrt=0"

func.func private @kernel(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{op 'mlxir.launch' has no vjp rule}}
  %0 = mlxir.launch @kernel(%x) symbols [] : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error@+1 {{expected arguments of floats to differentiate, got number 0}}
func.func @main(%x: tensor<4xi32>) -> tensor<4xf32> {
  %0 = mlxir.cast %x : tensor<4xi32> -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error@+1 {{expected a function @main}}
module {
}
