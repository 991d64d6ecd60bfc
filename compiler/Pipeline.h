// From a module of the mlxir dialect to a Program: its kernels and its schedule.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_PIPELINE_H
#define MLXIR_COMPILER_PIPELINE_H

#include "compiler/Diagnostics.h"
#include "compiler/Options.h"
#include "runtime/format/Program.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlxir {

/// The dialects that a compiling context needs.
void registerCompilerDialects(mlir::DialectRegistry &registry);

/// Compiles the function @`options.name` of `module`. On failure the error is in `diagnostics`.
mlir::LogicalResult compileModule(mlir::ModuleOp module, const CompileOptions &options, Program &program,
                                  Diagnostics &diagnostics);

} // namespace mlxir

#endif // MLXIR_COMPILER_PIPELINE_H
