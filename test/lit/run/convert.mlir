// RUN: mlxir-run %s | %check
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check
// Conversions, compiled and run: of values, and of bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: cast: int32[3] -1 0 300
func.func @cast(%x: tensor<3xf32> {mlxir.value = dense<[-1.75, 0.0, 300.5]> : tensor<3xf32>})
    -> tensor<3xi32> {
  %r = mlxir.cast %x : tensor<3xf32> -> tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: cast_bool: bool[3] 1 0 1
func.func @cast_bool(%x: tensor<3xf32> {mlxir.value = dense<[-1.75, 0.0, 300.5]> : tensor<3xf32>})
    -> tensor<3xi1> {
  %r = mlxir.cast %x : tensor<3xf32> -> tensor<3xi1>
  return %r : tensor<3xi1>
}

// CHECK-NEXT: cast_float16: float16[3] +Inf 0.333252 -0.0999755
func.func @cast_float16(%x: tensor<3xf32> {mlxir.value = dense<[70000.0, 0.3333333432674408, -0.10000000149011612]> : tensor<3xf32>})
    -> tensor<3xf16> {
  %r = mlxir.cast %x : tensor<3xf32> -> tensor<3xf16>
  return %r : tensor<3xf16>
}

// CHECK-NEXT: bitcast: uint32[3] 1065353216 3221225472 1056964608
func.func @bitcast(%x: tensor<3xf32> {mlxir.value = dense<[1.0, -2.0, 0.5]> : tensor<3xf32>})
    -> tensor<3xui32> {
  %r = mlxir.bitcast %x : tensor<3xf32> -> tensor<3xui32>
  return %r : tensor<3xui32>
}
