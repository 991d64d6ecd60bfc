// RUN: mlxir-opt %s --split-input-file --verify-diagnostics --mlxir-insert-checks
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func private @elsewhere(tensor<4xf32>)

// -----

// expected-error@+1 {{expected arrays whose dims are known, got 'tensor<*xf32>'}}
func.func @unranked(%x: tensor<*xf32>) -> tensor<*xf32> {
  return %x : tensor<*xf32>
}
