// Recompilation storms: one line of a program that is compiled again and again is reported once, with what varied.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/cache/Structure.h"

namespace mlxir {

/// Called after each compilation; `location` is where the last node was recorded.
void noteCompile(const Structure &structure, const std::vector<int64_t> &leaves, uint32_t location);

} // namespace mlxir
