// What the checks of a Program compiled with MLXIR_DEBUG found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/alloc/Buffer.h"
#include "runtime/format/Program.h"

#include <vector>

namespace mlxir {

/// Raises for the first check that found something: Error(FloatingPoint) for a NaN, Error(Index) for an index.
/// `outputs` are those of a run, `locations` those of the trace's nodes.
void raiseFailedCheck(const Program &program, const std::vector<int64_t> &symbols,
                      const std::vector<BufferRef> &outputs, const std::vector<uint32_t> &locations);

} // namespace mlxir
