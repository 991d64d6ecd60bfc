// The walk itself: which nodes belong to it, and which values an evaluation hands out.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Graph.h"

#include "dialect/infer/OpTable.h"
#include "runtime/record/Tape.h"
#include "runtime/support/Fork.h"

#include <algorithm>

namespace mlxir {

std::mutex &graphLock() {
  static std::mutex *const instance = new std::mutex;
  return *instance;
}
static const ForkLock forkLock(ForkOrder::Graph, [] { return &graphLock(); });

GraphWalk::Storage &GraphWalk::storage() {
  static Storage *const instance = new Storage;
  return *instance;
}

GraphWalk::GraphWalk(Mode mode, uint32_t scope) : s(storage()), mode(mode), scope(scope), epoch(++s.epoch) {
  s.nodes.clear();
  s.inputs.clear();
  s.outputs.clear();
  s.key.clear();
  s.leaves.clear();
  s.attrSizes.clear();
}

void GraphWalk::setInputs(Span<const Value> values) {
  for (const Value &v : values) {
    Node *node = v.node();
    node->mark = epoch;
    node->flags = IsBoundary | Inside;
    node->uses = 0;
    node->number = inputCode(static_cast<uint32_t>(s.inputs.size()));
    s.inputs.push_back({node, v.result(), isLiteralLeaf(node)});
  }
}

namespace {

bool isEvaluated(const Node *node) {
  for (unsigned i = 0; i < node->numResults(); ++i)
    if (!node->slot(i).buffer.load(std::memory_order_relaxed))
      return false;
  return true;
}

} // namespace

/// True if the walk does not look at the node's operands.
bool GraphWalk::isLeaf(const Node *node) const {
  if (node->kind() != NodeKind::Op && node->kind() != NodeKind::Identity)
    return true;
  if (node->dropped)
    return true;
  // A node under a tape that was evaluated still leads to the inputs of the grad.
  if (mode != Depends && isEvaluated(node))
    return true;
  return mode != Evaluate && node->scope() < scope;
}

/// First sight of a node. False if the walk must stop.
bool GraphWalk::enter(Node *node, Node *user) {
  if (node->mark == epoch)
    return true;
  node->mark = epoch;
  node->flags = 0;
  node->uses = 0;
  node->number = kUnnumbered;
  if (mode == Evaluate && node->claim && !isEvaluated(node) && claimIsOpen(node->claim)) {
    foundClaim = node->claim;
    return false;
  }
  if (isLeaf(node)) {
    if (mode == Evaluate && node->kind() == NodeKind::Placeholder) {
      foundPlaceholder = node;
      foundUser = user;
      return false;
    }
    return true;
  }
  s.stack.push_back({node, 0});
  return true;
}

/// All operands are finished.
void GraphWalk::finishNode(Node *node) {
  bool inside = mode != Depends;
  if (mode == Depends)
    for (const Value &operand : node->operands())
      inside |= (operand.node()->flags & Inside) != 0;
  if (!inside)
    return;
  node->flags |= Inside;
  s.nodes.push_back(node);
}

bool GraphWalk::visit(Span<const Value> values) {
  for (const Value &value : values) {
    s.stack.clear();
    if (!enter(value.node(), value.node()))
      return false;
    while (!s.stack.empty()) {
      Frame &frame = s.stack.back();
      Node *node = frame.node;
      Span<Value> operands = node->operands();
      if (frame.next == operands.size()) {
        s.stack.pop_back();
        finishNode(node);
        continue;
      }
      Node *operand = operands[frame.next++].node();
      if (!enter(operand, node))
        return false;
      ++operand->uses;
    }
  }
  return true;
}

/// All results of a node are handed out together, so that its operands can go.
void GraphWalk::addOutputs(Node *node) {
  if (node->flags & IsOutput)
    return;
  node->flags |= IsOutput;
  for (uint32_t i = 0; i < node->numResults(); ++i)
    s.outputs.push_back({node, i});
}

namespace {

/// Worth keeping: computing it again costs more than memory.
bool isExpensive(const Node *node) {
  const OpInfo &info = opTable()[node->op()];
  return info.kind == OpKind::Reduce || info.kind == OpKind::Contract || info.kind == OpKind::Opaque ||
         info.kind == OpKind::Region || info.cost >= 32;
}

} // namespace

/// Decides, after all its users, whether a node is handed out and whether it keeps its operands alive.
void GraphWalk::settle(Node *node) {
  bool isIdentity = node->kind() == NodeKind::Identity;
  uint32_t refs = node->refs.load(std::memory_order_relaxed);
  uint32_t handles = node->handles.load(std::memory_order_relaxed);
  bool held = refs > node->uses || (node->flags & UsedLater);
  bool keepsOperands = false;
  if (node->flags & IsOutput) {
    keepsOperands = Tape::isOpen(node->tapeId);
  } else if (held && isIdentity) {
    keepsOperands = true;
  } else if (held) {
    bool usedOutside = refs > node->uses + handles;
    // What outlived one evaluation and is needed again is handed out, or a chain of cheap updates would grow for ever.
    bool handOut = isExpensive(node) || usedOutside || node->outlived;
    if (handOut)
      addOutputs(node);
    keepsOperands = !handOut || Tape::isOpen(node->tapeId);
    node->outlived = true;
  }
  if (keepsOperands)
    for (const Value &operand : node->operands())
      operand.node()->flags |= UsedLater;
}

void GraphWalk::chooseOutputs(Span<const Value> asked) {
  for (const Value &v : asked)
    if (v.node()->flags & Inside)
      addOutputs(v.node());
  size_t numAsked = s.outputs.size();
  for (size_t i = s.nodes.size(); i-- > 0;)
    settle(s.nodes[i]);
  // Found from the last node to the first; the key has them in the order of the walk.
  std::reverse(s.outputs.begin() + static_cast<ptrdiff_t>(numAsked), s.outputs.end());
}

void GraphWalk::setOutputs(Span<const Value> values) {
  for (const Value &v : values)
    s.outputs.push_back({v.node(), v.result()});
}

bool GraphWalk::inputDies(uint32_t i) const {
  const Node *node = s.inputs[i].node;
  return !(node->flags & UsedLater) && node->refs.load(std::memory_order_relaxed) == node->uses;
}

void GraphWalk::dropOperands(Node *node, std::vector<Value> &dropped) {
  if (node->dropped)
    return;
  for (Value &operand : node->operands())
    dropped.push_back(std::move(operand));
  node->dropped = true;
}

} // namespace mlxir
