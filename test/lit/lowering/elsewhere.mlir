// A value that a stage has computed is read where it was computed; elsewhere it is computed again.
// RUN: mlxir-opt %s --mlxir-lower-kernels | FileCheck %s

// The operand %0 of the contraction is over dims (0, 2), what is compared is over dims (0, 1).
// CHECK-LABEL: func.func private @compare_with_operand
// CHECK: %[[OPERAND:[0-9]+]] = linalg.generic {{.*}}ins(%arg0
// CHECK: %[[PRODUCT:[0-9]+]] = linalg.generic {{.*}}ins(%[[OPERAND]]
// CHECK: linalg.generic {{.*}}ins(%[[PRODUCT]], %arg0
func.func private @compare_with_operand(%arg0: tensor<16x32xf32>, %arg1: tensor<32x32xbf16>) -> tensor<16x32xi1>
    attributes {mlxir.domain = tensor<16x32x32xi1>, mlxir.kernel, mlxir.reduced = array<i64: 2>, mlxir.symbols = array<i64>} {
  %0 = mlxir.cast %arg0 : tensor<16x32xf32> -> tensor<16x32xbf16>
  %1 = mlxir.dot_general %0, %arg1 batch [] x [] contract [1] x [0] {mlxir.dims = array<i64: 0, 1>} : tensor<16x32xbf16>, tensor<32x32xbf16> -> tensor<16x32xbf16>
  %2 = mlxir.equal %1, %0 {mlxir.dims = array<i64: 0, 1>} : tensor<16x32xbf16>
  return %2 : tensor<16x32xi1>
}
