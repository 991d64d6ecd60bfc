// RUN: not mlxir-run %s 2>&1 | %check
// RUN: not mlxir-run %s --transform=vjp 2>&1 | %check
// RUN: not mlxir-run %s --transform=vmap 2>&1 | %check
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: mlxir-run-invalid.mlir:[[# @LINE + 1]]:1: error: expected argument 1 to have `mlxir.value`, elements of its type
func.func @add(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>}, %y: tensor<2xf32>) -> tensor<2xf32> {
  %r = mlxir.add %x, %y : tensor<2xf32>
  return %r : tensor<2xf32>
}
