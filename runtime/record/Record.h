// Recording without inference, for those who know the type: the recorder's own conversions, instantiated transforms.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/NodeBuilder.h"
#include "runtime/record/Recorder.h"
#include "runtime/record/ThreadState.h"

namespace mlxir {

/// Gives the node the thread's location and scopes, and counts it towards the flush limits.
inline Value finishNode(NodeBuilder &builder, uint64_t bytes) {
  ThreadState &t = threadState;
  builder.setOrigin(t.location, t.scope, t.tape);
  ++t.pendingNodes;
  t.pendingBytes += bytes;
  return Value(builder.finish());
}

/// A node with one result of known type.
Value recordKnown(Op op, Span<const Value> operands, Span<const int64_t> attrs, DType dtype, Span<const int64_t> dims,
                  bool weak = false);

/// Elements of a shape; raises if that many bytes of `dtype` cannot be addressed.
int64_t checkedSize(DType dtype, Span<const int64_t> dims);

/// "(2, 3)"
MLXIR_API std::string shapeText(Span<const int64_t> dims);

} // namespace mlxir
