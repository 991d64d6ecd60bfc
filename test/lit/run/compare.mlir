// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Comparisons and select, compiled and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: equal: bool[4] 0 1 0 0
// VMAP: equal: bool[2x4] 0 1 0 0 0 0 1 0
func.func @equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: equal_uint8: bool[2] 0 1
// VMAP-NEXT: equal_uint8: bool[2x2] 0 1 1 0
func.func @equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: greater: bool[4] 0 0 1 0
// VMAP-NEXT: greater: bool[2x4] 0 0 1 0 0 1 0 0
func.func @greater(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.greater %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: greater_uint8: bool[2] 1 0
// VMAP-NEXT: greater_uint8: bool[2x2] 1 0 0 1
func.func @greater_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.greater %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: greater_equal: bool[4] 0 1 1 0
// VMAP-NEXT: greater_equal: bool[2x4] 0 1 1 0 0 1 1 0
func.func @greater_equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.greater_equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: greater_equal_uint8: bool[2] 1 1
// VMAP-NEXT: greater_equal_uint8: bool[2x2] 1 1 1 1
func.func @greater_equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.greater_equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: isfinite: bool[4] 0 1 0 0
// VMAP-NEXT: isfinite: bool[2x4] 0 1 0 0 0 0 1 0
func.func @isfinite(%x: tensor<4xf32> {mlxir.value = dense<[0x7FC00000, 1.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.isfinite %x : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: isinf: bool[4] 0 0 1 1
// VMAP-NEXT: isinf: bool[2x4] 0 0 1 1 1 1 0 0
func.func @isinf(%x: tensor<4xf32> {mlxir.value = dense<[0x7FC00000, 1.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.isinf %x : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: isnan: bool[4] 1 0 0 0
// VMAP-NEXT: isnan: bool[2x4] 1 0 0 0 0 0 0 1
func.func @isnan(%x: tensor<4xf32> {mlxir.value = dense<[0x7FC00000, 1.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.isnan %x : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: less: bool[4] 1 0 0 0
// VMAP-NEXT: less: bool[2x4] 1 0 0 0 0 0 0 1
func.func @less(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.less %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: less_uint8: bool[2] 0 0
// VMAP-NEXT: less_uint8: bool[2x2] 0 0 0 0
func.func @less_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.less %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: less_equal: bool[4] 1 1 0 0
// VMAP-NEXT: less_equal: bool[2x4] 1 1 0 0 0 0 1 1
func.func @less_equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.less_equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: less_equal_uint8: bool[2] 0 1
// VMAP-NEXT: less_equal_uint8: bool[2x2] 0 1 1 0
func.func @less_equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.less_equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: not_equal: bool[4] 1 0 1 1
// VMAP-NEXT: not_equal: bool[2x4] 1 0 1 1 1 1 0 1
func.func @not_equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.not_equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: not_equal_uint8: bool[2] 1 0
// VMAP-NEXT: not_equal_uint8: bool[2x2] 1 0 0 1
func.func @not_equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.not_equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: select: float32[3] 1 -2 3
// VJP: select: float32[3] 1 0 3
// VJP-NEXT: select: float32[3] 0 2 0
// JVP: select: float32[3] 1 2 3
// VMAP-NEXT: select: float32[2x3] 1 -2 3 3 -2 1
func.func @select(%c: tensor<3xi1> {mlxir.value = dense<[true, false, true]> : tensor<3xi1>},
    %x: tensor<3xf32> {mlxir.value = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>},
    %y: tensor<3xf32> {mlxir.value = dense<[-1.0, -2.0, -3.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.select %c, %x, %y : tensor<3xi1>, tensor<3xf32>
  return %r : tensor<3xf32>
}
