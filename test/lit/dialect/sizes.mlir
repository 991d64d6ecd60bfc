// RUN: %roundtrip
// RUN: %generic-roundtrip
// RUN: %bytecode-roundtrip
// Symbolic dims: how they are written, and that equal sizes are written alike.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK-LABEL: @written
// CHECK-SAME: tensor<?x4xf32, #mlxir.dims<s0, 4>>
// CHECK-SAME: tensor<?xf32, #mlxir.dims<s0*4+1>>
// CHECK-SAME: tensor<?x?xi8, #mlxir.dims<floordiv(s1, 3), mod(s1, s0)>>
// CHECK-SAME: tensor<?x?xi1, #mlxir.dims<min(s0, s1), max(s0, s1-7)>>
func.func private @written(
  tensor<?x4xf32, #mlxir.dims<s0, 4>>, tensor<?xf32, #mlxir.dims<s0*4+1>>,
  tensor<?x?xi8, #mlxir.dims<floordiv(s1, 3), mod(s1, s0)>>, tensor<?x?xi1, #mlxir.dims<min(s0, s1), max(s0, s1-7)>>)

// Sums and products are brought into one order, constants are folded.
// CHECK-LABEL: @normal_form
// CHECK-SAME: tensor<?xf32, #mlxir.dims<s0*4+1>>
// CHECK-SAME: tensor<?xf32, #mlxir.dims<s0*s1+s0*2>>
// CHECK-SAME: tensor<?xf32, #mlxir.dims<s0>>
// CHECK-SAME: tensor<?xf32, #mlxir.dims<s0+floordiv(s1, 4)>>
func.func private @normal_form(
  tensor<?xf32, #mlxir.dims<1+4*s0>>, tensor<?xf32, #mlxir.dims<(s1+2)*s0>>,
  tensor<?xf32, #mlxir.dims<floordiv(s0*s1, s1)>>, tensor<?xf32, #mlxir.dims<floordiv(s0*4+s1, 4)>>)

// A symbol is at least 2, which decides some of min and max.
// CHECK-LABEL: @symbols_are_at_least_two
// CHECK-SAME: tensor<?xf32, #mlxir.dims<s0>>
// CHECK-SAME: tensor<?xf32, #mlxir.dims<s0*2>>
func.func private @symbols_are_at_least_two(
  tensor<?xf32, #mlxir.dims<max(s0, 2)>>, tensor<?xf32, #mlxir.dims<max(s0*2, s0)>>)

// CHECK-LABEL: @attributes
// CHECK: mlxir.slice %{{.*}} starts [s0-1, 0] strides [-1, 1]
func.func @attributes(%x: tensor<?x4xf32, #mlxir.dims<s0, 4>>) -> tensor<?x4xf32, #mlxir.dims<s0, 4>> {
  %r = mlxir.slice %x starts [s0-1, 0] strides [-1, 1]
    : tensor<?x4xf32, #mlxir.dims<s0, 4>> -> tensor<?x4xf32, #mlxir.dims<s0, 4>>
  return %r : tensor<?x4xf32, #mlxir.dims<s0, 4>>
}
