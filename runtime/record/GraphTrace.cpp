// From a walk to a Trace, on a miss.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/array/Region.h"
#include "runtime/record/Graph.h"
#include "runtime/record/Structure.h"
#include "runtime/record/TraceTools.h"

namespace mlxir {
namespace {

TensorType typeOf(const Node *node, uint32_t result) {
  TensorType type;
  type.dtype = node->slot(result).dtype;
  for (int64_t dim : node->dims(result))
    type.dims.push_back(Size::constant(dim));
  return type;
}

/// Number of a name in the trace's own list.
int64_t localName(Trace &trace, const char *name) {
  for (size_t i = 0; i < trace.names.size(); ++i)
    if (trace.names[i] == name)
      return static_cast<int64_t>(i);
  trace.names.push_back(name);
  return static_cast<int64_t>(trace.names.size() - 1);
}

void renumberNames(const OpInfo &info, std::vector<int64_t> &attrs, Trace &trace) {
  std::vector<AttrSpan> spans;
  if (!info.hasRegion || !splitAttrs(info, attrs, spans))
    return;
  for (unsigned i = 0; i < info.numAttrs; ++i)
    if (isNameAttr(info, i))
      attrs[spans[i].begin] = localName(trace, nameOf(attrs[spans[i].begin]));
}

} // namespace

std::unique_ptr<Trace> GraphWalk::buildTrace() const {
  auto trace = std::make_unique<Trace>();
  auto numInputs = static_cast<ValueId>(s.inputs.size());
  auto valueId = [&](ValueCode code) { return code & 1 ? code >> 1 : numInputs + (code >> 1); };
  auto codeOfVisited = [&](Node *node, uint32_t result) { return const_cast<GraphWalk *>(this)->codeOf(node, result); };
  trace->locations.push_back({});
  for (const GraphInput &input : s.inputs) {
    TraceInput in;
    in.kind = input.isLiteral ? InputKind::Literal : InputKind::Array;
    in.type = typeOf(input.node, input.result);
    trace->inputs.push_back(std::move(in));
  }
  for (Node *node : s.nodes) {
    if (node->kind() == NodeKind::Identity)
      continue;
    TraceNode out;
    out.op = node->op();
    out.location = static_cast<uint32_t>(trace->locations.size());
    trace->locations.push_back({"", out.location - 1});
    for (const Value &operand : node->operands())
      out.operands.push_back(valueId(codeOfVisited(operand.node(), operand.result())));
    out.attrs.assign(node->attrs().begin(), node->attrs().end());
    renumberNames(opTable()[out.op], out.attrs, *trace);
    for (uint32_t i = 0; i < node->numResults(); ++i)
      out.types.push_back(typeOf(node, i));
    for (const RegionRef &region : node->regions()) {
      out.regions.push_back(static_cast<uint32_t>(trace->regions.size()));
      trace->regions.push_back(cloneTrace(region->trace()));
    }
    trace->nodes.push_back(std::move(out));
  }
  for (const GraphOutput &o : s.outputs)
    trace->outputs.push_back(valueId(codeOfVisited(o.node, o.result)));
  return trace;
}

std::vector<uint32_t> GraphWalk::locations() const {
  std::vector<uint32_t> list;
  for (const Node *node : s.nodes)
    if (node->kind() != NodeKind::Identity)
      list.push_back(node->location());
  return list;
}

} // namespace mlxir
