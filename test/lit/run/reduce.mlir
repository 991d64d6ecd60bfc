// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Every reduction, compiled and run: along rows, along columns, and of everything.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: sum: float32[2] 6 4
// VJP: sum: float32[2x3] 1 1 1 2 2 2
// JVP: sum: float32[2] 6 15
// VMAP: sum: float32[2x2] 6 4 4 6
func.func @sum(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<2xf32> {
  %r = mlxir.sum %x axes [1] : tensor<2x3xf32> -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// CHECK-NEXT: sum_columns: float32[3] -1 6 5
// VJP-NEXT: sum_columns: float32[2x3] 1 2 3 1 2 3
// JVP-NEXT: sum_columns: float32[3] 5 7 9
// VMAP-NEXT: sum_columns: float32[2x3] -1 6 5 5 6 -1
func.func @sum_columns(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.sum %x axes [0] : tensor<2x3xf32> -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: sum_everything: float32[] 10
// VJP-NEXT: sum_everything: float32[2x3] 1 1 1 1 1 1
// JVP-NEXT: sum_everything: float32[] 21
// VMAP-NEXT: sum_everything: float32[2] 10 10
func.func @sum_everything(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<f32> {
  %r = mlxir.sum %x axes [0, 1] : tensor<2x3xf32> -> tensor<f32>
  return %r : tensor<f32>
}

// CHECK-NEXT: prod: float32[2] 6 -60
// VJP-NEXT: prod: float32[2x3] 2 6 3 30 -24 -40
// JVP-NEXT: prod: float32[2] 23 -120
// VMAP-NEXT: prod: float32[2x2] 6 -60 -60 6
func.func @prod(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<2xf32> {
  %r = mlxir.prod %x axes [1] : tensor<2x3xf32> -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// CHECK-NEXT: prod_columns: float32[3] -12 5 6
// VJP-NEXT: prod_columns: float32[2x3] -4 10 9 3 2 6
// JVP-NEXT: prod_columns: float32[3] 8 15 21
// VMAP-NEXT: prod_columns: float32[2x3] -12 5 6 6 5 -12
func.func @prod_columns(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.prod %x axes [0] : tensor<2x3xf32> -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: prod_everything: float32[] -360
// VJP-NEXT: prod_everything: float32[2x3] -120 -360 -180 90 -72 -120
// JVP-NEXT: prod_everything: float32[] -2100
// VMAP-NEXT: prod_everything: float32[2] -360 -360
func.func @prod_everything(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<f32> {
  %r = mlxir.prod %x axes [0, 1] : tensor<2x3xf32> -> tensor<f32>
  return %r : tensor<f32>
}

// CHECK-NEXT: max: float32[2] 3 5
// VJP-NEXT: max: float32[2x3] 1 0 0 0 2 0
// JVP-NEXT: max: float32[2] 1 5
// VMAP-NEXT: max: float32[2x2] 3 5 5 3
func.func @max(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<2xf32> {
  %r = mlxir.max %x axes [1] : tensor<2x3xf32> -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// CHECK-NEXT: max_columns: float32[3] 3 5 3
// VJP-NEXT: max_columns: float32[2x3] 1 0 0 0 2 3
// JVP-NEXT: max_columns: float32[3] 1 5 6
// VMAP-NEXT: max_columns: float32[2x3] 3 5 3 3 5 3
func.func @max_columns(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.max %x axes [0] : tensor<2x3xf32> -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: max_everything: float32[] 5
// VJP-NEXT: max_everything: float32[2x3] 0 0 0 0 1 0
// JVP-NEXT: max_everything: float32[] 5
// VMAP-NEXT: max_everything: float32[2] 5 5
func.func @max_everything(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<f32> {
  %r = mlxir.max %x axes [0, 1] : tensor<2x3xf32> -> tensor<f32>
  return %r : tensor<f32>
}

// CHECK-NEXT: min: float32[2] 1 -4
// VJP-NEXT: min: float32[2x3] 0 1 0 2 0 0
// JVP-NEXT: min: float32[2] 2 4
// VMAP-NEXT: min: float32[2x2] 1 -4 -4 1
func.func @min(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<2xf32> {
  %r = mlxir.min %x axes [1] : tensor<2x3xf32> -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// CHECK-NEXT: min_columns: float32[3] -4 1 2
// VJP-NEXT: min_columns: float32[2x3] 0 2 3 1 0 0
// JVP-NEXT: min_columns: float32[3] 4 2 3
// VMAP-NEXT: min_columns: float32[2x3] -4 1 2 2 1 -4
func.func @min_columns(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.min %x axes [0] : tensor<2x3xf32> -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: min_everything: float32[] -4
// VJP-NEXT: min_everything: float32[2x3] 0 0 0 1 0 0
// JVP-NEXT: min_everything: float32[] 4
// VMAP-NEXT: min_everything: float32[2] -4 -4
func.func @min_everything(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<f32> {
  %r = mlxir.min %x axes [0, 1] : tensor<2x3xf32> -> tensor<f32>
  return %r : tensor<f32>
}

// CHECK-NEXT: any: bool[2] 1 0
// VMAP-NEXT: any: bool[2x2] 1 0 0 1
func.func @any(%x: tensor<2x3xi1> {mlxir.value = dense<[[true, true, false], [false, false, false]]> : tensor<2x3xi1>})
    -> tensor<2xi1> {
  %r = mlxir.any %x axes [1] : tensor<2x3xi1> -> tensor<2xi1>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: any_columns: bool[3] 1 1 0
// VMAP-NEXT: any_columns: bool[2x3] 1 1 0 0 1 1
func.func @any_columns(%x: tensor<2x3xi1> {mlxir.value = dense<[[true, true, false], [false, false, false]]> : tensor<2x3xi1>})
    -> tensor<3xi1> {
  %r = mlxir.any %x axes [0] : tensor<2x3xi1> -> tensor<3xi1>
  return %r : tensor<3xi1>
}

// CHECK-NEXT: all: bool[2] 0 0
// VMAP-NEXT: all: bool[2x2] 0 0 0 0
func.func @all(%x: tensor<2x3xi1> {mlxir.value = dense<[[true, true, false], [false, false, false]]> : tensor<2x3xi1>})
    -> tensor<2xi1> {
  %r = mlxir.all %x axes [1] : tensor<2x3xi1> -> tensor<2xi1>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: all_columns: bool[3] 0 0 0
// VMAP-NEXT: all_columns: bool[2x3] 0 0 0 0 0 0
func.func @all_columns(%x: tensor<2x3xi1> {mlxir.value = dense<[[true, true, false], [false, false, false]]> : tensor<2x3xi1>})
    -> tensor<3xi1> {
  %r = mlxir.all %x axes [0] : tensor<2x3xi1> -> tensor<3xi1>
  return %r : tensor<3xi1>
}

// CHECK-NEXT: argmax: uint32[2] 0 1
// VMAP-NEXT: argmax: uint32[2x2] 0 1 1 2
func.func @argmax(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<2xui32> {
  %r = mlxir.argmax %x axis 1 : tensor<2x3xf32> -> tensor<2xui32>
  return %r : tensor<2xui32>
}

// CHECK-NEXT: argmax_of_ties: uint32[2] 0 2
// VMAP-NEXT: argmax_of_ties: uint32[2x2] 0 2 0 1
func.func @argmax_of_ties(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 3.0, 2.0], [1.0, 1.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<2xui32> {
  %r = mlxir.argmax %x axis 1 : tensor<2x3xf32> -> tensor<2xui32>
  return %r : tensor<2xui32>
}

// CHECK-NEXT: argmin: uint32[2] 1 0
// VMAP-NEXT: argmin: uint32[2x2] 1 0 2 1
func.func @argmin(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 1.0, 2.0], [-4.0, 5.0, 3.0]]> : tensor<2x3xf32>})
    -> tensor<2xui32> {
  %r = mlxir.argmin %x axis 1 : tensor<2x3xf32> -> tensor<2xui32>
  return %r : tensor<2xui32>
}

// CHECK-NEXT: argmin_of_ties: uint32[2] 2 0
// VMAP-NEXT: argmin_of_ties: uint32[2x2] 2 0 1 0
func.func @argmin_of_ties(%x: tensor<2x3xf32> {mlxir.value = dense<[[3.0, 3.0, 2.0], [1.0, 1.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<2xui32> {
  %r = mlxir.argmin %x axis 1 : tensor<2x3xf32> -> tensor<2xui32>
  return %r : tensor<2xui32>
}

// Integers wrap around.
// CHECK-NEXT: sum_int8: int8[2] 44 6
// VMAP-NEXT: sum_int8: int8[2x2] 44 6 6 44
func.func @sum_int8(%x: tensor<2x3xi8> {mlxir.value = dense<[[100, 100, 100], [1, 2, 3]]> : tensor<2x3xi8>})
    -> tensor<2xi8> {
  %r = mlxir.sum %x axes [1] : tensor<2x3xi8> -> tensor<2xi8>
  return %r : tensor<2xi8>
}
