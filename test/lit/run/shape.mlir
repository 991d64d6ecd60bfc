// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Ops that arrange elements, compiled and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: iota: int32[2x3] 0 1 2 0 1 2
func.func @iota() -> tensor<2x3xi32> {
  %r = mlxir.iota axis 1 : tensor<2x3xi32>
  return %r : tensor<2x3xi32>
}

// CHECK-NEXT: broadcast: float32[2x3] 1 1 1 2 2 2
// VJP: broadcast: float32[2x1] 6 15
// JVP: broadcast: float32[2x3] 1 1 1 2 2 2
// VMAP: broadcast: float32[2x2x3] 1 1 1 2 2 2 2 2 2 1 1 1
func.func @broadcast(%x: tensor<2x1xf32> {mlxir.value = dense<[[1.0], [2.0]]> : tensor<2x1xf32>})
    -> tensor<2x3xf32> {
  %r = mlxir.broadcast %x axes [0, 1] : tensor<2x1xf32> -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-NEXT: broadcast_new_axis: float32[2x2] 1 2 1 2
// VJP-NEXT: broadcast_new_axis: float32[2] 4 6
// JVP-NEXT: broadcast_new_axis: float32[2x2] 1 2 1 2
// VMAP-NEXT: broadcast_new_axis: float32[2x2x2] 1 2 1 2 2 1 2 1
func.func @broadcast_new_axis(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>})
    -> tensor<2x2xf32> {
  %r = mlxir.broadcast %x axes [1] : tensor<2xf32> -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// CHECK-NEXT: transpose: float32[3x2] 0 3 1 4 2 5
// VJP-NEXT: transpose: float32[2x3] 1 3 5 2 4 6
// JVP-NEXT: transpose: float32[3x2] 1 4 2 5 3 6
// VMAP-NEXT: transpose: float32[2x3x2] 0 3 1 4 2 5 5 2 4 1 3 0
func.func @transpose(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<3x2xf32> {
  %r = mlxir.transpose %x [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}

// CHECK-NEXT: slice: float32[2x2] 5 3 2 0
// VJP-NEXT: slice: float32[2x3] 4 0 3 2 0 1
// JVP-NEXT: slice: float32[2x2] 6 4 3 1
// VMAP-NEXT: slice: float32[2x2x2] 5 3 2 0 0 2 3 5
func.func @slice(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<2x2xf32> {
  %r = mlxir.slice %x starts [1, 2] strides [-1, -2] : tensor<2x3xf32> -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// CHECK-NEXT: reshape: float32[3x2] 0 1 2 3 4 5
// VJP-NEXT: reshape: float32[2x3] 1 2 3 4 5 6
// JVP-NEXT: reshape: float32[3x2] 1 2 3 4 5 6
// VMAP-NEXT: reshape: float32[2x3x2] 0 1 2 3 4 5 5 4 3 2 1 0
func.func @reshape(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>})
    -> tensor<3x2xf32> {
  %r = mlxir.reshape %x : tensor<2x3xf32> -> tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}

// CHECK-NEXT: concatenate: float32[3x3] 0 1 2 3 4 5 9 8 7
// VJP-NEXT: concatenate: float32[2x3] 1 2 3 4 5 6
// VJP-NEXT: concatenate: float32[1x3] 7 8 9
// JVP-NEXT: concatenate: float32[3x3] 1 2 3 4 5 6 1 2 3
// VMAP-NEXT: concatenate: float32[2x3x3] 0 1 2 3 4 5 9 8 7 5 4 3 2 1 0 7 8 9
func.func @concatenate(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>},
    %y: tensor<1x3xf32> {mlxir.value = dense<[[9.0, 8.0, 7.0]]> : tensor<1x3xf32>})
    -> tensor<3x3xf32> {
  %r = mlxir.concatenate %x, %y axis 0 : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  return %r : tensor<3x3xf32>
}

// CHECK-NEXT: pad: float32[5] 7 1 2 7 7
// VJP-NEXT: pad: float32[2] 2 3
// VJP-NEXT: pad: float32[] 10
// JVP-NEXT: pad: float32[5] 1 1 2 1 1
// VMAP-NEXT: pad: float32[2x5] 7 1 2 7 7 7 2 1 7 7
func.func @pad(%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>},
    %v: tensor<f32> {mlxir.value = dense<7.0> : tensor<f32>})
    -> tensor<5xf32> {
  %r = mlxir.pad %x, %v low [1] high [2] : tensor<2xf32>, tensor<f32> -> tensor<5xf32>
  return %r : tensor<5xf32>
}

// CHECK-NEXT: slice_update: float32[2x3] 0 11 10 3 13 12
// VJP-NEXT: slice_update: float32[2x3] 1 0 0 4 0 0
// VJP-NEXT: slice_update: float32[2x2] 3 2 6 5
// JVP-NEXT: slice_update: float32[2x3] 1 2 1 4 4 3
// VMAP-NEXT: slice_update: float32[2x2x3] 0 11 10 3 13 12 5 12 13 2 10 11
func.func @slice_update(%x: tensor<2x3xf32> {mlxir.value = dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>},
    %u: tensor<2x2xf32> {mlxir.value = dense<[[10.0, 11.0], [12.0, 13.0]]> : tensor<2x2xf32>})
    -> tensor<2x3xf32> {
  %r = mlxir.slice_update %x, %u starts [0, 2] strides [1, -1] : tensor<2x3xf32>, tensor<2x2xf32>
  return %r : tensor<2x3xf32>
}
