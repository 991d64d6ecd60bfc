// Set-up of a call: nothing of it outlives the call, and it uses no thread of its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Call.h"

#include "compiler/Import.h"

#include <cstring>
#include <new>

using namespace mlir;
using namespace mlxir;

OwningOpRef<ModuleOp> Call::import(const void *data, size_t size, StringRef name) {
  if (diagnostics.interrupted() || diagnostics.fault("import"))
    return nullptr;
  std::string error;
  std::unique_ptr<Trace> trace = readTrace(static_cast<const uint8_t *>(data), size, error);
  if (!trace) {
    diagnostics.error(MLXIR_ERROR_INVALID, error);
    return nullptr;
  }
  Diagnostics::Collector collector(diagnostics, context.get(), MLXIR_ERROR_INVALID);
  OwningOpRef<ModuleOp> module = importTrace(context.get(), *trace, name);
  if (!module)
    diagnostics.error(MLXIR_ERROR_INVALID, "expected a trace whose types follow from its inputs");
  return module;
}

mlxir_status Call::failed() {
  diagnostics.error(MLXIR_ERROR_INTERNAL, "the compiler failed and did not say why");
  return diagnostics.status();
}

mlxir_status mlxir::runCall(const mlxir_host *host, llvm::function_ref<mlxir_status()> body) {
  if (!host || host->abi != MLXIR_COMPILER_ABI)
    return MLXIR_ERROR_INVALID;
  try {
    return body();
  } catch (const std::bad_alloc &) {
    const char *text = "the compiler ran out of memory";
    if (host->sink)
      host->sink(host->context, "error", text, std::strlen(text));
    return MLXIR_ERROR_MEMORY;
  }
}
