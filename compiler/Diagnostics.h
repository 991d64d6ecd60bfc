// What one call of the compiler needs while it works: where errors, stage texts and statistics go, and whether the host
// wants it to stop (docs/rfcs/0002, The two calls).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_DIAGNOSTICS_H
#define MLXIR_COMPILER_DIAGNOSTICS_H

#include "mlxir/compiler.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"

#include <atomic>
#include <mutex>
#include <string>

namespace mlxir {

struct CompileOptions;

/// Thread-safe: kernels are compiled in parallel. The first error counts.
class Diagnostics {
public:
  Diagnostics(const mlxir_host &host, const CompileOptions &options) : host(host), options(options) {}

  /// Asks the host. True from then on: whoever sees it returns failure without a diagnostic of its own.
  bool interrupted();
  /// True if the host wants the step `point` to fail; the error is set.
  bool fault(const char *point);
  /// True if the host wants `point` to go wrong unseen: the fuzzer's own test plants a wrong rewrite.
  bool planted(const char *point);

  void error(mlxir_status status, const std::string &text, std::optional<uint32_t> node = std::nullopt);
  mlxir_status status() const { return first; }

  /// Prints `op` for the sink if the caller asked for this stage, and into the dump folder if there is one.
  void stage(llvm::StringRef name, mlir::Operation *op);
  void stage(llvm::StringRef name, llvm::StringRef text);
  bool wantsStage(llvm::StringRef name) const;
  void send(const char *what, llvm::StringRef data);

  /// What the host keeps under a kernel's key; false if that is nothing. The host may take its time: no lock is held.
  bool findKernel(llvm::StringRef key, std::vector<uint8_t> &bytes);
  void keepKernel(llvm::StringRef key, llvm::ArrayRef<uint8_t> bytes);

  /// Runs the passes. Between any two, and inside of those which rewrite greedily, the host is asked. A pass that fails
  /// leaves a reproducer that mlxir-opt replays; the error names pass, op and file.
  mlir::LogicalResult run(mlir::PassManager &passes, mlir::ModuleOp module);

  /// Collects what is emitted in `context` while it lives: the first error's text and node become the call's.
  class Collector {
  public:
    Collector(Diagnostics &diagnostics, mlir::MLIRContext *context, mlxir_status status);
    ~Collector();

  private:
    mlir::MLIRContext *context;
    mlir::DiagnosticEngine::HandlerID handler;
  };

private:
  const mlxir_host &host;
  const CompileOptions &options;
  std::mutex mutex; // of the host's callbacks
  std::atomic<bool> stopped{false};
  std::atomic<mlxir_status> first{MLXIR_OK};
};

/// Registers what a fault point puts into pipelines, so that mlxir-opt replays its reproducers.
void registerTestPasses();

/// The node of the caller's trace that an op at `loc` comes from.
std::optional<uint32_t> getTraceNode(mlir::Location loc);
mlir::Location getTraceLocation(mlir::MLIRContext *context, llvm::StringRef file, unsigned line, uint32_t node);

} // namespace mlxir

#endif // MLXIR_COMPILER_DIAGNOSTICS_H
