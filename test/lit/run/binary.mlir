// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Every elementwise op of two operands, compiled and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: add: float32[4] -5.5 0.75 1 5
// VJP: add: float32[4] 1 2 3 4
// VJP-NEXT: add: float32[4] 1 2 3 4
// JVP: add: float32[4] 2 4 6 8
// VMAP: add: float32[2x4] -5.5 0.75 1 5 5 1 0.75 -5.5
func.func @add(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.add %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: add_int32: int32[3] -5 8 107
// VMAP-NEXT: add_int32: int32[2x3] -5 8 107 107 8 -5
func.func @add_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.add %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: arctan2: float32[4] -1.31019 1.10715 2.1588 0.588003
// VJP-NEXT: arctan2: float32[4] 0.033195 1.6 -0.461538 0.923076
// VJP-NEXT: arctan2: float32[4] 0.124481 -3.2 -0.692308 -0.615384
// JVP-NEXT: arctan2: float32[4] 0.157676 -1.6 -1.15385 0.307692
// VMAP-NEXT: arctan2: float32[2x4] -1.31019 1.10715 2.1588 0.588003 0.588003 2.1588 1.10715 -1.31019
func.func @arctan2(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.arctan2 %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: bitwise_and: int32[3] 0 1 4
// VMAP-NEXT: bitwise_and: int32[2x3] 0 1 4 4 1 0
func.func @bitwise_and(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.bitwise_and %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: bitwise_or: int32[3] -5 7 103
// VMAP-NEXT: bitwise_or: int32[2x3] -5 7 103 103 7 -5
func.func @bitwise_or(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.bitwise_or %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: bitwise_xor: int32[3] -5 6 99
// VMAP-NEXT: bitwise_xor: int32[2x3] -5 6 99 99 6 -5
func.func @bitwise_xor(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.bitwise_xor %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: divide: float32[4] -3.75 2 -1.5 0.666666
// VJP-NEXT: divide: float32[4] 0.5 8 -1.5 1.33333
// VJP-NEXT: divide: float32[4] 1.875 -16 -2.25 -0.888888
// JVP-NEXT: divide: float32[4] 2.375 -8 -3.75 0.444444
// VMAP-NEXT: divide: float32[2x4] -3.75 2 -1.5 0.666666 0.666666 -1.5 2 -3.75
func.func @divide(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.divide %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: floor_divide: float32[4] -4 2 -2 0
// VJP-NEXT: floor_divide: float32[4] 0 0 0 0
// VJP-NEXT: floor_divide: float32[4] 0 0 0 0
// JVP-NEXT: floor_divide: float32[4] 0 0 0 0
// VMAP-NEXT: floor_divide: float32[2x4] -4 2 -2 0 0 -2 2 -4
func.func @floor_divide(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.floor_divide %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: floor_divide_int32: int32[3] -4 1 14
// VMAP-NEXT: floor_divide_int32: int32[2x3] -4 1 14 14 1 -4
func.func @floor_divide_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.floor_divide %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// An integer divided by 0 is 0; the remainder is the integer.
// CHECK-NEXT: floor_divide_uint8: uint8[3] 3 2 0
// VMAP-NEXT: floor_divide_uint8: uint8[2x3] 3 2 0 0 2 3
func.func @floor_divide_uint8(%x: tensor<3xui8> {mlxir.value = dense<[7, 250, 9]> : tensor<3xui8>},
    %y: tensor<3xui8> {mlxir.value = dense<[2, 100, 0]> : tensor<3xui8>})
    -> tensor<3xui8> {
  %r = mlxir.floor_divide %x, %y : tensor<3xui8>
  return %r : tensor<3xui8>
}

// CHECK-NEXT: left_shift: int32[3] -14 20 1600
// VMAP-NEXT: left_shift: int32[2x3] -14 20 1600 1600 20 -14
func.func @left_shift(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[1, 2, 4]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.left_shift %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: logaddexp: float32[4] 2.00007 1.07594 3.00672 3.31326
// VJP-NEXT: logaddexp: float32[4] 0.0000748462 1.12435 2.97992 1.07577
// VJP-NEXT: logaddexp: float32[4] 0.999925 0.875647 0.0200786 2.92423
// JVP-NEXT: logaddexp: float32[4] 1 2 3 4
// VMAP-NEXT: logaddexp: float32[2x4] 2.00007 1.07594 3.00672 3.31326 3.31326 3.00672 1.07594 2.00007
func.func @logaddexp(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.logaddexp %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: logical_and: bool[4] 1 0 0 0
// VMAP-NEXT: logical_and: bool[2x4] 1 0 0 0 0 0 0 1
func.func @logical_and(%x: tensor<4xi1> {mlxir.value = dense<[true, true, false, false]> : tensor<4xi1>},
    %y: tensor<4xi1> {mlxir.value = dense<[true, false, true, false]> : tensor<4xi1>})
    -> tensor<4xi1> {
  %r = mlxir.logical_and %x, %y : tensor<4xi1>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: logical_or: bool[4] 1 1 1 0
// VMAP-NEXT: logical_or: bool[2x4] 1 1 1 0 0 1 1 1
func.func @logical_or(%x: tensor<4xi1> {mlxir.value = dense<[true, true, false, false]> : tensor<4xi1>},
    %y: tensor<4xi1> {mlxir.value = dense<[true, false, true, false]> : tensor<4xi1>})
    -> tensor<4xi1> {
  %r = mlxir.logical_or %x, %y : tensor<4xi1>
  return %r : tensor<4xi1>
}

// CHECK-NEXT: maximum: float32[4] 2 0.5 3 3
// VJP-NEXT: maximum: float32[4] 0 2 3 0
// VJP-NEXT: maximum: float32[4] 1 0 0 4
// JVP-NEXT: maximum: float32[4] 1 2 3 4
// VMAP-NEXT: maximum: float32[2x4] 2 0.5 3 3 3 3 0.5 2
func.func @maximum(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.maximum %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: maximum_int32: int32[3] 2 5 100
// VMAP-NEXT: maximum_int32: int32[2x3] 2 5 100 100 5 2
func.func @maximum_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.maximum %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: minimum: float32[4] -7.5 0.25 -2 2
// VJP-NEXT: minimum: float32[4] 1 0 0 4
// VJP-NEXT: minimum: float32[4] 0 2 3 0
// JVP-NEXT: minimum: float32[4] 1 2 3 4
// VMAP-NEXT: minimum: float32[2x4] -7.5 0.25 -2 2 2 -2 0.25 -7.5
func.func @minimum(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.minimum %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: minimum_int32: int32[3] -7 3 7
// VMAP-NEXT: minimum_int32: int32[2x3] -7 3 7 7 3 -7
func.func @minimum_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.minimum %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: multiply: float32[4] -15 0.125 -6 6
// VJP-NEXT: multiply: float32[4] 2 0.5 -6 12
// VJP-NEXT: multiply: float32[4] -7.5 1 9 8
// JVP-NEXT: multiply: float32[4] -5.5 1.5 3 20
// VMAP-NEXT: multiply: float32[2x4] -15 0.125 -6 6 6 -6 0.125 -15
func.func @multiply(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.multiply %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: multiply_int32: int32[3] -14 15 700
// VMAP-NEXT: multiply_int32: int32[2x3] -14 15 700 700 15 -14
func.func @multiply_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.multiply %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: power: float32[4] 8 0.5 -8 1
// VJP-NEXT: power: float32[4] 12 2 36 0
// VJP-NEXT: power: float32[4] 5.54518 -1.38629 nan 0
// JVP-NEXT: power: float32[4] 17.5452 0.613706 nan 0
// VMAP-NEXT: power: float32[2x4] 8 0.5 -8 1 1 -8 0.5 8
func.func @power(%x: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 0.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[3.0, 0.5, 3.0, 0.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.power %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: power_int32: int32[3] 49 125 1024
// VMAP-NEXT: power_int32: int32[2x3] 49 125 1024 1024 125 49
func.func @power_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 2]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 10]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.power %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: remainder: float32[4] 0.5 0 -1 2
// VJP-NEXT: remainder: float32[4] 1 2 3 4
// VJP-NEXT: remainder: float32[4] 4 -4 6 -0
// JVP-NEXT: remainder: float32[4] 5 -2 9 4
// VMAP-NEXT: remainder: float32[2x4] 0.5 0 -1 2 2 -1 0 0.5
func.func @remainder(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.remainder %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: remainder_int32: int32[3] 1 2 2
// VMAP-NEXT: remainder_int32: int32[2x3] 1 2 2 2 2 1
func.func @remainder_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.remainder %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// An integer divided by 0 is 0; the remainder is the integer.
// CHECK-NEXT: remainder_uint8: uint8[3] 1 50 9
// VMAP-NEXT: remainder_uint8: uint8[2x3] 1 50 9 9 50 1
func.func @remainder_uint8(%x: tensor<3xui8> {mlxir.value = dense<[7, 250, 9]> : tensor<3xui8>},
    %y: tensor<3xui8> {mlxir.value = dense<[2, 100, 0]> : tensor<3xui8>})
    -> tensor<3xui8> {
  %r = mlxir.remainder %x, %y : tensor<3xui8>
  return %r : tensor<3xui8>
}

// CHECK-NEXT: right_shift: int32[3] -4 1 6
// VMAP-NEXT: right_shift: int32[2x3] -4 1 6 6 1 -4
func.func @right_shift(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[1, 2, 4]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.right_shift %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: subtract: float32[4] -9.5 0.25 5 -1
// VJP-NEXT: subtract: float32[4] 1 2 3 4
// VJP-NEXT: subtract: float32[4] -1 -2 -3 -4
// JVP-NEXT: subtract: float32[4] 0 0 0 0
// VMAP-NEXT: subtract: float32[2x4] -9.5 0.25 5 -1 -1 5 0.25 -9.5
func.func @subtract(%x: tensor<4xf32> {mlxir.value = dense<[-7.5, 0.5, 3.0, 2.0]> : tensor<4xf32>},
    %y: tensor<4xf32> {mlxir.value = dense<[2.0, 0.25, -2.0, 3.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.subtract %x, %y : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: subtract_int32: int32[3] -9 2 93
// VMAP-NEXT: subtract_int32: int32[2x3] -9 2 93 93 2 -9
func.func @subtract_int32(%x: tensor<3xi32> {mlxir.value = dense<[-7, 5, 100]> : tensor<3xi32>},
    %y: tensor<3xi32> {mlxir.value = dense<[2, 3, 7]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.subtract %x, %y : tensor<3xi32>
  return %r : tensor<3xi32>
}
