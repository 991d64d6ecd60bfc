// RUN: mlxir-opt %s --split-input-file --verify-diagnostics --mlxir-lower-kernels

func.func private @reshaped_across_dims(%x: tensor<4x6xf32>) -> tensor<3x8xf32>
    attributes {mlxir.domain = tensor<3x8xi1>, mlxir.kernel, mlxir.reduced = array<i64>, mlxir.symbols = array<i64>} {
  // expected-error@+1 {{is read where its kernel does not compute it}}
  %0 = mlxir.reshape %x : tensor<4x6xf32> -> tensor<3x8xf32>
  %1 = mlxir.exp %0 {mlxir.dims = array<i64: 0, 1>} : tensor<3x8xf32>
  return %1 : tensor<3x8xf32>
}

// -----

func.func private @reduced_in_a_map(%x: tensor<4x6xf32>) -> tensor<4xf32>
    attributes {mlxir.domain = tensor<4xi1>, mlxir.kernel, mlxir.reduced = array<i64>, mlxir.symbols = array<i64>} {
  // expected-error@+1 {{is read where its kernel does not compute it}}
  %0 = mlxir.sum %x axes [1] : tensor<4x6xf32> -> tensor<4xf32>
  %1 = mlxir.exp %0 {mlxir.dims = array<i64: 0>} : tensor<4xf32>
  return %1 : tensor<4xf32>
}
