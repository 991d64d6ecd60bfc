// Contexts that outlive a call for a while: making one and loading all dialects costs a third of what a small kernel
// takes to compile.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_CONTEXTPOOL_H
#define MLXIR_COMPILER_CONTEXTPOOL_H

#include "mlir/IR/MLIRContext.h"

#include <memory>

namespace mlxir {

/// A context of its holder's own, with all dialects loaded, no sizes in its arena, and single-threaded. What MLIR makes
/// unique is freed with a context alone, so one that has served for long enough is not given back: a process that
/// compiles all day does not grow.
class PooledContext {
public:
  PooledContext();
  ~PooledContext();
  PooledContext(const PooledContext &) = delete;

  mlir::MLIRContext *get() { return context.get(); }
  /// Between two modules: forgets the sizes, and counts another use.
  void renew();

private:
  std::unique_ptr<mlir::MLIRContext> context;
  unsigned uses = 0;
};

} // namespace mlxir

#endif // MLXIR_COMPILER_CONTEXTPOOL_H
