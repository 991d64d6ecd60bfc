// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mlxir-run compiles each function of a file of IR as `jit` would, runs it, and prints its results, a line each.
//
// An argument's value stands at the argument: (%x: tensor<2xf32> {mlxir.value = dense<[1.0, 2.0]> : tensor<2xf32>}).
// --transform=vjp, jvp or vmap runs what the transform makes of each function (Transformed.h).

#include "compiler/Pipeline.h"
#include "compiler/Register.h"
#include "mlxir/runtime.h"
#include "runtime/format/DType.h"
#include "tools/mlxir-run/Transformed.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

#include <cstring>

using namespace mlir;
using namespace mlxir;

namespace {

/// Dense row-major elements as the runtime holds them: a truth value is a byte.
std::vector<char> bytesOf(DenseElementsAttr value) {
  unsigned size = llvm::divideCeil(value.getElementType().getIntOrFloatBitWidth(), 8);
  std::vector<char> bytes;
  auto append = [&](const APInt &bits) {
    uint64_t word = bits.getZExtValue();
    bytes.insert(bytes.end(), reinterpret_cast<char *>(&word), reinterpret_cast<char *>(&word) + size);
  };
  if (isa<FloatType>(value.getElementType()))
    for (const APFloat &element : value.getValues<APFloat>())
      append(element.bitcastToAPInt());
  else
    for (const APInt &element : value.getValues<APInt>())
      append(element);
  return bytes;
}

/// Takes the values off the arguments: they are no part of the program.
FailureOr<std::vector<std::vector<char>>> takeValues(func::FuncOp func) {
  std::vector<std::vector<char>> values;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    auto value = func.getArgAttrOfType<DenseElementsAttr>(i, kValueAttr);
    if (!value || value.getType() != func.getArgument(i).getType())
      return func.emitError("expected argument ") << i << " to have `" << kValueAttr << "`, elements of its type";
    values.push_back(bytesOf(value));
    func.removeArgAttr(i, kValueAttr);
  }
  return values;
}

void printElement(DType dtype, const char *at) {
  SmallString<32> text;
  switch (dtype) {
  case DType::Float16:
  case DType::BFloat16:
  case DType::Float32:
  case DType::Float64: {
    const llvm::fltSemantics &semantics = dtype == DType::Float16    ? APFloat::IEEEhalf()
                                          : dtype == DType::BFloat16 ? APFloat::BFloat()
                                          : dtype == DType::Float32  ? APFloat::IEEEsingle()
                                                                     : APFloat::IEEEdouble();
    uint64_t bits = 0;
    std::memcpy(&bits, at, itemSize(dtype));
    APFloat value(semantics, APInt(itemSize(dtype) * 8, bits));
    if (value.isNaN())
      text = "nan"; // of either sign
    else
      value.toString(text, /*FormatPrecision=*/6, /*FormatMaxPadding=*/6);
    break;
  }
  default: {
    uint64_t bits = 0;
    std::memcpy(&bits, at, itemSize(dtype));
    bool isSigned = dtype == DType::Int8 || dtype == DType::Int16 || dtype == DType::Int32 || dtype == DType::Int64;
    APInt(itemSize(dtype) * 8, bits).toString(text, 10, isSigned);
  }
  }
  llvm::outs() << " " << text;
}

/// Shows what the compiler says.
void receive(void *, const char *what, const void *data, size_t size) {
  StringRef name(what);
  if (name == "error" || name == "warning")
    llvm::errs() << name << ": " << StringRef(static_cast<const char *>(data), size) << "\n";
}

LogicalResult run(func::FuncOp original, Transform transform, StringRef cpu) {
  FailureOr<func::FuncOp> func = transformed(original, transform);
  if (failed(func))
    return failure();
  if (!*func)
    return success();
  OwningOpRef<ModuleOp> module = ModuleOp::create(original.getLoc());
  module->push_back(*func);
  FailureOr<std::vector<std::vector<char>>> values = takeValues(*func);
  if (failed(values))
    return failure();
  mlxir_host host = {};
  host.sink = receive;
  CompileOptions options;
  options.name = original.getName().str();
  options.cpu = cpu.str();
  Diagnostics diagnostics(host, options);
  Program program;
  if (failed(compileModule(*module, options, program, diagnostics)))
    return failure();
  std::vector<uint8_t> flat;
  writeProgram(program, flat);
  std::unique_ptr<mlxir_program, decltype(&mlxir_program_free)> loaded(mlxir_program_load(flat.data(), flat.size()),
                                                                       mlxir_program_free);
  std::vector<mlxir_operand> inputs;
  for (const std::vector<char> &value : *values)
    inputs.push_back({value.data(), value.size(), 0});
  std::vector<mlxir_buffer *> outputs(program.outputs.size());
  if (!loaded || mlxir_program_run(loaded.get(), nullptr, inputs.data(), outputs.data()) != 0)
    return original.emitError("the program was not loaded or did not run");
  for (auto [output, buffer] : llvm::zip(program.outputs, outputs)) {
    llvm::outs() << original.getName() << ": " << dtypeName(output.dtype) << "[";
    llvm::interleave(output.dims, llvm::outs(), [](Size size) { llvm::outs() << size.value(); }, "x");
    llvm::outs() << "]";
    int64_t elements = 1;
    for (Size size : output.dims)
      elements *= size.value();
    for (int64_t i = 0; i < elements; ++i)
      printElement(output.dtype, static_cast<const char *>(mlxir_buffer_data(buffer)) + i * itemSize(output.dtype));
    llvm::outs() << "\n";
    mlxir_buffer_free(buffer);
  }
  return success();
}

} // namespace

int main(int argc, char **argv) {
  llvm::cl::opt<std::string> file(llvm::cl::Positional, llvm::cl::desc("<file>"), llvm::cl::init("-"));
  llvm::cl::opt<std::string> cpu("cpu", llvm::cl::desc("the CPU to compile for, as in MLXIR_CPU; the host if absent"));
  llvm::cl::opt<Transform> transform("transform", llvm::cl::desc("what to run of each function instead of itself"),
                                     llvm::cl::init(Transform::None),
                                     llvm::cl::values(clEnumValN(Transform::Vjp, "vjp", "its gradients"),
                                                      clEnumValN(Transform::Jvp, "jvp", "its tangents"),
                                                      clEnumValN(Transform::Vmap, "vmap", "it, mapped over a batch")));
  llvm::cl::ParseCommandLineOptions(argc, argv, "compiles and runs functions of mlxir IR\n");
  DialectRegistry registry;
  registerAllDialects(registry);
  registerCompilerDialects(registry);
  MLIRContext context(registry);
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(file, &error);
  if (!buffer) {
    llvm::errs() << error << "\n";
    return 1;
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), SMLoc());
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return 1;
  for (func::FuncOp func : llvm::to_vector(module->getOps<func::FuncOp>()))
    if (failed(run(func, transform, cpu)))
      return 1;
  return 0;
}
