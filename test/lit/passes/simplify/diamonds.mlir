// A chain of diamonds takes as many rewrites as it has links: all reshapes of a value are hoisted as one.
// RUN: mlxir-opt %s --mlxir-simplify 2>&1 | FileCheck %s

// CHECK-NOT: warning
// CHECK-LABEL: func.func @chain(
// CHECK: mlxir.reshape
// CHECK-COUNT-14: mlxir.add
// CHECK-NEXT: return
func.func @chain(%0: tensor<4x6xf32>) -> tensor<24xf32> {
  %1 = mlxir.add %0, %0 : tensor<4x6xf32>
  %2 = mlxir.add %1, %1 : tensor<4x6xf32>
  %3 = mlxir.add %2, %2 : tensor<4x6xf32>
  %4 = mlxir.add %3, %3 : tensor<4x6xf32>
  %5 = mlxir.add %4, %4 : tensor<4x6xf32>
  %6 = mlxir.add %5, %5 : tensor<4x6xf32>
  %7 = mlxir.add %6, %6 : tensor<4x6xf32>
  %8 = mlxir.add %7, %7 : tensor<4x6xf32>
  %9 = mlxir.add %8, %8 : tensor<4x6xf32>
  %10 = mlxir.add %9, %9 : tensor<4x6xf32>
  %11 = mlxir.add %10, %10 : tensor<4x6xf32>
  %12 = mlxir.add %11, %11 : tensor<4x6xf32>
  %13 = mlxir.add %12, %12 : tensor<4x6xf32>
  %14 = mlxir.add %13, %13 : tensor<4x6xf32>
  %r = mlxir.reshape %14 : tensor<4x6xf32> -> tensor<24xf32>
  return %r : tensor<24xf32>
}
