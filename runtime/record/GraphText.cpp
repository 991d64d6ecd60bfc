// Emission: numbers the values of a walk and writes the structure's text and leaf sizes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/array/Region.h"
#include "runtime/record/Graph.h"
#include "runtime/record/Structure.h"

namespace mlxir {
namespace {

constexpr uint32_t kInputMark = 0x80000000;
constexpr uint32_t kOutputMark = 0x40000000;

const char *internedName(void *, int64_t number) { return nameOf(number); }

} // namespace

bool isLiteralLeaf(const Node *node) {
  // A placeholder says in its second word whether it stands for a number.
  return node->kind() == NodeKind::Literal || (node->kind() == NodeKind::Placeholder && node->attrs()[1] != 0);
}

void GraphWalk::emitInput(const GraphInput &input) {
  const ResultSlot &slot = input.node->slot(input.result);
  s.key.push_back(kInputMark | uint32_t(input.isLiteral) << 16 | uint32_t(slot.dtype) << 8 | slot.rank);
  StructureText text(s.key, s.leaves);
  for (int64_t dim : input.node->dims(input.result))
    text.leaf(dim);
}

ValueCode GraphWalk::addInput(Node *node, uint32_t result) {
  // One number per node serves its first result only; the others of an evaluated node are found by looking.
  if (result != 0)
    for (size_t i = 0; i < s.inputs.size(); ++i)
      if (s.inputs[i].node == node && s.inputs[i].result == result)
        return inputCode(static_cast<uint32_t>(i));
  ValueCode code = inputCode(static_cast<uint32_t>(s.inputs.size()));
  s.inputs.push_back({node, result, isLiteralLeaf(node)});
  emitInput(s.inputs.back());
  return code;
}

ValueCode GraphWalk::codeOf(Node *node, uint32_t result) {
  if (node->flags & IsBoundary)
    return node->number;
  if (node->flags & Inside)
    return node->number + resultCode(result);
  if (result != 0)
    return addInput(node, result);
  if (node->number == kUnnumbered)
    node->number = addInput(node, 0);
  return node->number;
}

void GraphWalk::emitNode(Node *node) {
  s.codes.clear();
  for (const Value &operand : node->operands())
    s.codes.push_back(codeOf(operand.node(), operand.result()));
  if (node->kind() == NodeKind::Identity) {
    node->number = s.codes[0];
    return;
  }
  node->number = resultCode(numResults);
  numResults += node->numResults();
  const OpInfo &info = opTable()[node->op()];
  StructureText text(s.key, s.attrSizes);
  text.word(node->op());
  text.word(static_cast<uint32_t>(s.codes.size()));
  for (ValueCode code : s.codes)
    text.word(code);
  text.attrs(info, node->attrs(), internedName, nullptr);
  for (const RegionRef &region : node->regions()) {
    text.append(region->text());
    s.attrSizes.insert(s.attrSizes.end(), region->leaves().begin(), region->leaves().end());
  }
}

void GraphWalk::emit() {
  for (const GraphInput &input : s.inputs)
    emitInput(input);
  for (Node *node : s.nodes)
    emitNode(node);
  // Outputs that depend on nothing become inputs here, before the list that names them.
  s.codes.clear();
  for (const GraphOutput &o : s.outputs)
    s.codes.push_back(codeOf(o.node, o.result));
  s.key.push_back(kOutputMark);
  s.key.push_back(static_cast<uint32_t>(s.codes.size()));
  s.key.insert(s.key.end(), s.codes.begin(), s.codes.end());
  s.leaves.insert(s.leaves.end(), s.attrSizes.begin(), s.attrSizes.end());
}

} // namespace mlxir
