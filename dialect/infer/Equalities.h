// What equality guards say of symbols.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/Size.h"

namespace mlxir {

/// Symbols in terms of others: `result[i]` is what stands for symbol i where the guards hold, so that sizes which they
/// make equal become one word. An equality that gives no symbol as a size of at least 2 for all values of the others
/// is left to the guard.
std::vector<Size> solveEqualities(SizeArena &sizes, const std::vector<SizeGuard> &guards, uint32_t numSymbols);

} // namespace mlxir
