// mlxir-compile writes the stages of a compilation, and the Program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mlxir-compile %s --function=scale --emit=simplified | FileCheck %s --check-prefix=SIMPLIFIED
// RUN: mlxir-compile %s --function=scale --emit=kernels | FileCheck %s --check-prefix=KERNELS
// RUN: mlxir-compile %s --function=scale --emit=linalg | FileCheck %s --check-prefix=LINALG
// RUN: mlxir-compile %s --function=scale --emit=llvm --cpu=x86-64-v3 | FileCheck %s --check-prefix=LLVM
// RUN: mlxir-compile %s --function=scale --emit=asm --cpu=x86-64-v3 | FileCheck %s --check-prefix=ASM
// RUN: mlxir-compile %s --function=scale -o %t && mlxir-compile %s --function=scale > %t.again && cmp %t %t.again
// RUN: not mlxir-compile %s 2>&1 | FileCheck %s --check-prefix=SEVERAL
// RUN: not mlxir-compile %s --function=none 2>&1 | FileCheck %s --check-prefix=NONE

// SIMPLIFIED: func.func @scale
// SIMPLIFIED-NOT: mlxir.composite
// SIMPLIFIED: mlxir.multiply
// KERNELS: mlxir.launch @[[KERNEL:.*]](%arg0)
// KERNELS: func.func private @[[KERNEL]]
// LINALG: linalg.generic
// LLVM: define void @kernel_0(ptr
// LLVM: fmul <8 x float>
// ASM: vmulps {{.*}}%ymm
// SEVERAL: error: expected one function, or --function to name it, got 2
// NONE: error: expected a function @none, got none
func.func @scale(%x: tensor<64xf32>) -> tensor<64xf32> {
  %r = mlxir.composite "scale" (%x) : (tensor<64xf32>) -> tensor<64xf32> {
  ^bb0(%a: tensor<64xf32>):
    %c = mlxir.constant 3.500000e+00 : f32
    %b = mlxir.broadcast %c axes [] : tensor<f32> -> tensor<64xf32>
    %y = mlxir.multiply %a, %b : tensor<64xf32>
    mlxir.yield %y : tensor<64xf32>
  }
  return %r : tensor<64xf32>
}

func.func @other(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
