// The order of the passes from kernels to machine code for CPUs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "mlir/Pass/PassManager.h"

#include <memory>

namespace mlxir::cpu {

/// From kernels of linalg stages to loops of arithmetic, which `loops` makes: no math functions and no 16-bit floats.
void buildLoopsPipeline(mlir::OpPassManager &passes, std::unique_ptr<mlir::Pass> loops);

/// From loops to the LLVM dialect.
void buildLLVMPipeline(mlir::OpPassManager &passes);

/// Gives the way from kernels to the LLVM dialect a name in mlxir-opt.
void registerPipelines();

} // namespace mlxir::cpu
