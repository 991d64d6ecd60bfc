// The pass that emits loops; see Loops.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "lowering/llvm-cpu/Loops.h.inc"

} // namespace mlxir
