// vjp, jvp and vmap: capture, look up, replay.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/eval/Transform.h"

#include "runtime/cache/Store.h"
#include "runtime/record/Capture.h"
#include "runtime/record/Recorder.h"
#include "runtime/record/TraceTools.h"

namespace mlxir {
namespace {

std::string list(const char *key, size_t count) {
  std::string text = std::string(key) + "=";
  for (size_t i = 0; i < count; ++i)
    text += (i ? "," : "") + std::to_string(i);
  return text + "\n";
}

Value zerosLike(const Value &value) { return fill(Scalar::of(0), value.dtype(), value.dims()); }

/// The transformed trace, for this graph's sizes.
struct Transformed {
  CacheMatch match;
  const Trace &trace() const { return *match.entry->trace; }
};

Transformed transform(const CachePurpose &purpose, const CapturedGraph &graph, std::vector<int64_t> leaves) {
  std::shared_ptr<Structure> structure = structureOf(purpose, graph.text);
  Transformed t;
  t.match = findInMemory(*structure, leaves);
  if (!t.match) {
    CacheRequest request = {purpose, std::move(leaves), graph.trace.get(), graph.locations};
    t.match = obtain(*structure, request);
  }
  return t;
}

/// vmap's choice of inputs: those that were captured have no batch dim.
CachePurpose vmapPurpose(const CapturedGraph &graph, const std::vector<bool> &batched) {
  std::string options = "batched=";
  for (size_t i = 0; i < graph.numInputs; ++i) {
    options += i ? "," : "";
    options += i < batched.size() && batched[i] ? "1" : "0";
  }
  return {"vmap", options + "\n"};
}

/// The batch size is a leaf of its own, after those of the trace.
std::vector<int64_t> vmapLeaves(const CapturedGraph &graph, int64_t batchSize) {
  std::vector<int64_t> leaves = graph.leaves;
  leaves.push_back(batchSize);
  return leaves;
}

/// Records the transformed trace: residuals come from the graph, the rest are `arguments` in order.
std::vector<Value> instantiate(const Transformed &t, const CapturedGraph &graph, const std::vector<Value> &arguments) {
  std::vector<Value> inputs;
  size_t next = 0;
  for (const TraceInput &input : t.trace().inputs) {
    bool isResidual = input.residual != TraceInput::kNotResidual;
    size_t at = isResidual ? input.residual : next++;
    const std::vector<Value> &from = isResidual ? graph.values : arguments;
    if (at >= from.size())
      raise(ErrorKind::Runtime, "expected a transform with the inputs of its function, got one "
                                "that asks for more");
    inputs.push_back(from[at]);
  }
  return replay(t.trace(), t.match.symbols.data(), inputs, graph.locations);
}

void requireFloat(const Value &value) {
  if (!isFloat(value.dtype()))
    raise(ErrorKind::Value, std::string("expected arrays of floats to differentiate, got ") + dtypeName(value.dtype()));
}

std::vector<bool> isNull(Span<const Value> values) {
  std::vector<bool> result;
  for (const Value &v : values)
    result.push_back(!v);
  return result;
}

} // namespace

std::vector<Value> vjp(Scope &scope, Span<const Value> inputs, Span<const Value> outputs,
                       Span<const Value> cotangents) {
  for (const Value &input : inputs)
    requireFloat(input);
  CapturedGraph graph = capture({GraphWalk::Depends, scope.id(), inputs, outputs, isNull(cotangents)});
  std::vector<Value> given;
  for (size_t i = 0; i < outputs.size(); ++i)
    if (graph.outputPlaces[i] != CapturedGraph::kIndependent)
      given.push_back(cotangents[i]);
  std::vector<Value> gradients;
  if (given.empty()) {
    for (const Value &input : inputs)
      gradients.push_back(zerosLike(input));
    return gradients;
  }
  CachePurpose purpose = {"vjp", list("wrt", inputs.size()) + list("of", given.size())};
  return instantiate(transform(purpose, graph, graph.leaves), graph, given);
}

std::vector<Value> jvp(Scope &scope, Span<const Value> inputs, Span<const Value> outputs, Span<const Value> tangents) {
  CapturedGraph graph = capture({GraphWalk::Depends, scope.id(), inputs, outputs, {}});
  std::string wrt = "wrt=";
  std::vector<Value> given, made;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (tangents[i]) {
      requireFloat(inputs[i]);
      wrt += (given.empty() ? "" : ",") + std::to_string(i);
      given.push_back(tangents[i]);
    }
  bool depends = false;
  for (uint32_t place : graph.outputPlaces)
    depends |= place != CapturedGraph::kIndependent;
  if (depends && !given.empty())
    made = instantiate(transform({"jvp", wrt + "\n"}, graph, graph.leaves), graph, given);
  std::vector<Value> results;
  for (size_t i = 0; i < outputs.size(); ++i) {
    uint32_t place = graph.outputPlaces[i];
    results.push_back(place < made.size() ? made[place] : zerosLike(outputs[i]));
  }
  return results;
}

BatchedValues vmap(Scope &scope, Span<const Value> inputs, Span<const Value> outputs, Span<const Value> operands,
                   const std::vector<bool> &batched, int64_t batchSize) {
  CapturedGraph graph = capture({GraphWalk::Depends, scope.id(), inputs, outputs, {}});
  std::vector<Value> arguments(operands.begin(), operands.end());
  for (size_t i = inputs.size(); i < graph.numInputs; ++i)
    arguments.push_back(graph.values[i]);
  bool depends = false;
  for (uint32_t place : graph.outputPlaces)
    depends |= place != CapturedGraph::kIndependent;
  std::vector<Value> made;
  std::vector<uint8_t> flags;
  if (depends) {
    Transformed t = transform(vmapPurpose(graph, batched), graph, vmapLeaves(graph, batchSize));
    made = instantiate(t, graph, arguments);
    flags = t.match.entry->batched;
  }
  BatchedValues result;
  for (size_t i = 0; i < outputs.size(); ++i) {
    uint32_t place = graph.outputPlaces[i];
    bool isMade = place < made.size();
    result.values.push_back(isMade ? made[place] : outputs[i]);
    result.batched.push_back(isMade && place < flags.size() && flags[place]);
  }
  return result;
}

std::vector<uint8_t> transformedTrace(Scope &scope, Span<const Value> inputs, Span<const Value> outputs,
                                      const char *transformName, const std::vector<bool> &batched, int64_t batchSize) {
  CapturedGraph graph = capture({GraphWalk::Depends, scope.id(), inputs, outputs, {}});
  std::string name = transformName;
  std::vector<uint8_t> bytes;
  if (name.empty()) {
    writeTrace(*graph.trace, bytes);
    return bytes;
  }
  CachePurpose purpose = {name, list("wrt", inputs.size())};
  if (name == "vjp")
    purpose.options += list("of", graph.trace->outputs.size());
  bool isVmap = name == "vmap";
  Transformed t = transform(isVmap ? vmapPurpose(graph, batched) : purpose, graph,
                            isVmap ? vmapLeaves(graph, batchSize) : graph.leaves);
  writeTrace(*concreteTrace(t.trace(), t.match.symbols.data()), bytes);
  return bytes;
}

} // namespace mlxir
