// Walks over recorded graphs: from outputs back to leaves, giving nodes in order, the structure's text, leaf sizes,
// inputs and literals (RFC 0001, 0003). A Trace is built from a walk only on a miss.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/Node.h"

#include <memory>
#include <mutex>
#include <vector>

namespace mlxir {

struct Trace;

/// Guards the edges of all graphs: operands that go away, claims, and the scratch fields of nodes. Nothing that may
/// call back into the front end happens under it: no error is built, no buffer or node released.
std::mutex &graphLock();

/// True while an evaluation that has claimed nodes under this number is under way (Claims.h).
bool claimIsOpen(uint32_t claim);

/// A Python number: passed by value at run time.
bool isLiteralLeaf(const Node *node);

/// What a walk ends at.
struct GraphInput {
  Node *node;
  uint32_t result;
  bool isLiteral;
};
struct GraphOutput {
  Node *node;
  uint32_t result;
};

/// A value in the text of a structure: results of nodes are even, inputs odd, so that both are numbered as they are
/// met.
using ValueCode = uint32_t;
inline constexpr ValueCode inputCode(uint32_t i) { return i << 1 | 1; }
inline constexpr ValueCode resultCode(uint32_t i) { return i << 1; }

/// One walk. The graph lock is held from construction to destruction.
class GraphWalk {
public:
  enum Mode {
    Evaluate, // ends at buffers and literals
    Depends,  // grad, vmap: nodes that depend on the given inputs; other values are hidden inputs
    Recorded, // jit, region: all nodes recorded in the scope
  };

  /// `scope`: nodes recorded before it was opened are not entered (Depends, Recorded).
  explicit GraphWalk(Mode mode, uint32_t scope = 0);

  /// Boundaries of Depends and Recorded: inputs 0, 1, ... whether used or not.
  void setInputs(Span<const Value> values);
  /// Visits everything below the values, in depth-first order. False if the walk cannot go on: see the two below.
  bool visit(Span<const Value> values);
  Node *placeholder() const { return foundPlaceholder; }
  /// The node that used it.
  Node *placeholderUser() const { return foundUser; }
  uint32_t blockingClaim() const { return foundClaim; }

  /// Evaluate: the values asked for, and what else is handed out (D10).
  void chooseOutputs(Span<const Value> asked);
  /// The other modes: these, in this order. A value that depends on nothing is handed through as an input.
  void setOutputs(Span<const Value> values);
  /// Numbers values and writes text and sizes.
  void emit();

  /// After visit(): it is an input that was set, or a node of the walk.
  bool isInside(const Value &value) const { return value.node()->mark == epoch && (value.node()->flags & Inside); }

  const std::vector<Node *> &order() const { return s.nodes; }
  const std::vector<GraphInput> &inputs() const { return s.inputs; }
  const std::vector<GraphOutput> &outputs() const { return s.outputs; }
  const std::vector<uint32_t> &text() const { return s.key; }
  /// Dims of inputs, then size attributes: what forEachLeaf (Trace.h) visits.
  const std::vector<int64_t> &leaves() const { return s.leaves; }
  /// Evaluate: true if nobody but nodes that die with this evaluation uses the input.
  bool inputDies(uint32_t i) const;

  /// The trace with constant sizes; node i has location i + 1, which says just that.
  std::unique_ptr<Trace> buildTrace() const;
  std::vector<uint32_t> locations() const;

  // For those who change nodes under the lock.
  static void setClaim(Node *node, uint32_t claim) { node->claim = claim; }
  static uint32_t tapeOf(const Node *node) { return node->tapeId; }
  /// True if the one who asks holds the only reference.
  static bool isSoleOwner(const Node *node) { return node->refs.load(std::memory_order_acquire) == 1; }
  /// Moves the operands out: the caller releases them after the lock.
  static void dropOperands(Node *node, std::vector<Value> &dropped);

private:
  enum Flag : uint8_t {
    Inside = 1,    // a node of the walk, not a leaf
    UsedLater = 2, // by a node that stays recorded
    IsOutput = 4,
    IsBoundary = 8,
  };
  bool isLeaf(const Node *node) const;
  bool enter(Node *node, Node *user);
  void finishNode(Node *node);
  void addOutputs(Node *node);
  void settle(Node *node);
  static constexpr ValueCode kUnnumbered = 0xffffffff;
  ValueCode codeOf(Node *node, uint32_t result);
  ValueCode addInput(Node *node, uint32_t result);
  void emitInput(const GraphInput &input);
  void emitNode(Node *node);

  struct Frame {
    Node *node;
    uint32_t next;
  };
  /// Kept from walk to walk: the lock makes it one at a time.
  struct Storage {
    std::vector<Node *> nodes;
    std::vector<GraphInput> inputs;
    std::vector<GraphOutput> outputs;
    std::vector<uint32_t> key;
    std::vector<int64_t> leaves, attrSizes;
    std::vector<Frame> stack;
    std::vector<ValueCode> codes;
    uint64_t epoch = 0;
  };
  static Storage &storage();

  Storage &s;
  Mode mode;
  uint32_t scope;
  uint64_t epoch;
  uint32_t numResults = 0;
  Node *foundPlaceholder = nullptr, *foundUser = nullptr;
  uint32_t foundClaim = 0;
};

} // namespace mlxir
