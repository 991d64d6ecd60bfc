// The passes in their order, and the Program that comes of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Pipeline.h"

#include "compiler/CompileKernels.h"
#include "compiler/Import.h"
#include "compiler/ProgramBuilder.h"
#include "dialect/AttributeNames.h"
#include "dialect/Ops.h"
#include "dialect/kernel/Kernel.h"
#include "lowering/linalg/LowerKernels.h"
#include "lowering/llvm-cpu/Loops.h"
#include "passes/Decompose.h"
#include "passes/FormKernels.h"
#include "passes/Simplify.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/JSON.h"

using namespace mlir;

namespace mlxir {

void registerCompilerDialects(DialectRegistry &registry) {
  registry.insert<MlxirDialect, arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect, linalg::LinalgDialect,
                  kernel::MlxirKernelDialect, LLVM::LLVMDialect, math::MathDialect, scf::SCFDialect,
                  tensor::TensorDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void buildSimplifyPipeline(OpPassManager &passes, const InsertChecksOptions &checks) {
  passes.addNestedPass<func::FuncOp>(createDecompose());
  if (checks.nans || checks.bounds)
    passes.addNestedPass<func::FuncOp>(createInsertChecks(checks));
  passes.addPass(createSimplify());
}

namespace {
struct LlvmPipelineOptions : PassPipelineOptions<LlvmPipelineOptions> {
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("The CPU, as LLVM names it; `native` for this machine's."),
                          llvm::cl::init("x86-64-v3")};
};
} // namespace

void registerPipelines() {
  PassPipelineRegistration<>("mlxir-simplify-pipeline", "What compiling does first: composites become ops, and simpler",
                             [](OpPassManager &passes) { buildSimplifyPipeline(passes, {}); });
  PassPipelineRegistration<>("mlxir-kernel-pipeline", "From a program as it is recorded to kernels and their launches",
                             [](OpPassManager &passes) {
                               buildSimplifyPipeline(passes, {});
                               passes.addPass(createFormKernels());
                             });
  PassPipelineRegistration<LlvmPipelineOptions>("mlxir-llvm-pipeline", "From kernels to the LLVM dialect",
                                                [](OpPassManager &passes, const LlvmPipelineOptions &o) {
                                                  passes.addPass(createLowerKernels());
                                                  passes.addPass(createCpuLoops({o.cpu}));
                                                  buildMathPipeline(passes);
                                                  cpu::buildLLVMPipeline(passes);
                                                });
}

namespace {

void report(const std::vector<CompiledKernel> &kernels, Diagnostics &diagnostics) {
  auto join = [&](const char *stage, std::string CompiledKernel::*text) {
    if (!diagnostics.wantsStage(stage))
      return;
    std::string all;
    for (const CompiledKernel &kernel : kernels)
      all += kernel.*text + "\n";
    diagnostics.stage(stage, all);
  };
  join("linalg", &CompiledKernel::linalg);
  join("llvm", &CompiledKernel::llvm);
  join("asm", &CompiledKernel::assembly);
  llvm::json::Array list;
  for (const CompiledKernel &kernel : kernels)
    list.push_back(llvm::json::Object{
        {"kernel", kernel.name}, {"ir_lines", int64_t(kernel.irLines)}, {"ms", kernel.milliseconds}});
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::json::Value(llvm::json::Object{{"kernels", std::move(list)}});
  diagnostics.send("stats", text);
}

} // namespace

LogicalResult compileModule(ModuleOp module, const CompileOptions &options, Program &program,
                            Diagnostics &diagnostics) {
  diagnostics.stage("mlxir", module);
  PassManager simplify(module.getContext(), ModuleOp::getOperationName());
  buildSimplifyPipeline(simplify, {options.checkNans, options.checkBounds});
  if (failed(diagnostics.run(simplify, module)))
    return failure();
  diagnostics.stage("simplified", module);
  PassManager form(module.getContext(), ModuleOp::getOperationName());
  form.addPass(createFormKernels());
  if (failed(diagnostics.run(form, module)))
    return failure();
  diagnostics.stage("kernels", module);
  auto func = module.lookupSymbol<func::FuncOp>(options.name);
  SmallVector<int64_t> sample;
  if (auto symbols = func->getAttrOfType<DenseI64ArrayAttr>(kSymbolsAttr))
    sample.append(symbols.asArrayRef().begin(), symbols.asArrayRef().end());
  cpu::CpuTarget target = cpu::describeTarget(options.cpu);
  std::vector<CompiledKernel> kernels;
  if (failed(compileKernels(module, options, target, diagnostics, kernels)))
    return failure();
  program.target = "llvm-cpu:" + target.triple + ":" + target.cpu + ":" + target.uses;

  program.numSymbols = sample.size();
  SizesLock sizes(module.getContext());
  if (failed(buildProgram(func, *sizes, kernels, program)))
    return failure();
  report(kernels, diagnostics);
  return success();
}

} // namespace mlxir
