// The stages of a compilation, and the Program that comes of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Pipeline.h"

#include "compiler/CompileKernels.h"
#include "compiler/Import.h"
#include "compiler/ProgramBuilder.h"
#include "dialect/AttributeNames.h"
#include "dialect/Ops.h"
#include "dialect/kernel/Kernel.h"
#include "passes/Pipelines.h"
#include "passes/Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
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
  if (failed(verifyProgram(module.lookupSymbol<func::FuncOp>(options.name))))
    return failure();
  PassManager simplify(module.getContext(), ModuleOp::getOperationName());
  buildSimplifyPipeline(simplify, {options.checkNans, options.checkBounds});
  if (failed(diagnostics.run(simplify, module)))
    return failure();
  diagnostics.stage("simplified", module);
  PassManager form(module.getContext(), ModuleOp::getOperationName());
  buildKernelPipeline(form);
  if (failed(diagnostics.run(form, module)))
    return failure();
  diagnostics.stage("kernels", module);
  auto func = module.lookupSymbol<func::FuncOp>(options.name);
  SmallVector<int64_t> sample;
  if (auto symbols = func->getAttrOfType<DenseI64ArrayAttr>(kSymbolsAttr))
    sample.append(symbols.asArrayRef().begin(), symbols.asArrayRef().end());
  FailureOr<cpu::CpuTarget> target = cpu::describeTarget(options.cpu, [&] { return module.emitError(); });
  if (failed(target))
    return failure();
  std::vector<CompiledKernel> kernels;
  if (failed(compileKernels(module, options, *target, diagnostics, kernels)))
    return failure();
  program.target = "llvm-cpu:" + target->triple + ":" + target->cpu + ":" + target->uses;

  program.numSymbols = sample.size();
  SizesLock sizes(module.getContext());
  if (failed(buildProgram(func, *sizes, kernels, program)))
    return failure();
  report(kernels, diagnostics);
  return success();
}

} // namespace mlxir
