// What compiling does, by name: to ops alone and simplified, to kernels, to the LLVM dialect.
// RUN: mlxir-opt %s --mlxir-simplify-pipeline | %check
// RUN: mlxir-opt %s --mlxir-kernel-pipeline | FileCheck %s --check-prefix=KERNEL
// RUN: mlxir-opt %s --mlxir-kernel-pipeline --mlxir-llvm-pipeline="cpu=x86-64-v3" | FileCheck %s --check-prefix=LLVM

// CHECK-LABEL: func.func @f
// CHECK-NEXT: %[[EXP:.*]] = mlxir.exp %{{.*}} : tensor<300xbf16>
// CHECK-NEXT: return %[[EXP]]
// KERNEL: mlxir.launch @kernel_0
// KERNEL: func.func private @kernel_0
// KERNEL: mlxir.exp
// LLVM: llvm.func @kernel_0(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: !llvm.ptr)
// LLVM: vector<8xi16>
// LLVM-NOT: bf16
// LLVM-NOT: arith.
// LLVM: llvm.return
func.func @f(%x: tensor<300xbf16>) -> tensor<300xbf16> {
  %0 = mlxir.composite "outer" (%x) : (tensor<300xbf16>) -> tensor<300xbf16> {
  ^bb0(%a: tensor<300xbf16>):
    %e = mlxir.exp %a : tensor<300xbf16>
    mlxir.yield %e : tensor<300xbf16>
  }
  %1 = mlxir.constant 1.0 : bf16
  %2 = mlxir.broadcast %1 axes [] : tensor<bf16> -> tensor<300xbf16>
  %3 = mlxir.multiply %0, %2 : tensor<300xbf16>
  return %3 : tensor<300xbf16>
}
