// RUN: mlxir-opt %s --split-input-file --verify-diagnostics --mlxir-jvp

func.func private @kernel(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{op 'mlxir.launch' has no jvp rule}}
  %0 = mlxir.launch @kernel(%x) symbols [] : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
