// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rewrites math functions into arithmetic; see ExpandMath.td.

#ifndef MLXIR_LOWERING_LINALG_EXPANDMATH_H
#define MLXIR_LOWERING_LINALG_EXPANDMATH_H

#include "mlir/Pass/Pass.h"

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace mlxir {

#define GEN_PASS_DECL_EXPANDMATH
#include "lowering/linalg/ExpandMath.h.inc"

/// The patterns of the pass. What they emit matches none of them.
void populateExpandMathPatterns(mlir::RewritePatternSet &patterns);

#define GEN_PASS_REGISTRATION
#include "lowering/linalg/ExpandMath.h.inc"

} // namespace mlxir

#endif // MLXIR_LOWERING_LINALG_EXPANDMATH_H
