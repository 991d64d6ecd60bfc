// The passes in their order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Pipelines.h"

#include "lowering/linalg/ExpandMath.h"
#include "lowering/linalg/LowerKernels.h"
#include "lowering/llvm-cpu/Loops.h"
#include "lowering/llvm-cpu/MoveBF16.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace mlxir::cpu {

void buildLoopsPipeline(OpPassManager &passes, std::unique_ptr<Pass> loops) {
  passes.addPass(std::move(loops));
  arith::ArithEmulateUnsupportedFloatsOptions narrow;
  narrow.sourceTypeStrs = {"bf16", "f16"};
  narrow.targetTypeStr = "f32";
  passes.addPass(arith::createArithEmulateUnsupportedFloats(narrow));
  passes.addPass(createExpandMath());
}

void buildLLVMPipeline(OpPassManager &passes) {
  passes.addPass(createCpuMoveBF16());
  passes.addPass(createCSEPass());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
}

namespace {
struct LLVMPipelineOptions : PassPipelineOptions<LLVMPipelineOptions> {
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("The CPU, as LLVM names it; `native` for this machine's."),
                          llvm::cl::init("x86-64-v3")};
};
} // namespace

void registerPipelines() {
  PassPipelineRegistration<LLVMPipelineOptions>("mlxir-llvm-pipeline", "From kernels to the LLVM dialect",
                                                [](OpPassManager &passes, const LLVMPipelineOptions &options) {
                                                  passes.addPass(createLowerKernels());
                                                  buildLoopsPipeline(passes, createCpuLoops({options.cpu}));
                                                  buildLLVMPipeline(passes);
                                                });
}

} // namespace mlxir::cpu
