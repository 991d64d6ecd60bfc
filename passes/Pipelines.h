// The order of the passes that hold for every target.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_PASSES_PIPELINES_H
#define MLXIR_PASSES_PIPELINES_H

#include "passes/InsertChecks.h"

#include "mlir/Pass/PassManager.h"

namespace mlxir {

/// From a program as it is recorded to ops that kernels are formed of: composites become ops, checks are inserted if
/// they are asked for, and what can be simpler is.
void buildSimplifyPipeline(mlir::OpPassManager &passes, const InsertChecksOptions &checks = {});

/// From a simplified program to kernels and their launches.
void buildKernelPipeline(mlir::OpPassManager &passes);

/// Gives the pipelines names in mlxir-opt.
void registerPipelines();

} // namespace mlxir

#endif // MLXIR_PASSES_PIPELINES_H
