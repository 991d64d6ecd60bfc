// RUN: mlxir-run %s | %check
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check
// Comparisons and select, compiled and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: equal: bool[4] 0 1 0 0
func.func @equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: equal_uint8: bool[2] 0 1
func.func @equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: greater: bool[4] 0 0 1 0
func.func @greater(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.greater %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: greater_uint8: bool[2] 1 0
func.func @greater_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.greater %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: greater_equal: bool[4] 0 1 1 0
func.func @greater_equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.greater_equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: greater_equal_uint8: bool[2] 1 1
func.func @greater_equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.greater_equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: isfinite: bool[4] 0 1 0 0
func.func @isfinite(%x: tensor<4xf32> {mlxir.value = dense<[0x7FC00000, 1.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.isfinite %x : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: isinf: bool[4] 0 0 1 1
func.func @isinf(%x: tensor<4xf32> {mlxir.value = dense<[0x7FC00000, 1.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.isinf %x : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: isnan: bool[4] 1 0 0 0
func.func @isnan(%x: tensor<4xf32> {mlxir.value = dense<[0x7FC00000, 1.0, 0x7F800000, 0xFF800000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.isnan %x : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: less: bool[4] 1 0 0 0
func.func @less(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.less %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: less_uint8: bool[2] 0 0
func.func @less_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.less %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: less_equal: bool[4] 1 1 0 0
func.func @less_equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.less_equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: less_equal_uint8: bool[2] 0 1
func.func @less_equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.less_equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: not_equal: bool[4] 1 0 1 1
func.func @not_equal(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 2.0, 3.0, 0x7FC00000]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 2.0, 1.0, 0x7FC00000]> : tensor<4xf32>})
    -> tensor<4xi1> {
  %r = mlxir.not_equal %x, %y : tensor<4xf32>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: not_equal_uint8: bool[2] 1 0
func.func @not_equal_uint8(%x: tensor<2xui8> {mlxir.value = dense<[200, 1]> : tensor<2xui8>},
    %y: tensor<2xui8> {mlxir.value = dense<[100, 1]> : tensor<2xui8>})
    -> tensor<2xi1> {
  %r = mlxir.not_equal %x, %y : tensor<2xui8>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: select: float32[3] 1 -2 3
func.func @select(%c: tensor<3xi1> {mlxir.value = dense<[true, false, true]> : tensor<3xi1>},
    %x: tensor<3xf32> {mlxir.value = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>},
    %y: tensor<3xf32> {mlxir.value = dense<[-1.0, -2.0, -3.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.select %c, %x, %y : tensor<3xi1>, tensor<3xf32>
  return %r : tensor<3xf32>
}
