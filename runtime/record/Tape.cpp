// The open tapes: as many as there are threads inside a grad.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Tape.h"

#include "runtime/record/Graph.h"

namespace mlxir {
namespace {

struct OpenTape {
  uint32_t id;
  std::vector<NodeRef> nodes;
};

std::vector<OpenTape> &openTapes() {
  static std::vector<OpenTape> *const instance = new std::vector<OpenTape>;
  return *instance;
}

OpenTape *find(uint32_t id) {
  if (id)
    for (OpenTape &tape : openTapes())
      if (tape.id == id)
        return &tape;
  return nullptr;
}

} // namespace

void Tape::open(uint32_t id) { openTapes().push_back({id, {}}); }

bool Tape::isOpen(uint32_t id) { return find(id) != nullptr; }

void Tape::defer(uint32_t id, Node *node) {
  if (OpenTape *tape = find(id))
    tape->nodes.push_back(NodeRef(node));
}

void Tape::close(uint32_t id, std::vector<Value> &dropped) {
  OpenTape *tape = find(id);
  if (!tape)
    return;
  for (NodeRef &node : tape->nodes) {
    GraphWalk::dropOperands(node.get(), dropped);
    dropped.push_back(Value(std::move(node)));
  }
  *tape = std::move(openTapes().back());
  openTapes().pop_back();
}

} // namespace mlxir
