// The pass that lowers kernel bodies to linalg; see LowerKernels.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_LOWERING_LINALG_LOWERKERNELS_H
#define MLXIR_LOWERING_LINALG_LOWERKERNELS_H

#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "lowering/linalg/LowerKernels.h.inc"

} // namespace mlxir

#endif // MLXIR_LOWERING_LINALG_LOWERKERNELS_H
