// Runs a jitted function: written arrays are pending meanwhile, inputs that nobody else holds are donated.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/array/NodeBuilder.h"
#include "runtime/eval/Checks.h"
#include "runtime/eval/Claims.h"
#include "runtime/eval/Eval.h"
#include "runtime/eval/Finish.h"
#include "runtime/eval/FunctionState.h"

#include <algorithm>
#include <cstring>

namespace mlxir {
namespace {

std::vector<int64_t> dimsOf(const TensorType &type) {
  std::vector<int64_t> dims;
  for (Size dim : type.dims)
    dims.push_back(dim.value());
  return dims;
}

/// A leaf whose buffer comes when its claim ends.
Value pendingLeaf(const TensorType &type) {
  NodeShape shape;
  shape.dims = static_cast<unsigned>(type.dims.size());
  NodeBuilder builder(NodeKind::Buffer, 0, shape);
  builder.result(type.dtype, dimsOf(type));
  return Value(builder.finish());
}

void attach(const Value &leaf, BufferRef buffer) {
  leaf.node()->slot(leaf.result()).buffer.store(buffer.take(), std::memory_order_release);
}

/// True if both have one type.
bool mayReplace(const Value &a, const Value &b) {
  return a.dtype() == b.dtype() && a.dims().size() == b.dims().size() &&
         std::equal(a.dims().begin(), a.dims().end(), b.dims().begin());
}

bool isNumber(const Value &value) { return value.node()->kind() == NodeKind::Literal; }

} // namespace

FunctionCall::FunctionCall(FunctionRef theFunction, Function::State &state, std::vector<Value> given,
                           Span<const uint32_t> donate, std::vector<ReplacedArray> replaced)
    : function(std::move(theFunction)), f(state), inputs(std::move(given)), numGiven(inputs.size()) {
  donated.resize(inputs.size());
  for (uint32_t i : donate)
    if (i < donated.size())
      donated[i] = true;
  for (size_t i = 0; i < f.written.size(); ++i)
    writes.push_back({f.written[i], f.inputOfWritten[i], f.numOutputs + i, false});
  for (ReplacedArray &r : replaced)
    if (!f.sources[r.output].isInput)
      writes.push_back({std::move(r.handle), r.input, r.output, true});
}

FunctionCall::~FunctionCall() {
  if (!claim)
    return;
  // It failed: what was taken goes back, and written arrays keep their old contents.
  std::lock_guard<std::mutex> lock(graphLock());
  for (size_t i = 0; i < taken.size(); ++i)
    if (taken[i])
      attach(inputs[i], std::move(runs[i].buffer));
  for (size_t i = 0; i < pending.size(); ++i) {
    const Value &old = writes[i].input == kNoInput ? before[i] : inputs[writes[i].input];
    BufferRef buffer = old.buffer();
    if (!buffer) // it was donated to a run that went through, and something after it failed
      buffer = outputs[f.sources[writes[i].output].index];
    attach(pending[i], std::move(buffer));
  }
  Claims::close(claim);
}

/// Hidden inputs are read from their handles; everything lazy is evaluated together.
void FunctionCall::gather() {
  inputs.resize(numGiven);
  for (const ArrayRef &handle : f.hidden)
    inputs.push_back(handle->get());
  f.requireTypes(inputs);
  f.requireFittingNumbers(inputs);
  inputs.insert(inputs.end(), f.fixed.begin(), f.fixed.end());
  std::vector<Value> lazy;
  for (size_t i = 0; i < inputs.size(); ++i) {
    bool isHandedOn = i >= f.graph.numInputs, isLiteral = !isHandedOn && f.graph.literalInputs[i];
    bool needsBuffer = !isNumber(inputs[i]) || !(isHandedOn || isLiteral); // an array may hold a number too
    if (needsBuffer && !inputs[i].isEvaluated())
      lazy.push_back(inputs[i]);
  }
  for (const ArrayRef &handle : f.written) {
    Value v = handle->get();
    if (!v.isEvaluated())
      lazy.push_back(v);
  }
  evaluate(lazy);
}

bool FunctionCall::isUsable(const Write &write, const Value &held) const {
  if (!held.isEvaluated())
    return false;
  if (write.isReplaced)
    return held == inputs[write.input];
  return write.input == kNoInput || mayReplace(inputs[write.input], held);
}

/// Somebody else uses an array that was to be replaced: from here on all of them stay as they are.
void FunctionCall::keepReplaced() {
  writes.erase(std::remove_if(writes.begin(), writes.end(), [](const Write &w) { return w.isReplaced; }), writes.end());
}

/// Swaps the arrays to be written for pending ones. False if somebody else has begun to write one meanwhile: look
/// again.
bool FunctionCall::claimWritten() {
  std::vector<Value> released; // after the lock
  std::lock_guard<std::mutex> lock(graphLock());
  std::vector<Value> leaves;
  for (const Write &write : writes)
    leaves.push_back(pendingLeaf(f.outputTypes[write.output]));
  uint32_t number = Claims::open();
  for (size_t i = 0; i < leaves.size(); ++i) {
    GraphWalk::setClaim(leaves[i].node(), number);
    before.push_back(writes[i].handle->exchange(leaves[i]));
    if (isUsable(writes[i], before.back()))
      continue;
    while (!before.empty()) {
      size_t last = before.size() - 1;
      released.push_back(writes[last].handle->exchange(std::move(before.back())));
      before.pop_back();
    }
    Claims::close(number);
    keepReplaced();
    return false;
  }
  claim = number;
  pending = std::move(leaves);
  for (size_t i = 0; i < pending.size(); ++i) {
    size_t in = writes[i].input;
    if (in == kNoInput)
      continue;
    released.push_back(std::move(inputs[in]));
    inputs[in] = std::move(before[i]);
  }
  return true;
}

void FunctionCall::takeInput(size_t i, bool mayDonate) {
  RunInput run;
  const Value &v = inputs[i];
  bool take = false;
  if (f.graph.literalInputs[i]) {
    if (isNumber(v))
      run.bits = v.node()->literalBits();
    else
      std::memcpy(&run.bits, v.buffer()->data(), itemSize(v.dtype()));
  } else {
    std::atomic<Buffer *> &slot = v.node()->slot(v.result()).buffer;
    Buffer *buffer = slot.load(std::memory_order_acquire);
    take = mayDonate && GraphWalk::isSoleOwner(v.node()) && v.node()->numResults() == 1 && !buffer->isBorrowed();
    run.buffer = take ? BufferRef::adopt(slot.exchange(nullptr)) : BufferRef(buffer);
    run.donate = take;
  }
  runs.push_back(std::move(run));
  taken.push_back(take);
}

void FunctionCall::takeInputs() {
  std::vector<bool> mayDonate = donated;
  mayDonate.resize(inputs.size());
  for (const Write &write : writes)
    if (write.input != kNoInput)
      mayDonate[write.input] = true;
  for (const Function::State::Source &source : f.sources)
    if (source.isInput)
      mayDonate[source.index] = false; // it is handed on
  for (size_t i = 0; i < f.graph.numInputs; ++i)
    takeInput(i, mayDonate[i]);
}

Value FunctionCall::resultOf(size_t output) const {
  const Function::State::Source &source = f.sources[output];
  const TensorType &type = f.outputTypes[output];
  if (!source.isInput)
    return makeBufferLeaf(outputs[source.index], type.dtype, dimsOf(type));
  const Value &v = inputs[source.index];
  if (!isNumber(v))
    return v;
  return makeBufferLeaf(materialize(v), type.dtype, {});
}

/// Leaves that stand for the results until the call is finished.
std::vector<Value> FunctionCall::promiseResults() {
  std::vector<Value> results;
  for (size_t i = 0; i < f.numOutputs; ++i)
    results.push_back(pendingLeaf(f.outputTypes[i]));
  std::lock_guard<std::mutex> lock(graphLock());
  for (size_t i = 0; i < writes.size(); ++i)
    if (writes[i].isReplaced)
      results[writes[i].output] = pending[i];
  for (size_t i = 0; i < results.size(); ++i) {
    GraphWalk::setClaim(results[i].node(), claim);
    promised.push_back({results[i], i});
  }
  return results;
}

/// The arrays get their new contents, and the claim ends.
void FunctionCall::publish() {
  std::vector<BufferRef> buffers;
  for (const Write &write : writes)
    buffers.push_back(resultOf(write.output).buffer());
  std::vector<BufferRef> results;
  for (const auto &[leaf, output] : promised)
    results.push_back(resultOf(output).buffer());
  std::lock_guard<std::mutex> lock(graphLock());
  for (size_t i = 0; i < pending.size(); ++i)
    attach(pending[i], std::move(buffers[i]));
  for (size_t i = 0; i < promised.size(); ++i)
    if (!promised[i].first.isEvaluated()) // not one of those before
      attach(promised[i].first, std::move(results[i]));
  Claims::close(claim);
  claim = 0;
}

void FunctionCall::takeOutputs() {
  outputs = execution->outputs();
  raiseFailedCheck(entry->executable->program(), plan->symbols, outputs, f.graph.locations);
}

void FunctionCall::finish() {
  execution->finish();
  takeOutputs();
  publish();
}

std::vector<Value> FunctionCall::run(bool *interrupted) {
  if (f.computes)
    f.program(plan, entry);
  do
    gather();
  while (!claimWritten());
  if (f.computes) {
    takeInputs();
    execution.emplace(*entry->executable, plan, Span<RunInput>(runs.data(), runs.size()));
    if (!execution->execute(/*mayPause=*/interrupted != nullptr)) {
      *interrupted = true;
      std::vector<Value> results = promiseResults();
      if (!finishElsewhere(execution->scratchBytes(), [self = shared_from_this()] { self->finish(); }))
        finish();
      return results;
    }
    takeOutputs();
  }
  std::vector<Value> results;
  for (size_t i = 0; i < f.numOutputs; ++i)
    results.push_back(resultOf(i));
  publish();
  for (size_t i = 0; i < writes.size(); ++i)
    if (writes[i].isReplaced)
      results[writes[i].output] = pending[i];
  return results;
}

} // namespace mlxir
