// Regions: a captured piece of graph that an op carries (a composite's decomposition, a custom rule).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/record/Scope.h"

namespace mlxir {

struct Trace;

/// What a region or function captured besides its explicit inputs, in input order after them. The op that carries the
/// region takes them as further operands.
struct CapturedRegion {
  RegionRef region;
  std::vector<Value> hidden;
};

/// Cuts the graph from `outputs` back to the placeholders of `scope`. Every other value it meets is hidden input.
MLXIR_API CapturedRegion captureRegion(Scope &scope, Span<const Value> inputs, Span<const Value> outputs);

/// Records the region's nodes on other operands (types as captured): the composite's decomposition, inlined.
MLXIR_API std::vector<Value> inlineRegion(const Region &region, Span<const Value> operands);

} // namespace mlxir
