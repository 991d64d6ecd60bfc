// The pass that makes integers of bfloat16; see MoveBF16.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "lowering/llvm-cpu/MoveBF16.h.inc"

} // namespace mlxir
