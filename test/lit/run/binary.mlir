// RUN: mlxir-run %s | %check
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check
// Every elementwise op of two operands, compiled and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: add: float32[4] -5.5 0.75 1 5
func.func @add(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.add %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: add_int32: int32[3] -5 8 107
func.func @add_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.add %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: arctan2: float32[4] -1.31019 1.10715 2.1588 0.588003
func.func @arctan2(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.arctan2 %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: bitwise_and: int32[3] 0 1 4
func.func @bitwise_and(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.bitwise_and %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: bitwise_or: int32[3] -5 7 103
func.func @bitwise_or(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.bitwise_or %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: bitwise_xor: int32[3] -5 6 99
func.func @bitwise_xor(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.bitwise_xor %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: divide: float32[4] -3.75 2 -1.5 0.666666
func.func @divide(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.divide %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: floor_divide: float32[4] -4 2 -2 0
func.func @floor_divide(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.floor_divide %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: floor_divide_int32: int32[3] -4 1 14
func.func @floor_divide_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.floor_divide %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// An integer divided by 0 is 0; the remainder is the integer.
// CHECK-NEXT: floor_divide_uint8: uint8[3] 3 2 0
func.func @floor_divide_uint8(%x: tensor<3xui8> {mlxir.value = dense<[7, 250, 9]> : tensor<3xui8>},
    %y: tensor<3xui8> {mlxir.value = dense<[2, 100, 0]> : tensor<3xui8>})
    -> tensor<3xui8> {
  %r = mlxir.floor_divide %x, %y : tensor<3xui8>
  return %r : tensor<3xui8>
}

// CHECK-NEXT: left_shift: int32[3] -14 20 1600
func.func @left_shift(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[1, 2, 4]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.left_shift %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: logaddexp: float32[4] 2.00007 1.07594 3.00672 3.31326
func.func @logaddexp(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.logaddexp %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: logical_and: bool[4] 1 0 0 0
func.func @logical_and(%x: tensor<4xi1> {mlxir.value = dense<[true, true, false, false]> : tensor<4xi1>},
    %y: tensor<4xi1> {mlxir.value = dense<[true, false, true, false]> : tensor<4xi1>})
    -> tensor<4xi1> {
  %r = mlxir.logical_and %x, %y : tensor<4xi1>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: logical_or: bool[4] 1 1 1 0
func.func @logical_or(%x: tensor<4xi1> {mlxir.value = dense<[true, true, false, false]> : tensor<4xi1>},
    %y: tensor<4xi1> {mlxir.value = dense<[true, false, true, false]> : tensor<4xi1>})
    -> tensor<4xi1> {
  %r = mlxir.logical_or %x, %y : tensor<4xi1>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: maximum: float32[4] 2 0.5 3 3
func.func @maximum(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.maximum %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: maximum_int32: int32[3] 2 5 100
func.func @maximum_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.maximum %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: minimum: float32[4] -7.5 0.25 -2 2
func.func @minimum(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.minimum %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: minimum_int32: int32[3] -7 3 7
func.func @minimum_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.minimum %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: multiply: float32[4] -15 0.125 -6 6
func.func @multiply(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.multiply %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: multiply_int32: int32[3] -14 15 700
func.func @multiply_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.multiply %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: power: float32[4] 8 0.5 -8 1
func.func @power(%x: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 0.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[3.0, 0.5, 3.0, 0.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.power %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: power_int32: int32[3] 49 125 1024
func.func @power_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 2]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 10]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.power %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: remainder: float32[4] 0.5 0 -1 2
func.func @remainder(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.remainder %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: remainder_int32: int32[3] 1 2 2
func.func @remainder_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.remainder %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// An integer divided by 0 is 0; the remainder is the integer.
// CHECK-NEXT: remainder_uint8: uint8[3] 1 50 9
func.func @remainder_uint8(%x: tensor<3xui8> {mlxir.value = dense<[7, 250, 9]> : tensor<3xui8>},
    %y: tensor<3xui8> {mlxir.value = dense<[2, 100, 0]> : tensor<3xui8>})
    -> tensor<3xui8> {
  %r = mlxir.remainder %x, %y : tensor<3xui8>
  return %r : tensor<3xui8>
}

// CHECK-NEXT: right_shift: int32[3] -4 1 6
func.func @right_shift(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[1, 2, 4]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.right_shift %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: subtract: float32[4] -9.5 0.25 5 -1
func.func @subtract(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.subtract %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: subtract_int32: int32[3] -9 2 93
func.func @subtract_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.subtract %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}
