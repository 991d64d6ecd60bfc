// The pass that emits loops; see Loops.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "lowering/llvm-cpu/Emitter.h"

#include "mlir/Pass/Pass.h"

namespace mlxir {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "lowering/llvm-cpu/Loops.h.inc"

namespace cpu {
/// The pass mlxir-cpu-loops for a module with one kernel; how that is launched is kept.
std::unique_ptr<mlir::Pass> createLoops(const CpuTarget &target, LaunchInfo &launch);
} // namespace cpu

} // namespace mlxir
