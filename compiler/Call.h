// What both calls of the C ABI have in common: options, a trace that is not trusted, a context of the call's own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_CALL_H
#define MLXIR_COMPILER_CALL_H

#include "compiler/ContextPool.h"
#include "compiler/Diagnostics.h"
#include "compiler/Options.h"

#include "mlir/IR/OwningOpRef.h"

namespace mlxir {

/// One call, from its bytes to its status.
class Call {
public:
  Call(const mlxir_host &host, const CompileOptions &options) : diagnostics(host, options) {}

  /// Reads and imports the trace as @`name`; null with the error set if it is malformed.
  mlir::OwningOpRef<mlir::ModuleOp> import(const void *trace, size_t size, llvm::StringRef name);

  mlir::MLIRContext *getContext() { return context.get(); }
  Diagnostics &getDiagnostics() { return diagnostics; }
  /// The status of a call that failed: whatever went wrong has one.
  mlxir_status failed();

private:
  PooledContext context;
  Diagnostics diagnostics;
};

/// Runs `body`, which may run out of memory.
mlxir_status runCall(const mlxir_host *host, llvm::function_ref<mlxir_status()> body);

} // namespace mlxir

#define MLXIR_EXPORT extern "C" __attribute__((visibility("default")))

#endif // MLXIR_COMPILER_CALL_H
