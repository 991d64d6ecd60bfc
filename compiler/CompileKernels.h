// Compiles the kernels of a program in parallel, each worker in a context of its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_COMPILEKERNELS_H
#define MLXIR_COMPILER_COMPILEKERNELS_H

#include "compiler/Pipeline.h"
#include "lowering/llvm-cpu/Codegen.h"

namespace mlxir {

/// A kernel's code and launch, with sizes in an arena of its own.
struct CompiledKernel {
  std::string name;
  cpu::ObjectCode code;
  cpu::LaunchInfo launch;
  SizeArena sizes;
  // What the compile report says.
  std::string linalg, llvm, assembly;
  unsigned irLines = 0;
  double milliseconds = 0;
};

/// One entry per kernel function of `module`, in the module's order. Kernels that the host has kept are not compiled.
mlir::LogicalResult compileKernels(mlir::ModuleOp module, const CompileOptions &options, const cpu::CpuTarget &target,
                                   Diagnostics &diagnostics, std::vector<CompiledKernel> &kernels);

} // namespace mlxir

#endif // MLXIR_COMPILER_COMPILEKERNELS_H
