// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MLXIR_LOWERING_CPU_CODEGEN
#define MLXIR_LOWERING_CPU_CODEGEN

include "mlir/Pass/PassBase.td"

def CpuCodegen : Pass<"mlxir-cpu-codegen", "::mlir::ModuleOp"> {
  let summary = "Generate machine code for kernels in the LLVM dialect";
  let description = [{
    Translates the module to LLVM IR, optimizes it and generates an object file, whose code must stand alone: a symbol
    that stays undefined is an error, since kernels run without any library. The module is left as it is; the compiler
    takes the code from the pass.

    Example: `test/lit/lowering/cpu-codegen.mlir`.
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", "\"x86-64-v3\"", "The CPU, as LLVM names it; `native` for this machine's.">];
}

#endif // MLXIR_LOWERING_CPU_CODEGEN
