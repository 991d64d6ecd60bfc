// RUN: mlxir-run %s | %check
// RUN: mlxir-run %s --cpu=x86-64-v3 | %check
// Every elementwise op of one operand, compiled and run: ordinary numbers and the edges of its domain.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// CHECK: abs: float32[4] 1.5 0 0.75 2
func.func @abs(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.abs %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: abs_int32: int32[3] 3 0 5
func.func @abs_int32(%x: tensor<3xi32> {mlxir.value = dense<[-3, 0, 5]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.abs %x : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: arccos: float32[3] 3.14159 1.0472 nan
func.func @arccos(%x: tensor<3xf32> {mlxir.value = dense<[-1.0, 0.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arccos %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: arccosh: float32[3] 0 1.31696 nan
func.func @arccosh(%x: tensor<3xf32> {mlxir.value = dense<[1.0, 2.0, 0.5]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arccosh %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: arcsin: float32[3] -1.5708 0.523599 nan
func.func @arcsin(%x: tensor<3xf32> {mlxir.value = dense<[-1.0, 0.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arcsin %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: arcsinh: float32[4] -1.19476 0 0.693147 1.44364
func.func @arcsinh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.arcsinh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: arctan: float32[4] -0.982793 0 0.643501 1.10715
func.func @arctan(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.arctan %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: arctanh: float32[3] -0.549306 +Inf nan
func.func @arctanh(%x: tensor<3xf32> {mlxir.value = dense<[-0.5, 1.0, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.arctanh %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: bitwise_invert: int8[3] -1 -2 -2
func.func @bitwise_invert(%x: tensor<3xi8> {mlxir.value = dense<[0, 1, 1]> : tensor<3xi8>})
    -> tensor<3xi8> {
  %r = mlxir.bitwise_invert %x : tensor<3xi8>
  return %r : tensor<3xi8>
}

// CHECK-NEXT: bitwise_invert_uint16: uint16[3] 65535 65534 65534
func.func @bitwise_invert_uint16(%x: tensor<3xui16> {mlxir.value = dense<[0, 1, 1]> : tensor<3xui16>})
    -> tensor<3xui16> {
  %r = mlxir.bitwise_invert %x : tensor<3xui16>
  return %r : tensor<3xui16>
}

// CHECK-NEXT: bitwise_invert_bool: bool[3] 1 0 0
func.func @bitwise_invert_bool(%x: tensor<3xi1> {mlxir.value = dense<[false, true, true]> : tensor<3xi1>})
    -> tensor<3xi1> {
  %r = mlxir.bitwise_invert %x : tensor<3xi1>
  return %r : tensor<3xi1>
}

// CHECK-NEXT: ceil: float32[3] 1 -1 2
func.func @ceil(%x: tensor<3xf32> {mlxir.value = dense<[0.5, -1.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.ceil %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: copy: float32[4] -1.5 0 0.75 2
func.func @copy(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.copy %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: cos: float32[4] 0.0707372 1 0.731689 -0.416147
func.func @cos(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.cos %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: cosh: float32[4] 2.35241 1 1.29468 3.7622
func.func @cosh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.cosh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: erf: float32[4] -0.966105 0 0.711156 0.995322
func.func @erf(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.erf %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: exp: float32[4] 0.22313 1 2.117 7.38905
func.func @exp(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.exp %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: expm1: float32[4] -0.776869 0 1.117 6.38905
func.func @expm1(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.expm1 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: floor: float32[3] 0 -2 2
func.func @floor(%x: tensor<3xf32> {mlxir.value = dense<[0.5, -1.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.floor %x : tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-NEXT: log: float32[4] 0 -0.693147 -Inf nan
func.func @log(%x: tensor<4xf32> {mlxir.value = dense<[1.0, 0.5, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: log10: float32[4] 2 -0.30103 -Inf nan
func.func @log10(%x: tensor<4xf32> {mlxir.value = dense<[100.0, 0.5, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log10 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: log1p: float32[4] 9.99999E-9 0.405465 -Inf nan
func.func @log1p(%x: tensor<4xf32> {mlxir.value = dense<[9.99999993922529e-09, 0.5, -1.0, -2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log1p %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: log2: float32[4] 3 -1 -Inf nan
func.func @log2(%x: tensor<4xf32> {mlxir.value = dense<[8.0, 0.5, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.log2 %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: logical_not: bool[2] 0 1
func.func @logical_not(%x: tensor<2xi1> {mlxir.value = dense<[true, false]> : tensor<2xi1>})
    -> tensor<2xi1> {
  %r = mlxir.logical_not %x : tensor<2xi1>
  return %r : tensor<2xi1>
}

// CHECK-NEXT: negative: float32[4] 1.5 -0 -0.75 -2
func.func @negative(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.negative %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: negative_int32: int32[3] 3 0 -5
func.func @negative_int32(%x: tensor<3xi32> {mlxir.value = dense<[-3, 0, 5]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.negative %x : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: round: float32[5] 0 2 2 -0 -2
func.func @round(%x: tensor<5xf32> {mlxir.value = dense<[0.5, 1.5, 2.5, -0.5, -1.600000023841858]> : tensor<5xf32>})
    -> tensor<5xf32> {
  %r = mlxir.round %x : tensor<5xf32>
  return %r : tensor<5xf32>
}

// CHECK-NEXT: rsqrt: float32[4] 0.5 2 +Inf nan
func.func @rsqrt(%x: tensor<4xf32> {mlxir.value = dense<[4.0, 0.25, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.rsqrt %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sigmoid: float32[4] 0.182426 0.5 0.679178 0.880797
func.func @sigmoid(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sigmoid %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sign: float32[4] -1 0 1 1
func.func @sign(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sign %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sign_int32: int32[3] -1 0 1
func.func @sign_int32(%x: tensor<3xi32> {mlxir.value = dense<[-3, 0, 5]> : tensor<3xi32>})
    -> tensor<3xi32> {
  %r = mlxir.sign %x : tensor<3xi32>
  return %r : tensor<3xi32>
}

// CHECK-NEXT: sin: float32[4] -0.997494 0 0.681638 0.909297
func.func @sin(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sin %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sinh: float32[4] -2.12928 0 0.822316 3.62686
func.func @sinh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sinh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: sqrt: float32[4] 2 0.5 0 nan
func.func @sqrt(%x: tensor<4xf32> {mlxir.value = dense<[4.0, 0.25, 0.0, -1.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.sqrt %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: stop_gradient: float32[4] -1.5 0 0.75 2
func.func @stop_gradient(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.stop_gradient %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: tan: float32[4] -14.1014 0 0.931596 -2.18504
func.func @tan(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.tan %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: tanh: float32[4] -0.905148 0 0.635148 0.964027
func.func @tanh(%x: tensor<4xf32> {mlxir.value = dense<[-1.5, 0.0, 0.75, 2.0]> : tensor<4xf32>})
    -> tensor<4xf32> {
  %r = mlxir.tanh %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-NEXT: trunc: float32[3] 0 -1 2
func.func @trunc(%x: tensor<3xf32> {mlxir.value = dense<[0.5, -1.5, 2.0]> : tensor<3xf32>})
    -> tensor<3xf32> {
  %r = mlxir.trunc %x : tensor<3xf32>
  return %r : tensor<3xf32>
}
