// Machine code is generated of kernels that stand alone; the module stays as it is.
// RUN: mlxir-opt %s --mlxir-cpu-codegen -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: llvm.func @double_it
// CHECK: llvm.fadd
llvm.func @double_it(%args: !llvm.ptr, %begin: i64, %end: i64, %scratch: !llvm.ptr) {
  %x = llvm.load %args : !llvm.ptr -> vector<8xf32>
  %y = llvm.fadd %x, %x : vector<8xf32>
  llvm.store %y, %args : vector<8xf32>, !llvm.ptr
  llvm.return
}

// -----

// expected-error@-2 {{kernel code refers to the undefined symbol 'expf'}}
llvm.func @calls(%args: !llvm.ptr, %begin: i64, %end: i64, %scratch: !llvm.ptr) {
  %x = llvm.load %args : !llvm.ptr -> f32
  %y = llvm.intr.exp(%x) : (f32) -> f32
  llvm.store %y, %args : f32, !llvm.ptr
  llvm.return
}
