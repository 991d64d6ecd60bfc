// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one place that lists the dialects and passes of the compiler, for
// mlxir-opt, the language server, the Python bindings and the compiler itself.

#ifndef MLXIR_COMPILER_REGISTER_H
#define MLXIR_COMPILER_REGISTER_H

#include "mlir-c/IR.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlxir {

/// Adds the dialects in use, ours and MLIR's, with the interfaces that
/// bufferization, tiling, inlining and translation to LLVM IR attach to them.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Makes every pass and pipeline in use known by its command line name.
void registerAllPasses();

} // namespace mlxir

extern "C" {

/// The same two for callers that speak MLIR's C API.
void mlxirRegisterAllDialects(MlirDialectRegistry registry);
void mlxirRegisterAllPasses();

} // extern "C"

#endif // MLXIR_COMPILER_REGISTER_H
