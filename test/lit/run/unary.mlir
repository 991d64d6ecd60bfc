// RUN: mlxir-run %s | %check --match-full-lines
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check --match-full-lines
// RUN: mlxir-run %s --transform=vjp | %check --match-full-lines --check-prefix=VJP
// RUN: mlxir-run %s --transform=jvp | %check --match-full-lines --check-prefix=JVP
// RUN: mlxir-run %s --transform=vmap | %check --match-full-lines --check-prefix=VMAP
// Every elementwise op of one operand, compiled and run: ordinary numbers and the edges of its domain.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: abs: float32[4] 1.5 0 0.75 2
// VJP: abs: float32[4] -1 0 3 4
// JVP: abs: float32[4] -1 0 3 4
// VMAP: abs: float32[2x4] 1.5 0 0.75 2 2 0.75 0 1.5
func.func @abs(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.abs %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: abs_int32: int32[3] 3 0 5
// VMAP-NEXT: abs_int32: int32[2x3] 3 0 5 5 0 3
func.func @abs_int32(%x: tensor<3xi32> {mlxir.value = dense<[-3, 0, 5]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.abs %x : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: arccos: float32[3] 3.14159 1.0472 nan
// VJP-NEXT: arccos: float32[3] -Inf -2.3094 nan
// JVP-NEXT: arccos: float32[3] -Inf -2.3094 nan
// VMAP-NEXT: arccos: float32[2x3] 3.14159 1.0472 nan nan 1.0472 3.14159
func.func @arccos(%x: tensor<3xf32> {mlxir.value = dense<[-1.0, 0.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arccos %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: arccosh: float32[3] 0 1.31696 nan
// VJP-NEXT: arccosh: float32[3] +Inf 1.1547 nan
// JVP-NEXT: arccosh: float32[3] +Inf 1.1547 nan
// VMAP-NEXT: arccosh: float32[2x3] 0 1.31696 nan nan 1.31696 0
func.func @arccosh(%x: tensor<3xf32> {mlxir.value = dense<[1.0, 2.0, 0.5]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arccosh %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: arcsin: float32[3] -1.5708 0.523599 nan
// VJP-NEXT: arcsin: float32[3] +Inf 2.3094 nan
// JVP-NEXT: arcsin: float32[3] +Inf 2.3094 nan
// VMAP-NEXT: arcsin: float32[2x3] -1.5708 0.523599 nan nan 0.523599 -1.5708
func.func @arcsin(%x: tensor<3xf32> {mlxir.value = dense<[-1.0, 0.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arcsin %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: arcsinh: float32[4] -1.19476 0 0.693147 1.44364
// VJP-NEXT: arcsinh: float32[4] 0.5547 2 2.4 1.78885
// JVP-NEXT: arcsinh: float32[4] 0.5547 2 2.4 1.78885
// VMAP-NEXT: arcsinh: float32[2x4] -1.19476 0 0.693147 1.44364 1.44364 0.693147 0 -1.19476
func.func @arcsinh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.arcsinh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: arctan: float32[4] -0.982793 0 0.643501 1.10715
// VJP-NEXT: arctan: float32[4] 0.307692 2 1.92 0.8
// JVP-NEXT: arctan: float32[4] 0.307692 2 1.92 0.8
// VMAP-NEXT: arctan: float32[2x4] -0.982793 0 0.643501 1.10715 1.10715 0.643501 0 -0.982793
func.func @arctan(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.arctan %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: arctanh: float32[3] -0.549306 +Inf nan
// VJP-NEXT: arctanh: float32[3] 1.33333 +Inf -1
// JVP-NEXT: arctanh: float32[3] 1.33333 +Inf -1
// VMAP-NEXT: arctanh: float32[2x3] -0.549306 +Inf nan nan +Inf -0.549306
func.func @arctanh(%x: tensor<3xf32> {mlxir.value = dense<[-0.5, 1.0, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arctanh %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: bitwise_invert: int8[3] -1 -2 -2
// VMAP-NEXT: bitwise_invert: int8[2x3] -1 -2 -2 -2 -2 -1
func.func @bitwise_invert(%x: tensor<3xi8> {mlxir.value = dense<[0, 1, 1]> : tensor<3xi8>})
    -> tensor<3xi8> {
  %r = mlxir.bitwise_invert %x : tensor<3xi8>
  return %r : tensor<3xi8>
}

// CHECK-NEXT: bitwise_invert_uint16: uint16[3] 65535 65534 65534
// VMAP-NEXT: bitwise_invert_uint16: uint16[2x3] 65535 65534 65534 65534 65534 65535
func.func @bitwise_invert_uint16(%x: tensor<3xui16> {mlxir.value = dense<[0, 1, 1]> : tensor<3xui16>})
    -> tensor<3xui16> {
  %r = mlxir.bitwise_invert %x : tensor<3xui16>
  return %r : tensor<3xui16>
}

// CHECK-NEXT: bitwise_invert_bool: bool[3] 1 0 0
// VMAP-NEXT: bitwise_invert_bool: bool[2x3] 1 0 0 0 0 1
func.func @bitwise_invert_bool(%x: tensor<3xi1> {mlxir.value = dense<[false, true, true]> : tensor<3xi1>})
    -> tensor<3xi1> {
  %r = mlxir.bitwise_invert %x : tensor<3xi1>
  return %r : tensor<3xi1>
}

// CHECK-NEXT: ceil: float32[3] 1 -1 2
// VJP-NEXT: ceil: float32[3] 0 0 0
// JVP-NEXT: ceil: float32[3] 0 0 0
// VMAP-NEXT: ceil: float32[2x3] 1 -1 2 2 -1 1
func.func @ceil(%x: tensor<3xf32> {mlxir.value = dense<[0.5, -1.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.ceil %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: copy: float32[4] -1.5 0 0.75 2
// VJP-NEXT: copy: float32[4] 1 2 3 4
// JVP-NEXT: copy: float32[4] 1 2 3 4
// VMAP-NEXT: copy: float32[2x4] -1.5 0 0.75 2 2 0.75 0 -1.5
func.func @copy(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.copy %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: cos: float32[4] 0.0707372 1 0.731689 -0.416147
// VJP-NEXT: cos: float32[4] 0.997494 -0 -2.04492 -3.63719
// JVP-NEXT: cos: float32[4] 0.997494 -0 -2.04492 -3.63719
// VMAP-NEXT: cos: float32[2x4] 0.0707372 1 0.731689 -0.416147 -0.416147 0.731689 1 0.0707372
func.func @cos(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.cos %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: cosh: float32[4] 2.35241 1 1.29468 3.7622
// VJP-NEXT: cosh: float32[4] -2.12928 0 2.46695 14.5074
// JVP-NEXT: cosh: float32[4] -2.12928 0 2.46695 14.5074
// VMAP-NEXT: cosh: float32[2x4] 2.35241 1 1.29468 3.7622 3.7622 1.29468 1 2.35241
func.func @cosh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.cosh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: erf: float32[4] -0.966105 0 0.711156 0.995322
// VJP-NEXT: erf: float32[4] 0.11893 2.25676 1.92879 0.0826679
// JVP-NEXT: erf: float32[4] 0.11893 2.25676 1.92879 0.0826679
// VMAP-NEXT: erf: float32[2x4] -0.966105 0 0.711156 0.995322 0.995322 0.711156 0 -0.966105
func.func @erf(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.erf %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: exp: float32[4] 0.22313 1 2.117 7.38905
// VJP-NEXT: exp: float32[4] 0.22313 2 6.351 29.5562
// JVP-NEXT: exp: float32[4] 0.22313 2 6.351 29.5562
// VMAP-NEXT: exp: float32[2x4] 0.22313 1 2.117 7.38905 7.38905 2.117 1 0.22313
func.func @exp(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.exp %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: expm1: float32[4] -0.776869 0 1.117 6.38905
// VJP-NEXT: expm1: float32[4] 0.22313 2 6.351 29.5562
// JVP-NEXT: expm1: float32[4] 0.22313 2 6.351 29.5562
// VMAP-NEXT: expm1: float32[2x4] -0.776869 0 1.117 6.38905 6.38905 1.117 0 -0.776869
func.func @expm1(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.expm1 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: floor: float32[3] 0 -2 2
// VJP-NEXT: floor: float32[3] 0 0 0
// JVP-NEXT: floor: float32[3] 0 0 0
// VMAP-NEXT: floor: float32[2x3] 0 -2 2 2 -2 0
func.func @floor(%x: tensor<3xf32> {mlxir.value = dense<[0.5, -1.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.floor %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: log: float32[4] 0 -0.693147 -Inf nan
// VJP-NEXT: log: float32[4] 1 4 +Inf -4
// JVP-NEXT: log: float32[4] 1 4 +Inf -4
// VMAP-NEXT: log: float32[2x4] 0 -0.693147 -Inf nan nan -Inf -0.693147 0
func.func @log(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 0.5, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: log10: float32[4] 2 -0.30103 -Inf nan
// VJP-NEXT: log10: float32[4] 0.00434294 1.73718 +Inf -1.73718
// JVP-NEXT: log10: float32[4] 0.00434294 1.73718 +Inf -1.73718
// VMAP-NEXT: log10: float32[2x4] 2 -0.30103 -Inf nan nan -Inf -0.30103 2
func.func @log10(%x: tensor<4xf32> {mlxir.value = dense<[100.0, 0.5, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log10 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: log1p: float32[4] 9.99999E-9 0.405465 -Inf nan
// VJP-NEXT: log1p: float32[4] 1 1.33333 +Inf -4
// JVP-NEXT: log1p: float32[4] 1 1.33333 +Inf -4
// VMAP-NEXT: log1p: float32[2x4] 9.99999E-9 0.405465 -Inf nan nan -Inf 0.405465 9.99999E-9
func.func @log1p(%x: tensor<4xf32> {mlxir.value = dense<[9.99999993922529e-09, 0.5, -1.0, -2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log1p %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: log2: float32[4] 3 -1 -Inf nan
// VJP-NEXT: log2: float32[4] 0.180337 5.77078 +Inf -5.77078
// JVP-NEXT: log2: float32[4] 0.180337 5.77078 +Inf -5.77078
// VMAP-NEXT: log2: float32[2x4] 3 -1 -Inf nan nan -Inf -1 3
func.func @log2(%x: tensor<4xf32> {mlxir.value = dense<[8.0, 0.5, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log2 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: logical_not: bool[2] 0 1
// VMAP-NEXT: logical_not: bool[2x2] 0 1 1 0
func.func @logical_not(%x: tensor<2xi1> {mlxir.value = dense<[true, false]> : tensor<2xi1>})
    -> tensor<2xi1> {
  %r = mlxir.logical_not %x : tensor<2xi1>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: negative: float32[4] 1.5 -0 -0.75 -2
// VJP-NEXT: negative: float32[4] -1 -2 -3 -4
// JVP-NEXT: negative: float32[4] -1 -2 -3 -4
// VMAP-NEXT: negative: float32[2x4] 1.5 -0 -0.75 -2 -2 -0.75 -0 1.5
func.func @negative(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.negative %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: negative_int32: int32[3] 3 0 -5
// VMAP-NEXT: negative_int32: int32[2x3] 3 0 -5 -5 0 3
func.func @negative_int32(%x: tensor<3xi32> {mlxir.value = dense<[-3, 0, 5]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.negative %x : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: round: float32[5] 0 2 2 -0 -2
// VJP-NEXT: round: float32[5] 0 0 0 0 0
// JVP-NEXT: round: float32[5] 0 0 0 0 0
// VMAP-NEXT: round: float32[2x5] 0 2 2 -0 -2 -2 -0 2 2 0
func.func @round(%x: tensor<5xf32> {mlxir.value = dense<[0.5, 1.5, 2.5, -0.5, -1.600000023841858]> : tensor<5xf32>})
    -> tensor<5xf32> {
  %r = mlxir.round %x : tensor<5xf32>
  return %r : tensor<5xf32>
}

// CHECK-NEXT: rsqrt: float32[4] 0.5 2 +Inf nan
// VJP-NEXT: rsqrt: float32[4] -0.0625 -8 -Inf nan
// JVP-NEXT: rsqrt: float32[4] -0.0625 -8 -Inf nan
// VMAP-NEXT: rsqrt: float32[2x4] 0.5 2 +Inf nan nan +Inf 2 0.5
func.func @rsqrt(%x: tensor<4xf32> {mlxir.value = dense<[4.0, 0.25, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.rsqrt %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sigmoid: float32[4] 0.182426 0.5 0.679178 0.880797
// VJP-NEXT: sigmoid: float32[4] 0.149146 0.5 0.653685 0.419975
// JVP-NEXT: sigmoid: float32[4] 0.149146 0.5 0.653685 0.419975
// VMAP-NEXT: sigmoid: float32[2x4] 0.182426 0.5 0.679178 0.880797 0.880797 0.679178 0.5 0.182426
func.func @sigmoid(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sigmoid %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sign: float32[4] -1 0 1 1
// VJP-NEXT: sign: float32[4] 0 0 0 0
// JVP-NEXT: sign: float32[4] 0 0 0 0
// VMAP-NEXT: sign: float32[2x4] -1 0 1 1 1 1 0 -1
func.func @sign(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sign %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sign_int32: int32[3] -1 0 1
// VMAP-NEXT: sign_int32: int32[2x3] -1 0 1 1 0 -1
func.func @sign_int32(%x: tensor<3xi32> {mlxir.value = dense<[-3, 0, 5]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.sign %x : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: sin: float32[4] -0.997494 0 0.681638 0.909297
// VJP-NEXT: sin: float32[4] 0.0707372 2 2.19507 -1.66459
// JVP-NEXT: sin: float32[4] 0.0707372 2 2.19507 -1.66459
// VMAP-NEXT: sin: float32[2x4] -0.997494 0 0.681638 0.909297 0.909297 0.681638 0 -0.997494
func.func @sin(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sin %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sinh: float32[4] -2.12928 0 0.822316 3.62686
// VJP-NEXT: sinh: float32[4] 2.35241 2 3.88405 15.0488
// JVP-NEXT: sinh: float32[4] 2.35241 2 3.88405 15.0488
// VMAP-NEXT: sinh: float32[2x4] -2.12928 0 0.822316 3.62686 3.62686 0.822316 0 -2.12928
func.func @sinh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sinh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sqrt: float32[4] 2 0.5 0 nan
// VJP-NEXT: sqrt: float32[4] 0.25 2 +Inf nan
// JVP-NEXT: sqrt: float32[4] 0.25 2 +Inf nan
// VMAP-NEXT: sqrt: float32[2x4] 2 0.5 0 nan nan 0 0.5 2
func.func @sqrt(%x: tensor<4xf32> {mlxir.value = dense<[4.0, 0.25, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sqrt %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: stop_gradient: float32[4] -1.5 0 0.75 2
// VJP-NEXT: stop_gradient: float32[4] 0 0 0 0
// JVP-NEXT: stop_gradient: float32[4] 0 0 0 0
// VMAP-NEXT: stop_gradient: float32[2x4] -1.5 0 0.75 2 2 0.75 0 -1.5
func.func @stop_gradient(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.stop_gradient %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: tan: float32[4] -14.1014 0 0.931596 -2.18504
// VJP-NEXT: tan: float32[4] 199.85 2 5.60362 23.0976
// JVP-NEXT: tan: float32[4] 199.85 2 5.60362 23.0976
// VMAP-NEXT: tan: float32[2x4] -14.1014 0 0.931596 -2.18504 -2.18504 0.931596 0 -14.1014
func.func @tan(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.tan %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: tanh: float32[4] -0.905148 0 0.635148 0.964027
// VJP-NEXT: tanh: float32[4] 0.180707 2 1.78976 0.282603
// JVP-NEXT: tanh: float32[4] 0.180707 2 1.78976 0.282603
// VMAP-NEXT: tanh: float32[2x4] -0.905148 0 0.635148 0.964027 0.964027 0.635148 0 -0.905148
func.func @tanh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.tanh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: trunc: float32[3] 0 -1 2
// VJP-NEXT: trunc: float32[3] 0 0 0
// JVP-NEXT: trunc: float32[3] 0 0 0
// VMAP-NEXT: trunc: float32[2x3] 0 -1 2 2 -1 0
func.func @trunc(%x: tensor<3xf32> {mlxir.value = dense<[0.5, -1.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.trunc %x : tensor<3xf32>
  return %r : tensor<3xf32>
}
