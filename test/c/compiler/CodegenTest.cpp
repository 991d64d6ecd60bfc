// A kernel's code stands alone (D9): an undefined symbol is an error that names it, and code without one is linked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Codegen.h"
#include "compiler/Pipeline.h"
#include "compiler/Register.h"
#include "test/c/Check.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlxir;

namespace {

struct Compiled {
  FailureOr<cpu::ObjectCode> code = failure();
  std::string error;
};

/// Compiles a kernel whose body is this text of the LLVM dialect.
Compiled compile(MLIRContext &context, const std::string &body) {
  std::string text = "llvm.func @expf(f32) -> f32\n"
                     "llvm.mlir.global external @table() : f32\n"
                     "llvm.func @kernel(%args: !llvm.ptr, %begin: i64, %end: i64, %scratch: !llvm.ptr) {\n" +
                     body + "\n  llvm.return\n}\n";
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  Compiled result;
  if (!CHECK(module))
    return result;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) { result.error += diagnostic.str(); });
  cpu::CpuTarget target = *cpu::describeTarget("x86-64-v3", [&] { return module->emitError(); });
  cpu::GeneratedCode generated;
  PassManager passes(&context);
  passes.addPass(cpu::createCodegen(target, generated));
  if (succeeded(passes.run(*module)))
    result.code = std::move(generated.object);
  return result;
}

void testUndefinedSymbols(MLIRContext &context) {
  Compiled call = compile(context, "  %x = llvm.load %args : !llvm.ptr -> f32\n"
                                   "  %y = llvm.call @expf(%x) : (f32) -> f32\n"
                                   "  llvm.store %y, %args : f32, !llvm.ptr");
  CHECK(failed(call.code));
  CHECK(call.error == "kernel code refers to the undefined symbol 'expf'");
  Compiled data = compile(context, "  %t = llvm.mlir.addressof @table : !llvm.ptr\n"
                                   "  %x = llvm.load %t : !llvm.ptr -> f32\n"
                                   "  llvm.store %x, %args : f32, !llvm.ptr");
  CHECK(failed(data.code));
  CHECK(data.error.find("undefined symbol 'table'") != std::string::npos ||
        data.error.find("relocation of unsupported type") != std::string::npos);
}

void testCpusByName(MLIRContext &context) {
  std::string error;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) { error = diagnostic.str(); });
  auto describe = [&](StringRef name) {
    return cpu::describeTarget(name, [&] { return emitError(UnknownLoc::get(&context)); });
  };
  CHECK(StringRef(describe("znver4")->triple).starts_with("x86_64") && describe("znver4")->vectorBytes == 64);
  CHECK(describe("znver3")->vectorBytes == 32 && describe("skylake-avx512,-avx512f")->vectorBytes == 32);
  CHECK(StringRef(describe("cortex-a72")->triple).starts_with("aarch64") && describe("cortex-a72")->vectorBytes == 16);
  CHECK(succeeded(describe("")) && succeeded(describe("native")) && error.empty());
  CHECK(failed(describe("z80")) && error == "expected a CPU that LLVM knows, such as x86-64-v3 or znver4, got z80");
}

void testIntrinsicsBecomeNoCalls(MLIRContext &context) {
  // What LLVM would turn into calls of a library must be refused too, not found at run time.
  Compiled exp = compile(context, "  %x = llvm.load %args : !llvm.ptr -> f32\n"
                                  "  %y = llvm.intr.exp(%x) : (f32) -> f32\n"
                                  "  llvm.store %y, %args : f32, !llvm.ptr");
  CHECK(failed(exp.code) && exp.error.find("'expf'") != std::string::npos);
}

void testCodeWithConstantsIsLinked(MLIRContext &context) {
  Compiled add = compile(context, "  %x = llvm.load %args : !llvm.ptr -> vector<8xf32>\n"
                                  "  %c = llvm.mlir.constant(dense<[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]> : "
                                  "vector<8xf32>) : vector<8xf32>\n"
                                  "  %y = llvm.fadd %x, %c : vector<8xf32>\n"
                                  "  llvm.store %y, %args : vector<8xf32>, !llvm.ptr");
  if (!CHECK(succeeded(add.code)))
    return;
  std::string error;
  const cpu::ObjectCode *objects[] = {&*add.code, &*add.code};
  FailureOr<cpu::Image> image = cpu::linkImage(objects, error);
  CHECK(succeeded(image) && image->entries.size() == 2);
  CHECK(image->readOnly % 4096 == 0 && image->readOnly < image->bytes.size());
}

} // namespace

int main() {
  DialectRegistry registry;
  registerAllDialects(registry);
  registerCompilerDialects(registry);
  MLIRContext context(registry);
  testUndefinedSymbols(context);
  testCpusByName(context);
  testIntrinsicsBecomeNoCalls(context);
  testCodeWithConstantsIsLinked(context);
  return check::finish();
}
