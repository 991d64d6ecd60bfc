// Captured functions: a graph cut between inputs and outputs, for transforms, jit and regions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/format/Trace.h"
#include "runtime/record/Graph.h"

namespace mlxir {

struct CapturedGraph {
  std::vector<uint32_t> text;
  std::vector<int64_t> leaves;
  std::vector<uint32_t> locations; // of each node
  std::vector<bool> literalInputs; // of each input
  /// What stands behind the values of the trace: the inputs given, hidden ones, then results of nodes.
  std::vector<Value> values;
  size_t numInputs = 0; // given and hidden
  /// Of each output asked for: its place in the trace's outputs, or kIndependent.
  std::vector<uint32_t> outputPlaces;
  std::unique_ptr<Trace> trace;

  static constexpr uint32_t kIndependent = 0xffffffff;
};

struct CaptureRequest {
  GraphWalk::Mode mode;
  uint32_t scope;
  Span<const Value> inputs;
  Span<const Value> outputs;
  std::vector<bool> skip; // outputs that are left out, empty: none
  /// Outputs that no node of the graph makes are left out too. Otherwise they are hidden inputs, handed through.
  bool skipIndependent = true;
};

CapturedGraph capture(const CaptureRequest &request);

/// Records the nodes of a trace on `inputs`, sizes evaluated for `symbols`. Types are not inferred again. `locations`
/// are the user's, found through the trace's own location lines; others get the thread's.
std::vector<Value> replay(const Trace &trace, const int64_t *symbols, Span<const Value> inputs,
                          Span<const uint32_t> locations);

} // namespace mlxir
