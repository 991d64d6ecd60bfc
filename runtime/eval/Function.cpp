// Jitted functions: capture once, then gather inputs and run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/eval/FunctionState.h"

#include "runtime/cache/Cache.h"
#include "runtime/eval/Eval.h"
#include "runtime/record/Recorder.h"
#include "runtime/record/ScopeState.h"
#include "runtime/record/ThreadState.h"

#include <algorithm>

namespace mlxir {
namespace {

TensorType typeOf(const Value &value) {
  TensorType type;
  type.dtype = value.dtype();
  for (int64_t dim : value.dims())
    type.dims.push_back(Size::constant(dim));
  return type;
}

bool hasType(const Value &value, const TensorType &type) {
  Span<const int64_t> dims = value.dims();
  if (value.dtype() != type.dtype || dims.size() != type.dims.size())
    return false;
  for (size_t i = 0; i < dims.size(); ++i)
    if (dims[i] != type.dims[i].value())
      return false;
  return true;
}

} // namespace

Function::Function() : state(std::make_unique<State>()) {}
Function::~Function() = default;

FunctionRef Function::capture(Scope &scope, Span<const Value> inputs, Span<const Value> outputs) {
  FunctionRef function = FunctionRef::adopt(new Function);
  State &s = *function->state;
  s.name = scope.inside().name;
  s.numExplicit = inputs.size();
  s.numOutputs = outputs.size();
  std::vector<Value> allInputs(inputs.begin(), inputs.end());
  for (const HiddenInput &h : scope.hiddenInputs()) {
    allInputs.push_back(h.placeholder);
    s.hidden.push_back(h.handle);
  }
  std::vector<Value> allOutputs(outputs.begin(), outputs.end());
  for (const WrittenArray &w : scope.writtenArrays()) {
    allOutputs.push_back(w.after ? w.after : w.handle->get());
    s.written.push_back(w.handle);
    size_t h = 0;
    while (h < s.hidden.size() && s.hidden[h] != w.handle)
      ++h;
    s.inputOfWritten.push_back(h < s.hidden.size() ? s.numExplicit + h : kNoInput);
  }
  for (const Value &output : allOutputs)
    s.outputTypes.push_back(typeOf(output));

  // Outputs that are inputs need no Program, nor do those that were there before.
  std::vector<bool> skip;
  for (const Value &output : allOutputs) {
    uint32_t i = 0;
    while (i < allInputs.size() && !(allInputs[i] == output))
      ++i;
    bool isInput = i < allInputs.size();
    skip.push_back(isInput);
    s.sources.push_back({isInput, i});
  }
  s.graph = mlxir::capture({GraphWalk::Recorded, scope.id(), allInputs, allOutputs, skip});
  s.fixed.assign(s.graph.values.begin() + static_cast<ptrdiff_t>(allInputs.size()),
                 s.graph.values.begin() + static_cast<ptrdiff_t>(s.graph.numInputs));
  for (size_t i = 0; i < s.sources.size(); ++i) {
    if (s.sources[i].isInput)
      continue;
    uint32_t place = s.graph.outputPlaces[i];
    bool isFixed = place == CapturedGraph::kIndependent;
    if (isFixed) {
      s.sources[i] = {true, static_cast<uint32_t>(allInputs.size() + s.fixed.size())};
      s.fixed.push_back(allOutputs[i]);
    } else {
      s.sources[i].index = place;
      s.computes = true;
    }
  }
  s.graph.values.clear();
  s.findNumberUses();
  s.structure = structureOf({}, s.graph.text);
  return function;
}

void Function::State::program(std::shared_ptr<const Plan> &plan, CacheEntryRef &entry) {
  if (const Ready *known = ready.load(std::memory_order_acquire)) {
    entry = known->entry;
    plan = known->plan;
    return;
  }
  CacheRequest request = {{}, graph.leaves, graph.trace.get(), graph.locations, sizes};
  CacheMatch found = obtain(*structure, request);
  entry = found.entry;
  plan = entry->executable->plan(found.symbols);
  const auto *made = new Ready{entry, plan};
  const Ready *none = nullptr;
  if (!ready.compare_exchange_strong(none, made, std::memory_order_acq_rel)) // another thread was faster
    delete made;
}

bool Function::State::accepts(const std::vector<Value> &values) const {
  if (values.size() != numExplicit + hidden.size())
    return false;
  for (size_t i = 0; i < values.size(); ++i)
    if (!hasType(values[i], graph.trace->inputs[i].type))
      return false;
  return true;
}

/// Inside another scope the graph is recorded there.
std::vector<Value> Function::State::recordInline(std::vector<Value> inputs) {
  for (const ArrayRef &handle : hidden)
    inputs.push_back(use(*handle));
  requireTypes(inputs);
  inputs.insert(inputs.end(), fixed.begin(), fixed.end());
  std::vector<Value> made = replay(*graph.trace, nullptr, {inputs.data(), graph.numInputs}, graph.locations);
  std::vector<Value> results;
  for (const Source &source : sources)
    results.push_back(source.isInput ? inputs[source.index] : made[source.index]);
  for (size_t i = 0; i < written.size(); ++i)
    assign(*written[i], results[numOutputs + i]);
  results.resize(numOutputs);
  return results;
}

void Function::State::requireTypes(const std::vector<Value> &inputs) const {
  if (!accepts(inputs))
    raise(ErrorKind::Value, "expected arrays of the dtypes and shapes that " + (name.empty() ? "the function" : name) +
                                " was traced with, got others");
}

/// In eager code the conversion of a number is checked where it is recorded (D6): here, where the number comes.
void Function::State::findNumberUses() {
  const Trace &trace = *graph.trace;
  auto isInteger = [](DType dtype) {
    return typeClass(dtype) == TypeClass::Signed || typeClass(dtype) == TypeClass::Unsigned;
  };
  constexpr uint32_t kNoNumber = UINT32_MAX;
  std::vector<uint32_t> numberOf; // by value: the integer argument that it is, whatever its dtype
  std::vector<const TensorType *> types;
  for (const TraceInput &input : trace.inputs) {
    bool isNumber = input.kind == InputKind::Literal && isInteger(input.type.dtype);
    numberOf.push_back(isNumber ? static_cast<uint32_t>(numberOf.size()) : kNoNumber);
    types.push_back(&input.type);
  }
  for (const TraceNode &node : trace.nodes) {
    uint32_t number = kNoNumber;
    if (node.op == static_cast<uint16_t>(Op::Cast) && isInteger(node.types[0].dtype)) {
      number = numberOf[node.operands[0]];
      if (number != kNoNumber)
        numberCasts.push_back({number, node.types[0].dtype});
    }
    if (node.op == static_cast<uint16_t>(Op::Gather) || node.op == static_cast<uint16_t>(Op::Scatter)) {
      // The array, an index for each of the axes, which are the first attribute.
      const TensorType &array = *types[node.operands[0]];
      for (int64_t i = 0; i < node.attrs[0]; ++i)
        if (uint32_t index = numberOf[node.operands[1 + i]]; index != kNoNumber) {
          int64_t axis = node.attrs[1 + i];
          numberIndices.push_back({index, axis, array.dims[axis].value()});
        }
    }
    for (const TensorType &type : node.types) {
      numberOf.push_back(number);
      types.push_back(&type);
    }
  }
}

void Function::State::requireFittingNumbers(const std::vector<Value> &inputs) const {
  FunctionName function("jit");
  auto bitsOf = [&](uint32_t input) { return inputs[input].node()->literalBits(); };
  auto isLiteral = [&](uint32_t input) { return inputs[input].node()->kind() == NodeKind::Literal; };
  for (const NumberCast &cast : numberCasts)
    if (isLiteral(cast.input)) {
      uint64_t bits = bitsOf(cast.input);
      scalarBits(scalarAt(inputs[cast.input].dtype(), &bits), cast.dtype); // raises
    }
  for (const NumberIndex &index : numberIndices)
    if (isLiteral(index.input)) {
      uint64_t bits = bitsOf(index.input);
      int64_t value = scalarAt(inputs[index.input].dtype(), &bits).i;
      if (value < -index.extent || value >= index.extent)
        raise(ErrorKind::Index, "expected an index within axis " + std::to_string(index.axis) + " of size " +
                                    std::to_string(index.extent) + ", got " + std::to_string(value));
    }
}

std::vector<Value> Function::call(std::vector<Value> inputs, Span<const uint32_t> donate,
                                  std::vector<ReplacedArray> replaced, bool *interrupted) {
  if (threadState.scope)
    return state->recordInline(std::move(inputs));
  auto call = std::make_shared<FunctionCall>(FunctionRef(this), *state, std::move(inputs), donate, std::move(replaced));
  return call->run(interrupted);
}

bool Function::accepts(Span<const Value> inputs) const {
  std::vector<Value> all(inputs.begin(), inputs.end());
  for (const ArrayRef &handle : state->hidden)
    all.push_back(handle->get());
  return state->accepts(all);
}

void Function::freezeHidden() {
  for (ArrayRef &handle : state->hidden)
    if (std::find(state->written.begin(), state->written.end(), handle) == state->written.end())
      handle = Array::make(handle->get());
}

void Function::setDynamic(bool dynamic) { state->sizes = dynamic ? SizeMode::Dynamic : SizeMode::Static; }

unsigned Function::numInputs() const { return static_cast<unsigned>(state->numExplicit); }
unsigned Function::numOutputs() const { return static_cast<unsigned>(state->numOutputs); }
const std::vector<ArrayRef> &Function::hiddenInputs() const { return state->hidden; }
const std::vector<ArrayRef> &Function::writtenArrays() const { return state->written; }
unsigned Function::numNodes() const { return static_cast<unsigned>(state->graph.trace->nodes.size()); }

std::vector<uint8_t> Function::traceBytes() const {
  std::vector<uint8_t> bytes;
  writeTrace(*state->graph.trace, bytes);
  return bytes;
}

std::vector<std::pair<std::string, std::string>> Function::stages(const std::string &names) const {
  return compileStages(traceBytes(), names, state->name);
}

} // namespace mlxir
