// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MLXIR_LOWERING_CPU_LOOPS
#define MLXIR_LOWERING_CPU_LOOPS

include "mlir/Pass/PassBase.td"

def CpuLoops : Pass<"mlxir-cpu-loops", "::mlir::ModuleOp"> {
  let summary = "Turn kernels of linalg stages into vectorized loops";
  let description = [{
    Each function with the attribute `mlxir.domain` becomes one with the runtime's kernel signature: argument words, a
    range of work items, private memory. Maps and reductions become loops with vectors along the innermost dim,
    contractions are packed and register-tiled.

    Examples: `test/lit/lowering/cpu-loops-reduce.mlir`, `test/lit/lowering/cpu-loops-transpose.mlir`.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
  let options = [
    Option<"cpu", "cpu", "std::string", "\"x86-64-v3\"", "The CPU, as LLVM names it; `native` for this machine's.">];
}

#endif // MLXIR_LOWERING_CPU_LOOPS
