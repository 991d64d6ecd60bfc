// Nodes: what recording makes. One node holds any op by id; it never changes but for the buffers that evaluation
// attaches, after which it lets go of its operands. Values name a result of a node.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/alloc/Buffer.h"
#include "runtime/format/DType.h"
#include "runtime/support/Span.h"

#include <atomic>
#include <cstdint>

namespace mlxir {

class Node;
class Region;
using NodeRef = Ref<Node>;
using RegionRef = Ref<Region>;

enum class NodeKind : uint8_t {
  Op,          // the result of op `op()`
  Buffer,      // an array that somebody gave us
  Literal,     // a Python scalar, passed at run time
  Identity,    // stands for its operand; an input of grad and jvp (D7)
  Placeholder, // an input of vmap, jit or a region: it has no value
};

/// Type and, once evaluated, buffer of one result. Dims are numbers: the recorder always knows sizes.
struct ResultSlot {
  std::atomic<Buffer *> buffer{nullptr}; // owned
  uint32_t dimsAt = 0;                   // of the node's words
  DType dtype = DType::Float32;
  uint8_t rank = 0;
  bool weak = false; // a Python number: it promotes weakly
};

/// One result of a node, and a reference to it.
class MLXIR_API Value {
public:
  Value() = default;
  Value(NodeRef node, uint32_t result = 0) : ref(std::move(node)), index(result) {}

  Node *node() const { return ref.get(); }
  uint32_t result() const { return index; }
  explicit operator bool() const { return static_cast<bool>(ref); }
  bool operator==(const Value &o) const { return ref == o.ref && index == o.index; }

  inline DType dtype() const;
  inline unsigned rank() const;
  inline bool isWeak() const;
  inline Span<const int64_t> dims() const;
  int64_t size() const;   // elements
  int64_t nbytes() const; // of the dense array
  /// True once its buffer is there. Others may evaluate it at any time; it never goes back.
  inline bool isEvaluated() const;
  /// The buffer, or null if it is not evaluated.
  BufferRef buffer() const;
  /// Gives up the reference to the node: the caller owns it now.
  Node *takeNode() { return ref.take(); }

private:
  NodeRef ref;
  uint32_t index = 0;
};

class MLXIR_API Node {
public:
  NodeKind kind() const { return nodeKind; }
  uint16_t op() const { return opId; }
  uint32_t location() const { return where; }
  /// The innermost scope (Scope.h) it was recorded in, 0 outside of all.
  uint32_t scope() const { return scopeId; }
  unsigned numResults() const { return resultCount; }
  /// Empty once evaluation has let go of them. Read under the graph lock (Graph.h), or by whoever just made the node.
  Span<Value> operands() const { return {operandData(), dropped ? 0 : operandCount}; }
  Span<const int64_t> attrs() const { return {words(), attrCount}; }
  Span<RegionRef> regions() const { return {regionData(), regionCount}; }
  ResultSlot &slot(unsigned i) const { return slots()[i]; }
  Span<const int64_t> dims(unsigned i) const { return {words() + slot(i).dimsAt, slot(i).rank}; }
  /// Longest way to an evaluated value, when it was recorded.
  uint32_t recordedDepth() const { return depth; }
  /// Bits of a literal in its dtype.
  uint64_t literalBits() const { return static_cast<uint64_t>(words()[0]); }

  void retain() { refs.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy(this);
  }

private:
  friend class NodeBuilder;
  friend class Array;
  friend class GraphWalk;

  Node() = default;
  static void destroy(Node *node); // iterative: a chain of any length

  ResultSlot *slots() const { return reinterpret_cast<ResultSlot *>(const_cast<Node *>(this) + 1); }
  Value *operandData() const { return reinterpret_cast<Value *>(slots() + resultCount); }
  RegionRef *regionData() const { return reinterpret_cast<RegionRef *>(operandData() + operandCount); }
  int64_t *words() const { return reinterpret_cast<int64_t *>(regionData() + regionCount); }

  std::atomic<uint32_t> refs{1};
  std::atomic<uint32_t> handles{0}; // arrays among the references
  uint16_t opId = 0;
  NodeKind nodeKind = NodeKind::Op;
  uint8_t sizeClass = 0;
  uint16_t resultCount = 1;
  uint16_t regionCount = 0;
  uint32_t operandCount = 0;
  uint32_t attrCount = 0;
  uint32_t where = 0;
  uint32_t scopeId = 0;
  uint32_t tapeId = 0; // 0: not recorded under a grad

  uint32_t depth = 0;

  // Written and read only under the graph lock (Graph.h).
  bool dropped = false;  // the operands are gone
  bool outlived = false; // stayed recorded when an evaluation passed through it
  uint8_t flags = 0;     // of the walk that saw it last
  uint32_t claim = 0;    // evaluation that is making its results, 0 if none
  uint64_t mark = 0;     // number of that walk
  uint32_t number = 0;   // code of its first result there
  uint32_t uses = 0;     // edges to it there

  Node *next = nullptr; // in the list of nodes to tear down
};

DType Value::dtype() const { return ref->slot(index).dtype; }
unsigned Value::rank() const { return ref->slot(index).rank; }
bool Value::isWeak() const { return ref->slot(index).weak; }
Span<const int64_t> Value::dims() const { return ref->dims(index); }
bool Value::isEvaluated() const { return ref->slot(index).buffer.load(std::memory_order_acquire) != nullptr; }

/// A leaf holding `buffer`, which has at least the bytes that dtype and dims need.
MLXIR_API Value makeBufferLeaf(BufferRef buffer, DType dtype, Span<const int64_t> dims);

/// The strings that ops refer to by number (a composite's name): interned for the life of the process.
MLXIR_API int64_t internName(const char *name);
MLXIR_API const char *nameOf(int64_t number);

} // namespace mlxir
