// Kernels, from the text of their functions to machine code, unless the host has kept them from before. Contexts are
// not shared: workers that share nothing do not wait for each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/CompileKernels.h"

#include "compiler/ContextPool.h"
#include "compiler/KernelForm.h"
#include "dialect/AttributeNames.h"
#include "dialect/Attributes.h"
#include "lowering/linalg/LowerKernels.h"
#include "lowering/llvm-cpu/Loops.h"
#include "lowering/llvm-cpu/Pipelines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <atomic>
#include <chrono>
#include <thread>

using namespace mlir;

namespace mlxir {

namespace {

/// More than this in one kernel costs LLVM half a second and more (docs/rfcs/0004-size-of-a-kernel.md).
constexpr unsigned kMaxIrLines = 10000;

/// A wrong rewrite for the fuzzer to find, rare as those that people make: where fusion brought a subtraction beside
/// the operation that computes its right operand, and that operand has another use there, the operands are swapped.
void plantMiscompile(ModuleOp module) {
  module.walk([](arith::SubFOp op) {
    Operation *right = op.getRhs().getDefiningOp();
    if (right && right->getBlock() == op->getBlock() && !isa<arith::ConstantOp>(right) && !right->hasOneUse())
      op->setOperands({op.getRhs(), op.getLhs()});
  });
}

/// A call of what no kernel has, for the test of kernels that do not stand alone.
void plantUndefinedSymbol(ModuleOp module) {
  func::FuncOp kernel = *module.getOps<func::FuncOp>().begin();
  OpBuilder builder(module.getContext());
  builder.setInsertionPointToStart(module.getBody());
  auto missing = func::FuncOp::create(builder, module.getLoc(), "planted", builder.getFunctionType({}, {}));
  missing.setPrivate();
  builder.setInsertionPointToStart(&kernel.front());
  func::CallOp::create(builder, kernel.getLoc(), missing);
}

/// A kernel function on its way to a worker.
struct KernelSource {
  std::string name, text;
  std::vector<int64_t> sample; // the value of each symbol that was seen first
};

/// A worker, with a context for all kernels that it compiles in one call.
class KernelCompiler {
public:
  KernelCompiler(const cpu::CpuTarget &target, Diagnostics &diagnostics)
      : diagnostics(diagnostics), target(target), collector(diagnostics, context.get(), MLXIR_ERROR_INTERNAL) {}

  LogicalResult compile(const KernelSource &source, CompiledKernel &kernel) {
    auto start = std::chrono::steady_clock::now();
    context.renew();
    SizesLock sizes(context.get());
    sizes->setSample(source.sample);
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source.text, context.get());
    if (!module)
      return failure();
    if (failed(lower(*module, kernel)) || failed(generate(*module, kernel)))
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

  LogicalResult generate(ModuleOp module, CompiledKernel &kernel) {
    PassManager loops(module.getContext(), ModuleOp::getOperationName());
    cpu::buildLoopsPipeline(loops, cpu::createLoops(target, kernel.launch));
    if (failed(diagnostics.run(loops, module)))
      return failure();
    module->walk([&](Operation *) { ++kernel.irLines; });
    if (kernel.irLines > kMaxIrLines) // no reason to refuse a program
      diagnostics.send("warning", ("a kernel of " + Twine(kernel.irLines) + " operations takes long to compile").str());
    if (diagnostics.planted("symbol"))
      plantUndefinedSymbol(module);
    cpu::GeneratedCode code;
    code.wantsTexts = diagnostics.wantsStage("llvm") || diagnostics.wantsStage("asm");
    PassManager codegen(module.getContext(), ModuleOp::getOperationName());
    cpu::buildLLVMPipeline(codegen);
    codegen.addPass(cpu::createCodegen(target, code));
    if (failed(diagnostics.run(codegen, module)))
      return failure();
    kernel.code = std::move(code.object);
    kernel.llvm = std::move(code.llvm);
    kernel.assembly = std::move(code.assembly);
    return success();
  }

  Diagnostics &diagnostics;
  const cpu::CpuTarget &target;
  PooledContext context;
  Diagnostics::Collector collector;
};

/// Symbols in a kernel are numbered by first use, and its arguments and ops depth first from its results: together
/// with a name that all have, its text is canonical (D4).
KernelSource describe(func::FuncOp func, StringRef name) {
  KernelSource source;
  source.name = name.str();
  if (auto seen = func->getAttrOfType<DenseI64ArrayAttr>(kSymbolsAttr))
    source.sample.assign(seen.asArrayRef().begin(), seen.asArrayRef().end());
  StringAttr own = func.getNameAttr();
  func.setName(name);
  llvm::raw_string_ostream stream(source.text);
  func->print(stream, OpPrintingFlags().useLocalScope());
  func.setName(own);
  return source;
}

} // namespace

LogicalResult compileKernels(ModuleOp module, const CompileOptions &options, const cpu::CpuTarget &target,
                             Diagnostics &diagnostics, std::vector<CompiledKernel> &kernels) {
  // Texts of stages are not kept, and show each kernel under its own name.
  bool wantsTexts = llvm::any_of(ArrayRef<StringRef>{"linalg", "llvm", "asm"},
                                 [&](StringRef stage) { return diagnostics.wantsStage(stage); });
  std::vector<KernelSource> sources;
  std::vector<std::string> keys;
  std::vector<size_t> missing;
  for (func::FuncOp func : module.getOps<func::FuncOp>()) {
    if (!func->hasAttr(kKernelAttr))
      continue;
    size_t number = kernels.size();
    sources.push_back(describe(func, wantsTexts ? func.getName() : "kernel"));
    keys.push_back(kernelKey(target, options, sources.back().text));
    kernels.emplace_back();
    kernels.back().name = func.getName().str();
    std::vector<uint8_t> kept;
    if (wantsTexts || !diagnostics.findKernel(keys.back(), kept) ||
        !readKernel(kept, sources.back().sample.size(), kernels.back()))
      missing.push_back(number);
  }
  std::atomic<size_t> next{0};
  std::atomic<bool> ok{true};
  auto work = [&] {
    KernelCompiler compiler(target, diagnostics);
    for (size_t i; ok && (i = next++) < missing.size();) {
      size_t number = missing[i];
      if (failed(compiler.compile(sources[number], kernels[number]))) {
        ok = false;
      } else if (!wantsTexts) {
        std::vector<uint8_t> bytes;
        writeKernel(kernels[number], bytes);
        diagnostics.keepKernel(keys[number], bytes);
      }
    }
  };
  if (missing.empty())
    return success();
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < std::min<size_t>(options.threads, missing.size()); ++i)
    workers.emplace_back(work);
  work();
  for (std::thread &worker : workers)
    worker.join();
  return success(ok);
}

} // namespace mlxir
