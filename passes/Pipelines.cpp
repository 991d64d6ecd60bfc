// The passes in their order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "passes/Pipelines.h"

#include "passes/Decompose.h"
#include "passes/FormKernels.h"
#include "passes/Simplify.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace mlxir {

void buildSimplifyPipeline(OpPassManager &passes, const InsertChecksOptions &checks) {
  passes.addNestedPass<func::FuncOp>(createDecompose());
  if (checks.nans || checks.bounds)
    passes.addNestedPass<func::FuncOp>(createInsertChecks(checks));
  passes.addPass(createSimplify());
}

void buildKernelPipeline(OpPassManager &passes) { passes.addPass(createFormKernels()); }

void registerPipelines() {
  PassPipelineRegistration<>("mlxir-simplify-pipeline", "What compiling does first: composites become ops, and simpler",
                             [](OpPassManager &passes) { buildSimplifyPipeline(passes); });
  PassPipelineRegistration<>("mlxir-kernel-pipeline", "From a program as it is recorded to kernels and their launches",
                             [](OpPassManager &passes) {
                               buildSimplifyPipeline(passes);
                               buildKernelPipeline(passes);
                             });
}

} // namespace mlxir
