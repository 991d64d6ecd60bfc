// mlxir_compile: trace to Program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Call.h"

#include "compiler/Pipeline.h"

using namespace mlir;
using namespace mlxir;

static mlxir_status compile(const mlxir_host &host, StringRef optionText, const void *data, size_t size) {
  CompileOptions options;
  std::string error;
  bool valid = CompileOptions::parse(optionText, options, error);
  Call call(host, options);
  Diagnostics &diagnostics = call.getDiagnostics();
  if (!valid) {
    diagnostics.error(MLXIR_ERROR_INVALID, error);
    return diagnostics.status();
  }
  OwningOpRef<ModuleOp> module = call.import(data, size, options.name);
  if (!module)
    return call.failed();
  Diagnostics::Collector collector(diagnostics, call.getContext(), MLXIR_ERROR_UNSUPPORTED);
  Program program;
  if (failed(compileModule(*module, options, program, diagnostics)))
    return call.failed();
  std::vector<uint8_t> bytes;
  writeProgram(program, bytes);
  diagnostics.send("program", StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  return MLXIR_OK;
}

MLXIR_EXPORT mlxir_status mlxir_compile(const mlxir_host *host, const char *options, const void *trace, size_t size) {
  return runCall(host, [&] { return compile(*host, options, trace, size); });
}
