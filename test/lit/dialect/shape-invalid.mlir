// RUN: %invalid
// What the verifier says of ops that make, select and rearrange elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @iota_without_its_axis() {
  // expected-error @below {{'mlxir.iota' op expected an axis of an array with 1 dimensions, got 1}}
  %r = mlxir.iota axis 1 : tensor<4xi32>
  return
}

// -----

func.func @iota_of_bools() {
  // expected-error @below {{'mlxir.iota' op expected integer or floating-point elements, got bool}}
  %r = mlxir.iota axis 0 : tensor<4xi1>
  return
}

// -----

func.func @broadcast_of_another_dim(%x: tensor<3xf32>) {
  // expected-error @below {{'mlxir.broadcast' op expected a shape that broadcasts to (2, 4), got (3,)}}
  %r = mlxir.broadcast %x axes [1] : tensor<3xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @broadcast_with_too_few_axes(%x: tensor<3x4xf32>) {
  // expected-error @below {{'mlxir.broadcast' op expected 2 axes, got 1}}
  %r = mlxir.broadcast %x axes [1] : tensor<3x4xf32> -> tensor<3x4xf32>
  return
}

// -----

func.func @broadcast_that_changes_the_dtype(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.broadcast' op expected a result of type 'tensor<2x4xf32>', got 'tensor<2x4xf16>'}}
  %r = mlxir.broadcast %x axes [1] : tensor<4xf32> -> tensor<2x4xf16>
  return
}

// -----

func.func @broadcast_along_no_axis(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.broadcast' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.broadcast %x axes [2] : tensor<4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @broadcast_along_an_axis_twice(%x: tensor<4x4xf32>) {
  // expected-error @below {{'mlxir.broadcast' op expected each axis once, got (1, 1)}}
  %r = mlxir.broadcast %x axes [1, 1] : tensor<4x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @transpose_with_a_dim_twice(%x: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.transpose' op expected each axis once, got (1, 1)}}
  %r = mlxir.transpose %x [1, 1] : tensor<2x4xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @transpose_of_too_few_dims(%x: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.transpose' op expected 2 axes, got 1}}
  %r = mlxir.transpose %x [0] : tensor<2x4xf32> -> tensor<2xf32>
  return
}

// -----

func.func @transpose_along_no_axis(%x: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.transpose' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.transpose %x [0, 2] : tensor<2x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @transpose_into_another_shape(%x: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.transpose' op expected a result of type 'tensor<4x2xf32>', got 'tensor<2x4xf32>'}}
  %r = mlxir.transpose %x [1, 0] : tensor<2x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @slice_beyond_the_end(%x: tensor<8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected a window inside (8,), got starts (6,), strides (1,), sizes (3,)}}
  %r = mlxir.slice %x starts [6] strides [1] : tensor<8xf32> -> tensor<3xf32>
  return
}

// -----

func.func @slice_before_the_start(%x: tensor<8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected a window inside (8,), got starts (3,), strides (-2,), sizes (3,)}}
  %r = mlxir.slice %x starts [3] strides [-2] : tensor<8xf32> -> tensor<3xf32>
  return
}

// -----

func.func @slice_that_does_not_move(%x: tensor<8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected nonzero strides, got (0,)}}
  %r = mlxir.slice %x starts [0] strides [0] : tensor<8xf32> -> tensor<3xf32>
  return
}

// -----

func.func @slice_with_too_few_starts(%x: tensor<8x8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected 2 starts, got 1}}
  %r = mlxir.slice %x starts [0] strides [1, 1] : tensor<8x8xf32> -> tensor<3x8xf32>
  return
}

// -----

func.func @slice_with_too_few_strides(%x: tensor<2x8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected 2 strides, got 1}}
  %r = mlxir.slice %x starts [0, 0] strides [1] : tensor<2x8xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @slice_of_another_rank(%x: tensor<2x8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected 2 sizes, got 1}}
  %r = mlxir.slice %x starts [0, 0] strides [1, 1] : tensor<2x8xf32> -> tensor<4xf32>
  return
}

// -----

func.func @slice_from_before_the_start(%x: tensor<8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected a window inside (8,), got starts (-1,), strides (1,), sizes (3,)}}
  %r = mlxir.slice %x starts [-1] strides [1] : tensor<8xf32> -> tensor<3xf32>
  return
}

// -----

func.func @slice_of_another_dtype(%x: tensor<8xf32>) {
  // expected-error @below {{'mlxir.slice' op expected a result of type 'tensor<3xf32>', got 'tensor<3xf16>'}}
  %r = mlxir.slice %x starts [0] strides [1] : tensor<8xf32> -> tensor<3xf16>
  return
}

// -----

func.func @reshape_to_another_count(%x: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.reshape' op expected a shape of 8 elements for an array of shape (2, 4), got (3, 3)}}
  %r = mlxir.reshape %x : tensor<2x4xf32> -> tensor<3x3xf32>
  return
}

// -----

func.func @concatenate_nothing() {
  // expected-error @below {{'mlxir.concatenate' op expected at least one array, got none}}
  %r = mlxir.concatenate axis 0 : () -> tensor<4xf32>
  return
}

// -----

func.func @concatenate_what_does_not_fit(%x: tensor<2x4xf32>, %y: tensor<2x5xf32>) {
  // expected-error @below {{'mlxir.concatenate' op expected shapes that differ only along axis 0, got (2, 4) and (2, 5)}}
  %r = mlxir.concatenate %x, %y axis 0 : (tensor<2x4xf32>, tensor<2x5xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @concatenate_two_dtypes(%x: tensor<2xf32>, %y: tensor<2xf16>) {
  // expected-error @below {{'mlxir.concatenate' op expected operands of one dtype, got float32 and float16}}
  %r = mlxir.concatenate %x, %y axis 0 : (tensor<2xf32>, tensor<2xf16>) -> tensor<4xf32>
  return
}

// -----

func.func @concatenate_along_no_axis(%x: tensor<2x4xf32>) {
  // expected-error @below {{'mlxir.concatenate' op expected an axis of an array with 2 dimensions, got 2}}
  %r = mlxir.concatenate %x axis 2 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @concatenate_of_other_ranks(%x: tensor<2x4xf32>, %y: tensor<4xf32>) {
  // expected-error @below {{'mlxir.concatenate' op expected shapes that differ only along axis 0, got (2, 4) and (4,)}}
  %r = mlxir.concatenate %x, %y axis 0 : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @concatenate_into_another_shape(%x: tensor<2xf32>) {
  // expected-error @below {{'mlxir.concatenate' op expected a result of type 'tensor<4xf32>', got 'tensor<5xf32>'}}
  %r = mlxir.concatenate %x, %x axis 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @pad_with_an_array(%x: tensor<2xf32>, %v: tensor<1xf32>) {
  // expected-error @below {{'mlxir.pad' op expected a scalar to pad with, got an array of shape (1,)}}
  %r = mlxir.pad %x, %v low [1] high [1] : tensor<2xf32>, tensor<1xf32> -> tensor<4xf32>
  return
}

// -----

func.func @pad_with_less_than_nothing(%x: tensor<2xf32>, %v: tensor<f32>) {
  // expected-error @below {{'mlxir.pad' op expected counts that are not negative, got -1}}
  %r = mlxir.pad %x, %v low [-1] high [1] : tensor<2xf32>, tensor<f32> -> tensor<2xf32>
  return
}

// -----

func.func @pad_with_another_dtype(%x: tensor<2xf32>, %v: tensor<f16>) {
  // expected-error @below {{'mlxir.pad' op expected operands of one dtype, got float32 and float16}}
  %r = mlxir.pad %x, %v low [1] high [0] : tensor<2xf32>, tensor<f16> -> tensor<3xf32>
  return
}

// -----

func.func @pad_with_too_few_counts_before(%x: tensor<2x4xf32>, %v: tensor<f32>) {
  // expected-error @below {{'mlxir.pad' op expected 2 low counts, got 1}}
  %r = mlxir.pad %x, %v low [1] high [0, 0] : tensor<2x4xf32>, tensor<f32> -> tensor<3x4xf32>
  return
}

// -----

func.func @pad_with_too_few_counts_behind(%x: tensor<2x4xf32>, %v: tensor<f32>) {
  // expected-error @below {{'mlxir.pad' op expected 2 high counts, got 1}}
  %r = mlxir.pad %x, %v low [1, 0] high [0] : tensor<2x4xf32>, tensor<f32> -> tensor<3x4xf32>
  return
}

// -----

func.func @pad_less_than_nothing_behind(%x: tensor<2xf32>, %v: tensor<f32>) {
  // expected-error @below {{'mlxir.pad' op expected counts that are not negative, got -1}}
  %r = mlxir.pad %x, %v low [0] high [-1] : tensor<2xf32>, tensor<f32> -> tensor<1xf32>
  return
}

// -----

func.func @pad_into_another_shape(%x: tensor<2xf32>, %v: tensor<f32>) {
  // expected-error @below {{'mlxir.pad' op expected a result of type 'tensor<3xf32>', got 'tensor<4xf32>'}}
  %r = mlxir.pad %x, %v low [1] high [0] : tensor<2xf32>, tensor<f32> -> tensor<4xf32>
  return
}

// -----

func.func @update_beyond_the_end(%x: tensor<8xf32>, %u: tensor<3xf32>) {
  // expected-error @below {{'mlxir.slice_update' op expected a window inside (8,), got starts (6,), strides (1,), sizes (3,)}}
  %r = mlxir.slice_update %x, %u starts [6] strides [1] : tensor<8xf32>, tensor<3xf32>
  return
}

// -----

func.func @slice_update_of_another_dtype(%x: tensor<8xf32>, %u: tensor<3xf16>) {
  // expected-error @below {{'mlxir.slice_update' op expected operands of one dtype, got float32 and float16}}
  %r = mlxir.slice_update %x, %u starts [0] strides [1] : tensor<8xf32>, tensor<3xf16>
  return
}

// -----

func.func @slice_update_without_a_step(%x: tensor<8xf32>, %u: tensor<3xf32>) {
  // expected-error @below {{'mlxir.slice_update' op expected nonzero strides, got (0,)}}
  %r = mlxir.slice_update %x, %u starts [0] strides [0] : tensor<8xf32>, tensor<3xf32>
  return
}

// -----

func.func @slice_update_with_too_many_starts(%x: tensor<8xf32>, %u: tensor<3xf32>) {
  // expected-error @below {{'mlxir.slice_update' op expected 1 starts, got 2}}
  %r = mlxir.slice_update %x, %u starts [0, 0] strides [1] : tensor<8xf32>, tensor<3xf32>
  return
}

// -----

func.func @slice_update_of_another_rank(%x: tensor<8xf32>, %u: tensor<1x3xf32>) {
  // expected-error @below {{'mlxir.slice_update' op expected 1 sizes, got 2}}
  %r = mlxir.slice_update %x, %u starts [0] strides [1] : tensor<8xf32>, tensor<1x3xf32>
  return
}
