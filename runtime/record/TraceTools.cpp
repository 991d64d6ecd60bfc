// Copying and re-inferring traces.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/TraceTools.h"

#include <algorithm>
#include <unordered_map>

namespace mlxir {

std::unique_ptr<Trace> cloneTrace(const Trace &trace) {
  auto copy = std::make_unique<Trace>();
  copy->sizes = trace.sizes;
  copy->numSymbols = trace.numSymbols;
  copy->sample = trace.sample;
  copy->guards = trace.guards;
  copy->inputs = trace.inputs;
  copy->nodes = trace.nodes;
  copy->outputs = trace.outputs;
  copy->names = trace.names;
  copy->locations = trace.locations;
  for (const std::unique_ptr<Trace> &region : trace.regions)
    copy->regions.push_back(cloneTrace(*region));
  return copy;
}

static Size evaluated(Size s, const std::vector<int64_t> &expressions) {
  return s.isConstant() ? s : Size::constant(expressions[s.id()]);
}

static void evaluateType(TensorType &type, const std::vector<int64_t> &expressions) {
  for (Size &dim : type.dims)
    dim = evaluated(dim, expressions);
}

void evaluateAttrs(const OpInfo &info, const std::vector<int64_t> &words, const std::vector<int64_t> &expressions,
                   std::vector<int64_t> &out) {
  out = words;
  int64_t *at = out.data();
  for (unsigned i = 0; i < info.numAttrs; ++i) {
    AttrKind kind = info.attrs[i].kind;
    bool isList = kind == AttrKind::IntList || kind == AttrKind::SizeList;
    bool isSize = kind == AttrKind::Size || kind == AttrKind::SizeList;
    int64_t count = isList ? *at++ : 1;
    for (; count > 0; --count, ++at)
      if (isSize)
        *at = evaluated(Size{*at}, expressions).bits;
  }
}

std::unique_ptr<Trace> concreteTrace(const Trace &trace, const int64_t *symbols) {
  std::unique_ptr<Trace> copy = cloneTrace(trace);
  std::vector<int64_t> expressions;
  trace.sizes.evaluateAll(symbols, expressions);
  for (TraceInput &input : copy->inputs)
    evaluateType(input.type, expressions);
  for (TraceNode &node : copy->nodes) {
    std::vector<int64_t> attrs;
    evaluateAttrs(opTable()[node.op], node.attrs, expressions, attrs);
    node.attrs = std::move(attrs);
    for (TensorType &type : node.types)
      evaluateType(type, expressions);
  }
  for (std::unique_ptr<Trace> &region : copy->regions)
    region = concreteTrace(*region, symbols);
  copy->sizes = SizeArena();
  copy->numSymbols = 0;
  copy->sample.clear();
  copy->guards.clear();
  return copy;
}

namespace {

/// Infers every type of a trace and its regions over one arena.
class Reinference {
public:
  Reinference(SizeArena &sizes, std::string &error) : sizes(sizes), error(error) {}

  bool run(Trace &trace) {
    std::vector<TensorType> types;
    for (const TraceInput &input : trace.inputs)
      types.push_back(input.type);
    for (TraceNode &node : trace.nodes) {
      std::vector<TensorType> operands, results;
      for (ValueId id : node.operands)
        operands.push_back(types[id]);
      if (!inferNode(trace, node, operands, results))
        return false;
      node.types = results;
      types.insert(types.end(), results.begin(), results.end());
    }
    return true;
  }

private:
  bool inferNode(Trace &trace, const TraceNode &node, const std::vector<TensorType> &operands,
                 std::vector<TensorType> &results) {
    const OpInfo &info = opTable()[node.op];
    if (info.hasRegion)
      return inferRegions(trace, node, operands, results);
    InferError inferError;
    if (info.infer(sizes, operands, node.attrs, results, inferError))
      return true;
    error = std::string(info.name) + ": " + inferError.text;
    return false;
  }

  /// The body has the operands as inputs; a rule has, after those, a cotangent per result or a tangent per operand.
  bool inferRegions(Trace &trace, const TraceNode &node, const std::vector<TensorType> &operands,
                    std::vector<TensorType> &results) {
    for (size_t i = 0; i < node.regions.size(); ++i) {
      Trace &region = *trace.regions[node.regions[i]];
      bool takesCotangents = region.inputs.size() == operands.size() + results.size() && isVjpRule(node, i);
      for (size_t j = 0; j < region.inputs.size(); ++j) {
        size_t extra = j - operands.size();
        region.inputs[j].type = j < operands.size() ? operands[j]
                                : takesCotangents   ? results[extra]
                                                    : operands[extra % operands.size()];
      }
      if (!run(region))
        return false;
      if (i == 0)
        for (ValueId output : region.outputs)
          results.push_back(region.typeOf(output));
    }
    return true;
  }

  /// Regions after the body are rules; the op's list of integers says of which kind: 0 is a vjp rule.
  static bool isVjpRule(const TraceNode &node, size_t region) {
    std::vector<AttrSpan> spans;
    if (region == 0 || !splitAttrs(opTable()[node.op], node.attrs, spans))
      return false;
    for (const AttrSpan &span : spans)
      if (span.kind == AttrKind::IntList && region - 1 < span.size)
        return node.attrs[span.begin + region - 1] == 0;
    return false;
  }

  SizeArena &sizes;
  std::string &error;
};

/// Those expressions of an arena that a region names, with what they are made of: a copy of all of them in each region
/// would make a program of many composites quadratic.
class OwnSizes {
public:
  explicit OwnSizes(const SizeArena &all) : all(all) {}

  Size own(Size size) {
    if (size.isConstant())
      return size;
    auto found = numberOf.find(size.id());
    if (found != numberOf.end())
      return Size::expr(found->second);
    SizeNode node = all.nodes()[size.id()];
    if (node.kind != SizeKind::Symbol)
      node = {node.kind, own(node.a), own(node.b)};
    auto number = static_cast<uint32_t>(nodes.size());
    nodes.push_back(node);
    numberOf.emplace(size.id(), number);
    return Size::expr(number);
  }
  SizeArena arena() { return SizeArena::fromNodes(std::move(nodes)); }

private:
  const SizeArena &all;
  std::vector<SizeNode> nodes;
  std::unordered_map<uint32_t, uint32_t> numberOf;
};

void ownSizes(Trace &region, const Trace &whole) {
  OwnSizes sizes(whole.sizes);
  auto own = [&](Size &size) { size = sizes.own(size); };
  for (TraceInput &input : region.inputs)
    std::for_each(input.type.dims.begin(), input.type.dims.end(), own);
  for (TraceNode &node : region.nodes) {
    for (TensorType &type : node.types)
      std::for_each(type.dims.begin(), type.dims.end(), own);
    forEachSizeAttr(node, own);
  }
  region.sizes = sizes.arena();
  region.numSymbols = whole.numSymbols;
  region.sample = whole.sample;
  for (std::unique_ptr<Trace> &inner : region.regions)
    ownSizes(*inner, whole);
}

} // namespace

bool makeSymbolic(Trace &trace, const LeafPattern &pattern, std::vector<int64_t> sample, std::string &error) {
  SizeArena sizes;
  sizes.setSample(sample);
  size_t next = 0;
  forEachLeaf(trace, [&](Size &leaf) {
    int64_t word = pattern[next++];
    leaf = isPatternSymbol(word) ? sizes.symbol(static_cast<uint32_t>(word >> 1)) : Size::constant(word >> 1);
  });
  if (!Reinference(sizes, error).run(trace))
    return false;
  trace.guards = sizes.takeGuards();
  trace.sizes = std::move(sizes);
  trace.numSymbols = static_cast<uint32_t>(sample.size());
  trace.sample = std::move(sample);
  for (std::unique_ptr<Trace> &region : trace.regions)
    ownSizes(*region, trace);
  return true;
}

std::vector<int64_t> traceLeaves(const Trace &trace) {
  std::vector<int64_t> leaves;
  forEachLeaf(const_cast<Trace &>(trace), [&](Size &leaf) { leaves.push_back(leaf.value()); });
  return leaves;
}

} // namespace mlxir
