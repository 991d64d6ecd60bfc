// One kernel, from the text of its function to machine code. Contexts are not shared: MLIR never frees a type or an
// attribute, and workers that share nothing do not wait for each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/CompileKernels.h"

#include "dialect/Attributes.h"
#include "lowering/linalg/ExpandMath.h"
#include "lowering/linalg/LowerKernels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include <atomic>
#include <chrono>
#include <thread>

using namespace mlir;

namespace mlxir {

namespace {

/// More than this in one kernel costs LLVM seconds (design decision D9).
constexpr unsigned kMaxIrLines = 20000;

/// A wrong rewrite for the fuzzer to find: signed quotients become unsigned ones.
void plantMiscompile(ModuleOp module) {
  module.walk([](arith::DivSIOp op) {
    OpBuilder b(op);
    op.replaceAllUsesWith(arith::DivUIOp::create(b, op.getLoc(), op.getLhs(), op.getRhs()).getResult());
  });
}

class KernelCompiler {
public:
  KernelCompiler(const CompileOptions &options, ArrayRef<int64_t> sample, Diagnostics &diagnostics)
      : sample(sample.begin(), sample.end()), diagnostics(diagnostics), target(cpu::describeTarget(options.cpu)) {}

  LogicalResult compile(StringRef text, CompiledKernel &kernel) {
    auto start = std::chrono::steady_clock::now();
    DialectRegistry registry;
    registerCompilerDialects(registry);
    MLIRContext context(registry, MLIRContext::Threading::DISABLED);
    context.loadAllAvailableDialects();
    Diagnostics::Collector collector(diagnostics, &context, MLXIR_ERROR_INTERNAL);
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return failure();
    SizesLock sizes(&context);
    sizes->setSample(sample);
    if (failed(lower(*module, kernel)) || failed(generate(*module, *sizes, kernel)))
      return failure();
    kernel.sizes = *sizes;
    kernel.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return success();
  }

private:
  LogicalResult lower(ModuleOp module, CompiledKernel &kernel) {
    PassManager passes(module.getContext(), ModuleOp::getOperationName());
    passes.addPass(createLowerKernels());
    if (failed(diagnostics.run(passes, module)))
      return failure();
    if (diagnostics.planted("miscompile"))
      plantMiscompile(module);
    if (diagnostics.wantsStage("linalg")) {
      llvm::raw_string_ostream stream(kernel.linalg);
      module->print(stream);
    }
    return success();
  }

  LogicalResult generate(ModuleOp module, SizeArena &sizes, CompiledKernel &kernel) {
    if (diagnostics.interrupted())
      return failure();
    FailureOr<cpu::LaunchInfo> launch = cpu::emitLoops(*module.getOps<func::FuncOp>().begin(), sizes, target);
    if (failed(launch))
      return failure();
    kernel.launch = *launch;
    PassManager passes(module.getContext(), ModuleOp::getOperationName());
    arith::ArithEmulateUnsupportedFloatsOptions narrow;
    narrow.sourceTypeStrs = {"bf16", "f16"};
    narrow.targetTypeStr = "f32";
    passes.addPass(arith::createArithEmulateUnsupportedFloats(narrow));
    passes.addPass(createExpandMath());
    if (failed(diagnostics.run(passes, module)) || failed(verify(module)))
      return failure();
    module->walk([&](Operation *) { ++kernel.irLines; });
    if (kernel.irLines > kMaxIrLines)
      return module.emitError("kernel has ") << kernel.irLines << " operations, more than " << kMaxIrLines;
    if (failed(cpu::lowerToLLVM(module)) || diagnostics.interrupted())
      return failure();
    cpu::CodegenTexts texts;
    texts.wanted = diagnostics.wantsStage("llvm") || diagnostics.wantsStage("asm");
    FailureOr<cpu::ObjectCode> code = cpu::compileKernel(module, kernel.name, target, texts);
    if (failed(code))
      return failure();
    kernel.code = std::move(*code);
    kernel.llvm = std::move(texts.llvm);
    kernel.assembly = std::move(texts.assembly);
    return success();
  }

  std::vector<int64_t> sample;
  Diagnostics &diagnostics;
  cpu::CpuTarget target;
};

} // namespace

LogicalResult compileKernels(ModuleOp module, const CompileOptions &options, ArrayRef<int64_t> sample,
                             Diagnostics &diagnostics, std::vector<CompiledKernel> &kernels) {
  std::vector<std::string> texts;
  for (func::FuncOp func : module.getOps<func::FuncOp>()) {
    if (!func->hasAttr("mlxir.kernel"))
      continue;
    texts.emplace_back();
    llvm::raw_string_ostream stream(texts.back());
    func->print(stream, OpPrintingFlags().useLocalScope());
    kernels.emplace_back();
    kernels.back().name = func.getName().str();
  }
  KernelCompiler compiler(options, sample, diagnostics);
  std::atomic<size_t> next{0};
  std::atomic<bool> ok{true};
  auto work = [&] {
    for (size_t i; ok && (i = next++) < kernels.size();)
      if (failed(compiler.compile(texts[i], kernels[i])))
        ok = false;
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < std::min<size_t>(options.threads, kernels.size()); ++i)
    workers.emplace_back(work);
  work();
  for (std::thread &worker : workers)
    worker.join();
  return success(ok);
}

} // namespace mlxir
