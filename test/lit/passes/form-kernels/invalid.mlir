// RUN: mlxir-opt %s --split-input-file --verify-diagnostics --mlxir-form-kernels
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @other_dialect(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expected ops of the mlxir dialect in a program, got arith.addf}}
  %r = arith.addf %x, %x : tensor<4xf32>
  %s = mlxir.tanh %r : tensor<4xf32>
  return %s : tensor<4xf32>
}

// -----

func.func @dynamic(%x: tensor<4xf32>) -> tensor<?xf32> {
  // expected-error@+1 {{expected ops of the mlxir dialect in a program, got tensor.cast}}
  %r = tensor.cast %x : tensor<4xf32> to tensor<?xf32>
  return %r : tensor<?xf32>
}
