// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mlxir-compile compiles a function of a file of IR as `jit` would. It writes the Program, which mlxir_program_load()
// of the C API loads without a compiler, or one of the stages on the way there, as text.

#include "compiler/Pipeline.h"
#include "compiler/Register.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlxir;

namespace cl = llvm::cl;

namespace {

cl::opt<std::string> file(cl::Positional, cl::desc("<file>"), cl::init("-"));
cl::opt<std::string> output("o", cl::desc("where to write, - for standard output"), cl::init("-"));
cl::opt<std::string> cpu("cpu", cl::desc("the CPU to compile for, as in MLXIR_CPU; the host if absent"));
cl::opt<std::string> function("function", cl::desc("the function to compile; may be absent if there is one"));
enum class Emit { Program, Simplified, Kernels, Linalg, LLVM, Assembly };
cl::opt<Emit> emit("emit", cl::desc("what to write"), cl::init(Emit::Program),
                   cl::values(clEnumValN(Emit::Program, "program", "the Program (default)"),
                              clEnumValN(Emit::Simplified, "simplified", "the function without composites, simplified"),
                              clEnumValN(Emit::Kernels, "kernels", "its kernels and their launches"),
                              clEnumValN(Emit::Linalg, "linalg", "the kernels as stages of linalg"),
                              clEnumValN(Emit::LLVM, "llvm", "LLVM IR"),
                              clEnumValN(Emit::Assembly, "asm", "assembly")));
constexpr StringLiteral kStages[] = {"", "simplified", "kernels", "linalg", "llvm", "asm"};

StringRef stageToEmit() { return kStages[static_cast<size_t>(emit.getValue())]; }

/// Keeps the stage's text, and shows what the compiler says.
void receive(void *text, const char *what, const void *data, size_t size) {
  StringRef name(what), content(static_cast<const char *>(data), size);
  if (name == "error" || name == "warning")
    llvm::errs() << name << ": " << content << "\n";
  else if (name.consume_front("stage:") && name == stageToEmit())
    static_cast<std::string *>(text)->assign(content);
}

/// The module of only this function.
FailureOr<OwningOpRef<ModuleOp>> select(ModuleOp whole, CompileOptions &options) {
  SmallVector<func::FuncOp> functions(whole.getOps<func::FuncOp>());
  if (function.empty() && functions.size() != 1)
    return whole.emitError("expected one function, or --function to name it, got ") << functions.size();
  auto chosen = function.empty() ? functions.front() : whole.lookupSymbol<func::FuncOp>(function);
  if (!chosen)
    return whole.emitError("expected a function @") << function << ", got none";
  options.name = chosen.getName().str();
  OwningOpRef<ModuleOp> module = ModuleOp::create(whole.getLoc());
  module->push_back(chosen.clone());
  return module;
}

FailureOr<std::string> compile(ModuleOp whole) {
  std::string text;
  mlxir_host host = {};
  host.context = &text;
  host.sink = receive;
  CompileOptions options;
  options.cpu = cpu;
  if (emit != Emit::Program)
    options.stages.push_back(stageToEmit().str());
  FailureOr<OwningOpRef<ModuleOp>> module = select(whole, options);
  if (failed(module))
    return failure();
  Diagnostics diagnostics(host, options);
  Program program;
  if (failed(compileModule(**module, options, program, diagnostics)))
    return failure();
  if (emit != Emit::Program)
    return text;
  std::vector<uint8_t> flat;
  writeProgram(program, flat);
  return std::string(flat.begin(), flat.end());
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM initialized(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "compiles a function of mlxir IR\n");
  DialectRegistry registry;
  registerAllDialects(registry);
  registerCompilerDialects(registry);
  MLIRContext context(registry);
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(file, &error);
  std::unique_ptr<llvm::ToolOutputFile> written = buffer ? openOutputFile(output, &error) : nullptr;
  if (!written) {
    llvm::errs() << error << "\n";
    return 1;
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), SMLoc());
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  FailureOr<std::string> result = module ? compile(*module) : FailureOr<std::string>(failure());
  if (failed(result))
    return 1;
  written->os() << *result;
  written->keep();
  return 0;
}
