// RUN: %invalid
// What is said of sizes that cannot be read, or do not fit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// expected-error @below {{expected one size per dim, got 1 for rank 2}}
func.func private @one_size_for_two_dims(tensor<?x4xf32, #mlxir.dims<s0>>)

// -----

// expected-error @below {{expected sizes that agree with the type's dims, got #mlxir.dims<s0, 5>}}
func.func private @another_number(tensor<?x4xf32, #mlxir.dims<s0, 5>>)

// -----

// expected-error @below {{expected a symbolic size, got #mlxir.dims<3, 4>; dims that are all numbers need no encoding}}
func.func private @nothing_symbolic(tensor<3x4xf32, #mlxir.dims<3, 4>>)

// -----

// expected-error @below {{expected a symbol, floordiv, mod, min or max, got n}}
func.func private @no_symbol(tensor<?xf32, #mlxir.dims<n>>)

// -----

// expected-error @below {{expected a size, such as 4 or s0*4+1}}
func.func private @no_size(tensor<?xf32, #mlxir.dims<s0*>>)

// -----

// expected-error @below {{expected a size below 2^62}}
func.func private @too_large(tensor<?xf32, #mlxir.dims<s0*4611686018427387904>>)

// -----

func.func @sizes_that_differ(%x: tensor<?xf32, #mlxir.dims<s0>>) {
  // expected-error @below {{'mlxir.reshape' op expected a shape of s0 elements for an array of shape (s0,), got (s0+1,)}}
  %r = mlxir.reshape %x : tensor<?xf32, #mlxir.dims<s0>> -> tensor<?xf32, #mlxir.dims<s0+1>>
  return
}
