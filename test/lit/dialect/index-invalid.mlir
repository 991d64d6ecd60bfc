// RUN: %invalid
// What the verifier says of reads and writes at computed indices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @gather_with_floats(%x: tensor<16x8xf32>, %i: tensor<4xf32>) {
  // expected-error @below {{'mlxir.gather' op expected integer elements, got float32}}
  %r = mlxir.gather %x[%i] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<4xf32> -> tensor<4x1x8xf32>
  return
}

// -----

func.func @gather_with_an_index_too_few(%x: tensor<16x8xf32>, %i: tensor<4xi32>) {
  // expected-error @below {{'mlxir.gather' op expected 2 index arrays, got 1}}
  %r = mlxir.gather %x[%i] axes [0, 1] slices [1, 1] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x1xf32>
  return
}

// -----

func.func @gather_with_indices_of_two_shapes(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %j: tensor<5xi32>) {
  // expected-error @below {{'mlxir.gather' op expected operands of one shape, got (4,) and (5,)}}
  %r = mlxir.gather %x[%i, %j] axes [0, 1] slices [1, 1]
    : tensor<16x8xf32>, tensor<4xi32>, tensor<5xi32> -> tensor<4x1x1xf32>
  return
}

// -----

func.func @gather_of_too_much(%x: tensor<16x8xf32>, %i: tensor<4xi32>) {
  // expected-error @below {{'mlxir.gather' op expected slices no larger than (16, 8), got (1, 9)}}
  %r = mlxir.gather %x[%i] axes [0] slices [1, 9] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x9xf32>
  return
}

// -----

func.func @gather_from_nothing(%x: tensor<0x8xf32>, %i: tensor<4xi32>) {
  // expected-error @below {{'mlxir.gather' op expected elements to index along axis 0, got an array of shape (0, 8)}}
  %r = mlxir.gather %x[%i] axes [0] slices [0, 8] : tensor<0x8xf32>, tensor<4xi32> -> tensor<4x0x8xf32>
  return
}

// -----

func.func @gather_along_no_axis(%x: tensor<16x8xf32>, %i: tensor<4xi32>) {
  // expected-error @below {{'mlxir.gather' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.gather %x[%i] axes [2] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x8xf32>
  return
}

// -----

func.func @gather_along_an_axis_twice(%x: tensor<16x8xf32>, %i: tensor<4xi32>) {
  // expected-error @below {{'mlxir.gather' op expected each axis once, got (0, 0)}}
  %r = mlxir.gather %x[%i, %i] axes [0, 0] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32>, tensor<4xi32> -> tensor<4x1x8xf32>
  return
}

// -----

func.func @gather_with_too_few_slices(%x: tensor<16x8xf32>, %i: tensor<4xi32>) {
  // expected-error @below {{'mlxir.gather' op expected 2 slice sizes, got 1}}
  %r = mlxir.gather %x[%i] axes [0] slices [1] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1xf32>
  return
}

// -----

func.func @take_with_another_shape(%x: tensor<4x8xf32>, %i: tensor<3x1xi32>) {
  // expected-error @below {{'mlxir.take_along_axis' op expected indices of shape (4, 8) but along axis 1, got (3, 1)}}
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x8xf32>, tensor<3x1xi32> -> tensor<3x1xf32>
  return
}

// -----

func.func @take_along_axis_with_floats(%x: tensor<4x8xf32>, %i: tensor<4x1xf32>) {
  // expected-error @below {{'mlxir.take_along_axis' op expected integer elements, got float32}}
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x1xf32> -> tensor<4x1xf32>
  return
}

// -----

func.func @take_along_no_axis(%x: tensor<4x8xf32>, %i: tensor<4x1xi32>) {
  // expected-error @below {{'mlxir.take_along_axis' op expected an axis of an array with 2 dimensions, got -1}}
  %r = mlxir.take_along_axis %x[%i] axis -1 : tensor<4x8xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
  return
}

// -----

func.func @take_along_an_empty_axis(%x: tensor<4x0xf32>, %i: tensor<4x1xi32>) {
  // expected-error @below {{'mlxir.take_along_axis' op expected elements to index along axis 1, got an array of shape (4, 0)}}
  %r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x0xf32>, tensor<4x1xi32> -> tensor<4x1xf32>
  return
}

// -----

func.func @scatter_of_another_dtype(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %u: tensor<4x1x8xf16>) {
  // expected-error @below {{'mlxir.scatter' op expected operands of one dtype, got float32 and float16}}
  %r = mlxir.scatter add %x[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf16>, tensor<4xi32>
  return
}

// -----

func.func @scatter_of_another_shape(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %u: tensor<5x1x8xf32>) {
  // expected-error @below {{'mlxir.scatter' op expected updates of shape (4,) followed by a slice of (16, 8), got (5, 1, 8)}}
  %r = mlxir.scatter add %x[%i], %u axes [0] : tensor<16x8xf32>, tensor<5x1x8xf32>, tensor<4xi32>
  return
}

// -----

func.func @scatter_with_floats(%x: tensor<16x8xf32>, %i: tensor<4xf32>, %u: tensor<4x1x8xf32>) {
  // expected-error @below {{'mlxir.scatter' op expected integer elements, got float32}}
  %r = mlxir.scatter add %x[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xf32>
  return
}

// -----

func.func @scatter_with_too_few_indices(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %u: tensor<4x1x8xf32>) {
  // expected-error @below {{'mlxir.scatter' op expected 2 index arrays, got 1}}
  %r = mlxir.scatter add %x[%i], %u axes [0, 1] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
  return
}

// -----

func.func @scatter_along_no_axis(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %u: tensor<4x1x8xf32>) {
  // expected-error @below {{'mlxir.scatter' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.scatter add %x[%i], %u axes [2] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>
  return
}

// -----

func.func @scatter_of_too_large_a_slice(%x: tensor<16x8xf32>, %i: tensor<4xi32>, %u: tensor<4x1x9xf32>) {
  // expected-error @below {{'mlxir.scatter' op expected updates of shape (4,) followed by a slice of (16, 8), got (4, 1, 9)}}
  %r = mlxir.scatter add %x[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x9xf32>, tensor<4xi32>
  return
}
