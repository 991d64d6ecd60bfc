// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Conversions, compiled and run: of values, and of bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: cast: int32[3] -1 0 300
// VMAP: cast: int32[2x3] -1 0 300 300 0 -1
func.func @cast(%x: tensor<3xf32> {mlxir.value = dense<[-1.75, 0.0, 300.5]> : tensor<3xf32>})
    -> tensor<3xi32> {
  %r = mlxir.cast %x : tensor<3xf32> -> tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: cast_bool: bool[3] 1 0 1
// VMAP-NEXT: cast_bool: bool[2x3] 1 0 1 1 0 1
func.func @cast_bool(%x: tensor<3xf32> {mlxir.value = dense<[-1.75, 0.0, 300.5]> : tensor<3xf32>})
    -> tensor<3xi1> {
  %r = mlxir.cast %x : tensor<3xf32> -> tensor<3xi1>
  return %r : tensor<3xi1>
}

// CHECK-NEXT: cast_float16: float16[3] +Inf 0.333252 -0.0999755
// VJP: cast_float16: float32[3] 1 2 3
// JVP: cast_float16: float16[3] 1 2 3
// VMAP-NEXT: cast_float16: float16[2x3] +Inf 0.333252 -0.0999755 -0.0999755 0.333252 +Inf
func.func @cast_float16(%x: tensor<3xf32> {mlxir.value = dense<[70000.0, 0.3333333432674408, -0.10000000149011612]> : tensor<3xf32>})
    -> tensor<3xf16> {
  %r = mlxir.cast %x : tensor<3xf32> -> tensor<3xf16>
  return %r : tensor<3xf16>
}

// CHECK-NEXT: bitcast: uint32[3] 1065353216 3221225472 1056964608
// VMAP-NEXT: bitcast: uint32[2x3] 1065353216 3221225472 1056964608 1056964608 3221225472 1065353216
func.func @bitcast(%x: tensor<3xf32> {mlxir.value = dense<[1.0, -2.0, 0.5]> : tensor<3xf32>})
    -> tensor<3xui32> {
  %r = mlxir.bitcast %x : tensor<3xf32> -> tensor<3xui32>
  return %r : tensor<3xui32>
}

// CHECK-NEXT: bitcast_of_floats: bfloat16[3] 0.0078125 -2 0.0000305176
// VJP-NEXT: bitcast_of_floats: float16[3] 0 0 0
// JVP-NEXT: bitcast_of_floats: bfloat16[3] 0 0 0
// VMAP-NEXT: bitcast_of_floats: bfloat16[2x3] 0.0078125 -2 0.0000305176 0.0000305176 -2 0.0078125
func.func @bitcast_of_floats(%x: tensor<3xf16> {mlxir.value = dense<[1.0, -2.0, 0.5]> : tensor<3xf16>}) -> tensor<3xbf16> {
  %r = mlxir.bitcast %x : tensor<3xf16> -> tensor<3xbf16>
  return %r : tensor<3xbf16>
}
