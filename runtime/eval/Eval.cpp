// The lazy cut: walk and claim under the graph lock, run outside of it, attach buffers under it again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/eval/Eval.h"

#include "runtime/alloc/Allocator.h"
#include "runtime/array/NodeBuilder.h"
#include "runtime/cache/Store.h"
#include "runtime/eval/Checks.h"
#include "runtime/eval/Claims.h"
#include "runtime/eval/Finish.h"
#include "runtime/format/Trace.h"
#include "runtime/record/Recorder.h"
#include "runtime/record/ScopeState.h"
#include "runtime/record/Tape.h"
#include "runtime/record/ThreadState.h"
#include "runtime/support/Error.h"
#include "runtime/support/Half.h"

#include <cstring>
#include <optional>

namespace mlxir {
namespace {

/// What the value stands for: identities are looked through. With the graph lock.
Value resolve(Value value) {
  while (value.node()->kind() == NodeKind::Identity && !value.isEvaluated())
    value = value.node()->operands()[0];
  return value;
}

void attach(const Value &value, BufferRef buffer) {
  Buffer *expected = nullptr;
  std::atomic<Buffer *> &slot = value.node()->slot(value.result()).buffer;
  if (slot.compare_exchange_strong(expected, buffer.get(), std::memory_order_acq_rel))
    buffer.take();
}

BufferRef literalBuffer(const Node *node) {
  size_t bytes = itemSize(node->slot(0).dtype);
  BufferRef buffer = Buffer::allocate(bytes);
  uint64_t bits = node->literalBits();
  std::memcpy(buffer->data(), &bits, bytes);
  return buffer;
}

/// One evaluation of a list of values.
class Evaluation : public std::enable_shared_from_this<Evaluation> {
public:
  explicit Evaluation(Span<const Value> values) : values(values) {}

  void run() {
    if (!prepare())
      return;
    if (!match)
      match = obtainProgram();
    execution.emplace(*match.entry->executable, match.entry->executable->plan(match.symbols),
                      Span<RunInput>(inputs.data(), inputs.size()));
    if (execution->execute(/*mayPause=*/true))
      return publish(outputBuffers());
    // Too late to stop: inputs are being written. Whoever wants the values waits for the other thread.
    kept.assign(values.begin(), values.end());
    values = kept;
    if (!finishElsewhere(execution->scratchBytes(), [self = shared_from_this()] { self->finish(); }))
      finish();
    throw Error(ErrorKind::Interrupted, "", "interrupted");
  }

  ~Evaluation() {
    if (!claim)
      return;
    // Something failed: inputs that were taken go back, nodes stay recorded.
    std::lock_guard<std::mutex> lock(graphLock());
    for (size_t i = 0; i < inputs.size(); ++i)
      if (taken[i])
        attach(inputValues[i], std::move(inputs[i].buffer));
    Claims::close(claim);
  }

private:
  /// Walks until nothing stands in the way. False if there is nothing to compute.
  bool prepare() {
    makeLiterals();
    std::unique_lock<std::mutex> lock(graphLock());
    for (;;) {
      std::vector<Value> asked;
      for (const Value &v : values) {
        Value resolved = resolve(v);
        if (!resolved.isEvaluated())
          asked.push_back(std::move(resolved));
      }
      if (asked.empty()) {
        attachIdentities();
        return false;
      }
      GraphWalk walk(GraphWalk::Evaluate);
      if (walk.visit(asked)) {
        claimWalk(walk, asked);
        return true;
      }
      if (Node *placeholder = walk.placeholder()) {
        NodeRef found(placeholder), user(walk.placeholderUser());
        lock.unlock();
        asked.clear();
        raisePlaceholder(found.get(), user->location());
      }
      Claims::wait(walk.blockingClaim(), lock);
    }
  }

  /// A number that somebody wants to read becomes an array of one element.
  void makeLiterals() {
    for (const Value &v : values)
      if (v.node()->kind() == NodeKind::Literal && !v.isEvaluated())
        attach(v, literalBuffer(v.node()));
  }

  /// With the graph lock.
  void claimWalk(GraphWalk &walk, const std::vector<Value> &asked) {
    walk.chooseOutputs(asked);
    walk.emit();
    leaves = walk.leaves();
    structure = structureOf({}, walk.text());
    match = findInMemory(*structure, leaves);
    if (!match)
      trace = walk.buildTrace();
    if (!match || !match.entry->executable->program().checks.empty())
      locations = walk.locations();
    claim = Claims::open();
    for (const GraphOutput &o : walk.outputs()) {
      GraphWalk::setClaim(o.node, claim);
      outputs.push_back(Value(NodeRef(o.node), o.result));
    }
    for (uint32_t i = 0; i < walk.inputs().size(); ++i)
      takeInput(walk, i);
  }

  /// The buffer of an input; an input that dies with this evaluation gives its own up.
  void takeInput(const GraphWalk &walk, uint32_t i) {
    const GraphInput &in = walk.inputs()[i];
    RunInput run;
    bool dies = false;
    if (in.isLiteral) {
      run.bits = in.node->literalBits();
    } else {
      std::atomic<Buffer *> &slot = in.node->slot(in.result).buffer;
      Buffer *buffer = slot.load(std::memory_order_acquire);
      dies = walk.inputDies(i) && !buffer->isBorrowed();
      run.buffer = dies ? BufferRef::adopt(slot.exchange(nullptr)) : BufferRef(buffer);
      run.donate = dies;
    }
    inputs.push_back(std::move(run));
    inputValues.push_back(Value(NodeRef(in.node), in.result));
    taken.push_back(dies);
  }

  CacheMatch obtainProgram() {
    CacheRequest request = {{}, leaves, trace.get(), locations};
    return obtain(*structure, request);
  }

  void finish() {
    execution->finish();
    publish(outputBuffers());
  }

  std::vector<BufferRef> outputBuffers() {
    std::vector<BufferRef> buffers = execution->outputs();
    raiseFailedCheck(match.entry->executable->program(), match.symbols, buffers, locations);
    return buffers;
  }

  void publish(std::vector<BufferRef> buffers) {
    std::vector<Value> dropped; // released after the lock
    std::lock_guard<std::mutex> lock(graphLock());
    for (size_t i = 0; i < outputs.size(); ++i)
      attach(outputs[i], std::move(buffers[i]));
    for (const Value &output : outputs) {
      Node *node = output.node();
      uint32_t tape = GraphWalk::tapeOf(node);
      if (Tape::isOpen(tape))
        Tape::defer(tape, node);
      else
        GraphWalk::dropOperands(node, dropped);
    }
    attachIdentities();
    Claims::close(claim);
    claim = 0;
  }

  /// With the graph lock: an identity that was asked for answers for itself from now on.
  void attachIdentities() {
    for (const Value &v : values)
      if (!v.isEvaluated())
        attach(v, resolve(v).buffer());
  }

  Span<const Value> values;
  std::vector<Value> kept; // `values`, once the caller has gone
  std::vector<Value> outputs, inputValues;
  std::vector<RunInput> inputs;
  std::vector<bool> taken;
  std::vector<int64_t> leaves;
  std::vector<uint32_t> locations;
  std::shared_ptr<Structure> structure;
  std::unique_ptr<Trace> trace;
  CacheMatch match;
  std::optional<Run> execution;
  uint32_t claim = 0;
};

std::atomic<uint32_t> flushNodes{4096};
std::atomic<uint64_t> flushBytes{0}; // 0: the memory limit

template <typename T> T loadAs(const void *data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

} // namespace

void evaluate(Span<const Value> values) {
  bool pending = false;
  for (const Value &v : values)
    pending |= !v.isEvaluated();
  if (!pending)
    return;
  threadState.pendingBytes = 0;
  std::make_shared<Evaluation>(values)->run();
}

BufferRef materialize(const Value &value) {
  if (!value.isEvaluated())
    evaluate({&value, 1});
  return value.buffer();
}

Scalar readScalar(const Value &value) {
  if (value.size() != 1)
    raise(ErrorKind::Value, "expected an array of one element, got " + std::to_string(value.size()));
  BufferRef buffer = materialize(value);
  return scalarAt(value.dtype(), buffer->data());
}

Scalar scalarAt(DType dtype, const void *data) {
  switch (dtype) {
  case DType::Bool:
    return Scalar::of(loadAs<uint8_t>(data) != 0);
  case DType::UInt8:
    return Scalar::of(int64_t(loadAs<uint8_t>(data)));
  case DType::UInt16:
    return Scalar::of(int64_t(loadAs<uint16_t>(data)));
  case DType::UInt32:
    return Scalar::of(int64_t(loadAs<uint32_t>(data)));
  case DType::UInt64:
    return Scalar::of(loadAs<uint64_t>(data));
  case DType::Int8:
    return Scalar::of(int64_t(loadAs<int8_t>(data)));
  case DType::Int16:
    return Scalar::of(int64_t(loadAs<int16_t>(data)));
  case DType::Int32:
    return Scalar::of(int64_t(loadAs<int32_t>(data)));
  case DType::Int64:
    return Scalar::of(loadAs<int64_t>(data));
  case DType::Float16:
    return Scalar::of(double(fromFloat16(loadAs<uint16_t>(data))));
  case DType::BFloat16:
    return Scalar::of(double(fromBFloat16(loadAs<uint16_t>(data))));
  case DType::Float32:
    return Scalar::of(double(loadAs<float>(data)));
  case DType::Float64:
    return Scalar::of(loadAs<double>(data));
  case DType::Complex64:
    break;
  }
  raise(ErrorKind::Type, "expected a real number, got complex64");
}

void setFlushLimits(uint32_t nodes, uint64_t bytes) {
  flushNodes = nodes;
  flushBytes = bytes;
}

bool flushIsDue(const Value &last) {
  ThreadState &t = threadState;
  uint32_t limit = flushNodes.load(std::memory_order_relaxed);
  uint32_t depth = last.node()->recordedDepth();
  bool deep = limit && depth >= limit;
  bool large = false;
  if (t.pendingBytes >> 30) { // not worth a look below a GiB
    uint64_t bytes = flushBytes.load(std::memory_order_relaxed);
    large = t.pendingBytes >= (bytes ? bytes : memoryInfo().limit);
  }
  if ((!deep && !large) || t.scope || last.isEvaluated())
    return false;
  // A loop flushes at the same op each time, so that each flush has the same structure.
  uint32_t here = last.node()->location();
  if (!large && t.flushLocation && here != t.flushLocation && depth < 2 * limit)
    return false;
  t.flushLocation = here;
  return true;
}

} // namespace mlxir
