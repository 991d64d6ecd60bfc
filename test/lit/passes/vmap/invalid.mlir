// RUN: mlxir-opt %s --split-input-file --verify-diagnostics --mlxir-vmap="batched=1 size=3"

func.func private @kernel(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{op 'mlxir.launch' has no vmap rule}}
  %0 = mlxir.launch @kernel(%x) symbols [] : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error@+1 {{expected one 0 or 1 per argument and a size of the batch, got 1 and '3'}}
func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error@+1 {{expected arrays whose dims are known, got 'tensor<*xf32>'}}
func.func @main(%x: tensor<*xf32>) -> tensor<*xf32> {
  return %x : tensor<*xf32>
}
