// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Algebraic simplification; see Simplify.td.

#ifndef MLXIR_PASSES_SIMPLIFY_H
#define MLXIR_PASSES_SIMPLIFY_H

#include "dialect/Ops.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#include "passes/Simplify.h.inc"

/// Rewrites that look at numbers: identities of arithmetic, choices, casts.
void populateNumberPatterns(mlir::RewritePatternSet &patterns);
/// Rewrites that look at shapes and at where elements come from.
void populateShapePatterns(mlir::RewritePatternSet &patterns);

#define GEN_PASS_REGISTRATION
#include "passes/Simplify.h.inc"

} // namespace mlxir

#endif // MLXIR_PASSES_SIMPLIFY_H
