// Makes nodes: one block of memory from a pool holds a node with everything in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/Node.h"
#include "runtime/array/Region.h"

#include <cstring>

namespace mlxir {

/// Counts of what a node holds.
struct NodeShape {
  unsigned results = 1, operands = 0, regions = 0, attrs = 0;
  unsigned dims = 0; // of all results together
};

/// Fill in operands, attributes and results in this order, then finish().
class NodeBuilder {
public:
  NodeBuilder(NodeKind kind, uint16_t op, const NodeShape &shape);
  ~NodeBuilder() {
    if (node)
      node->release();
  }
  NodeBuilder(const NodeBuilder &) = delete;
  NodeBuilder &operator=(const NodeBuilder &) = delete;

  void operand(const Value &value) {
    new (node->operandData() + filledOperands++) Value(value);
    if (value.node()->depth >= node->depth && !value.isEvaluated())
      node->depth = value.node()->depth + 1;
  }
  void region(const RegionRef &region) { new (node->regionData() + filledRegions++) RegionRef(region); }
  void attr(int64_t word) { node->words()[nextWord++] = word; }
  void attrs(Span<const int64_t> list) {
    if (!list.empty())
      std::memcpy(node->words() + nextWord, list.data(), list.size() * sizeof(int64_t));
    nextWord += static_cast<uint32_t>(list.size());
  }
  /// `dims` given as they come; see `dim` to fill them one by one.
  void result(DType dtype, Span<const int64_t> dims, bool weak = false) {
    beginResult(dtype, static_cast<unsigned>(dims.size()), weak);
    attrs(dims);
  }
  void beginResult(DType dtype, unsigned rank, bool weak = false) {
    ResultSlot &slot = node->slot(filledResults++);
    slot.dtype = dtype;
    slot.rank = static_cast<uint8_t>(rank);
    slot.weak = weak;
    slot.dimsAt = nextWord;
  }
  void dim(int64_t size) { attr(size); }

  /// Location, scope and tape come from the thread's recorder state.
  NodeRef finish() {
    NodeRef made = NodeRef::adopt(node);
    node = nullptr;
    return made;
  }
  Node *operator->() const { return node; }
  void setOrigin(uint32_t location, uint32_t scope, uint32_t tape) {
    node->where = location;
    node->scopeId = scope;
    node->tapeId = tape;
  }
  void setBuffer(BufferRef buffer) { node->slot(0).buffer.store(buffer.take(), std::memory_order_release); }

private:
  Node *node;
  uint32_t filledOperands = 0, filledRegions = 0, filledResults = 0, nextWord = 0;
};

/// Nodes that are alive, for tests and reports.
MLXIR_API uint64_t liveNodes();

} // namespace mlxir
