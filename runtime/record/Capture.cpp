// Capturing graphs and recording traces again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Capture.h"

#include "runtime/array/Region.h"
#include "runtime/record/Record.h"
#include "runtime/record/Region.h"
#include "runtime/record/Structure.h"
#include "runtime/record/TraceTools.h"

namespace mlxir {

CapturedGraph capture(const CaptureRequest &request) {
  CapturedGraph c;
  std::lock_guard<std::mutex> lock(graphLock());
  GraphWalk walk(request.mode, request.scope);
  walk.setInputs(request.inputs);
  walk.visit(request.outputs);
  std::vector<Value> kept;
  for (size_t i = 0; i < request.outputs.size(); ++i) {
    bool left =
        (!request.skip.empty() && request.skip[i]) || (request.skipIndependent && !walk.isInside(request.outputs[i]));
    c.outputPlaces.push_back(left ? CapturedGraph::kIndependent : static_cast<uint32_t>(kept.size()));
    if (!left)
      kept.push_back(request.outputs[i]);
  }
  walk.setOutputs(kept);
  walk.emit();
  c.text = walk.text();
  c.leaves = walk.leaves();
  c.locations = walk.locations();
  for (const GraphInput &input : walk.inputs()) {
    c.values.push_back(Value(NodeRef(input.node), input.result));
    c.literalInputs.push_back(input.isLiteral);
  }
  c.numInputs = c.values.size();
  for (Node *node : walk.order())
    if (node->kind() != NodeKind::Identity)
      for (uint32_t i = 0; i < node->numResults(); ++i)
        c.values.push_back(Value(NodeRef(node), i));
  c.trace = walk.buildTrace();
  return c;
}

namespace {

class Replay {
public:
  Replay(const Trace &trace, const int64_t *symbols, Span<const Value> inputs, Span<const uint32_t> locations)
      : trace(trace), symbols(symbols), locations(locations), values(inputs.begin(), inputs.end()) {
    trace.sizes.evaluateAll(symbols, expressions);
  }

  std::vector<Value> run() {
    uint32_t before = threadState.location;
    for (const TraceNode &node : trace.nodes) {
      threadState.location = locationOf(node, before);
      record(node);
    }
    threadState.location = before;
    std::vector<Value> outputs;
    for (ValueId id : trace.outputs)
      outputs.push_back(values[id]);
    return outputs;
  }

private:
  uint32_t locationOf(const TraceNode &node, uint32_t otherwise) const {
    if (node.location == 0 || node.location >= trace.locations.size())
      return otherwise;
    uint32_t line = trace.locations[node.location].line;
    return line < locations.size() ? locations[line] : otherwise;
  }

  int64_t sizeOf(Size s) const { return s.isConstant() ? s.value() : expressions[s.id()]; }

  void record(const TraceNode &node) {
    const OpInfo &info = opTable()[node.op];
    NodeShape shape;
    shape.results = static_cast<unsigned>(node.types.size());
    shape.operands = static_cast<unsigned>(node.operands.size());
    shape.attrs = static_cast<unsigned>(node.attrs.size());
    shape.regions = static_cast<unsigned>(node.regions.size());
    for (const TensorType &type : node.types)
      shape.dims += static_cast<unsigned>(type.dims.size());
    NodeBuilder builder(NodeKind::Op, node.op, shape);
    for (ValueId id : node.operands)
      builder.operand(values[id]);
    for (uint32_t index : node.regions)
      builder.region(Region::make(concreteTrace(*trace.regions[index], symbols)));
    evaluateAttrs(info, node.attrs, expressions, attrs);
    renameAttrs(info);
    builder.attrs(attrs);
    uint64_t bytes = 0;
    for (const TensorType &type : node.types) {
      uint64_t result = itemSize(type.dtype);
      builder.beginResult(type.dtype, static_cast<unsigned>(type.dims.size()));
      for (Size dim : type.dims) {
        int64_t value = sizeOf(dim);
        builder.dim(value);
        result *= static_cast<uint64_t>(value);
      }
      bytes += result;
    }
    Value first = finishNode(builder, bytes);
    for (uint32_t i = 0; i < shape.results; ++i)
      values.push_back(Value(NodeRef(first.node()), i));
  }

  /// Names are numbered by the process in nodes, by the trace in traces.
  void renameAttrs(const OpInfo &info) {
    std::vector<AttrSpan> spans;
    if (!info.hasRegion || !splitAttrs(info, attrs, spans))
      return;
    for (unsigned i = 0; i < info.numAttrs; ++i)
      if (isNameAttr(info, i)) {
        int64_t &word = attrs[spans[i].begin];
        word = internName(trace.names[static_cast<size_t>(word)].c_str());
      }
  }

  const Trace &trace;
  const int64_t *symbols;
  Span<const uint32_t> locations;
  std::vector<int64_t> expressions, attrs;
  std::vector<Value> values;
};

} // namespace

std::vector<Value> replay(const Trace &trace, const int64_t *symbols, Span<const Value> inputs,
                          Span<const uint32_t> locations) {
  return Replay(trace, symbols, inputs, locations).run();
}

CapturedRegion captureRegion(Scope &scope, Span<const Value> inputs, Span<const Value> outputs) {
  CaptureRequest request = {GraphWalk::Recorded, scope.id(), inputs, outputs, {}, false};
  CapturedGraph graph = capture(request);
  CapturedRegion result;
  result.hidden.assign(graph.values.begin() + static_cast<ptrdiff_t>(inputs.size()),
                       graph.values.begin() + static_cast<ptrdiff_t>(graph.numInputs));
  result.region = Region::make(std::move(graph.trace));
  return result;
}

std::vector<Value> inlineRegion(const Region &region, Span<const Value> operands) {
  return replay(region.trace(), nullptr, operands, {});
}

} // namespace mlxir
