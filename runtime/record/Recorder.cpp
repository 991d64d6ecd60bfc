// Recording: type inference, with a fast path for elementwise ops whose operands have one shape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Recorder.h"

#include "runtime/format/Trace.h"
#include "runtime/record/Record.h"

#include <cstring>
#include <memory>

namespace mlxir {

__thread ThreadState threadState;

const OpInfo &opInfo(Op op) { return opTable()[static_cast<uint16_t>(op)]; }
const OpInfo *findOpInfo(const char *name) { return findOp(name); }
unsigned opCount() { return opTableSize(); }

void setLocation(uint32_t location) { threadState.location = location; }
uint32_t currentLocation() { return threadState.location; }

FunctionName::FunctionName(const char *name) : previous(threadState.function) {
  if (!previous)
    threadState.function = name;
}
FunctionName::~FunctionName() { threadState.function = previous; }

const char *currentFunction() { return threadState.function ? threadState.function : ""; }

void raise(ErrorKind kind, std::string text) {
  throw Error(kind, currentFunction(), std::move(text), threadState.location);
}

Attrs &Attrs::real(double v) {
  int64_t word;
  std::memcpy(&word, &v, sizeof word);
  return push(word);
}
Attrs &Attrs::integers(Span<const int64_t> list) {
  push(static_cast<int64_t>(list.size()));
  for (int64_t v : list)
    push(v);
  return *this;
}
Attrs &Attrs::sizes(Span<const int64_t> list) {
  push(static_cast<int64_t>(list.size()));
  for (int64_t v : list)
    size(v);
  return *this;
}
void Attrs::spill(int64_t word) {
  if (more.empty())
    more.assign(few, few + count);
  more.push_back(word);
}

std::string shapeText(Span<const int64_t> dims) {
  std::string text = "(";
  for (size_t i = 0; i < dims.size(); ++i)
    text += (i ? ", " : "") + std::to_string(dims[i]);
  return text + (dims.size() == 1 ? ",)" : ")");
}

int64_t checkedSize(DType dtype, Span<const int64_t> dims) {
  constexpr size_t kMostDims = 64; // as NumPy has it
  if (dims.size() > kMostDims)
    raise(ErrorKind::Value, "expected at most 64 axes, got " + std::to_string(dims.size()));
  int64_t count = 1, bytes;
  bool fits = true, empty = false;
  for (int64_t dim : dims) {
    if (dim < 0)
      raise(ErrorKind::Value, "expected no negative size, got the shape " + shapeText(dims));
    empty |= dim == 0;
    fits &= !__builtin_mul_overflow(count, dim, &count);
  }
  if (empty)
    return 0;
  fits = fits && !__builtin_mul_overflow(count, static_cast<int64_t>(itemSize(dtype)), &bytes);
  if (!fits)
    raise(ErrorKind::Memory, "expected an array of less than 2^63 bytes, got "
                             "the shape " +
                                 shapeText(dims));
  return count;
}

namespace {

bool sameDims(const Value &a, const Value &b) {
  Span<const int64_t> x = a.dims(), y = b.dims();
  return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(int64_t)) == 0;
}

bool allWeak(Span<const Value> operands) {
  for (const Value &v : operands)
    if (!v.isWeak())
      return false;
  return !operands.empty();
}

[[noreturn]] void raiseInference(const OpInfo &info, const InferError &error) {
  constexpr ErrorKind kinds[] = {ErrorKind::Value, ErrorKind::Type, ErrorKind::Index};
  const char *function = currentFunction();
  if (!*function)
    function = *info.publicName ? info.publicName : info.name;
  throw Error(kinds[error.kind], function, error.text, threadState.location);
}

/// What inference works on, kept so that recording allocates nothing but nodes.
struct Scratch {
  SizeArena sizes;
  std::vector<TensorType> operands, results;
  std::vector<int64_t> attrs;
  InferError error;

  void set(Span<const Value> values, Span<const int64_t> words) {
    operands.resize(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      operands[i].dtype = values[i].dtype();
      operands[i].dims.clear();
      for (int64_t dim : values[i].dims())
        operands[i].dims.push_back(Size::constant(dim));
    }
    attrs.assign(words.begin(), words.end());
    results.clear();
  }
};

Scratch &scratch() {
  static thread_local std::unique_ptr<Scratch> instance;
  if (!instance)
    instance = std::make_unique<Scratch>();
  return *instance;
}

Value buildNode(Op op, Span<const Value> operands, Span<const int64_t> attrs, Span<const RegionRef> regions,
                Span<const TensorType> results) {
  NodeShape shape;
  shape.results = static_cast<unsigned>(results.size());
  shape.operands = static_cast<unsigned>(operands.size());
  shape.regions = static_cast<unsigned>(regions.size());
  shape.attrs = static_cast<unsigned>(attrs.size());
  for (const TensorType &type : results)
    shape.dims += static_cast<unsigned>(type.dims.size());
  NodeBuilder builder(NodeKind::Op, static_cast<uint16_t>(op), shape);
  for (const Value &v : operands)
    builder.operand(v);
  for (const RegionRef &region : regions)
    builder.region(region);
  builder.attrs(attrs);
  bool weak = allWeak(operands);
  uint64_t bytes = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    const TensorType &type = results[i];
    builder.beginResult(type.dtype, static_cast<unsigned>(type.dims.size()), weak);
    for (Size dim : type.dims)
      builder.dim(dim.value());
    bytes += static_cast<uint64_t>(checkedSize(type.dtype, builder->dims(unsigned(i)))) * itemSize(type.dtype);
  }
  return finishNode(builder, bytes);
}

Value recordInferred(Op op, Span<const Value> operands, Span<const int64_t> attrs) {
  const OpInfo &info = opInfo(op);
  Scratch &s = scratch();
  s.set(operands, attrs);
  s.error = InferError();
  if (!info.infer(s.sizes, s.operands, s.attrs, s.results, s.error))
    raiseInference(info, s.error);
  return buildNode(op, operands, attrs, {}, s.results);
}

// Result dtype + 1 of elementwise ops without attributes, by the dtypes of one or two operands; 0 is not known yet.
// Filled by inference itself, so nothing is said twice.
constexpr unsigned kMaxFastOps = 256;
std::atomic<uint8_t> fastResults[kMaxFastOps][kNumDTypes][kNumDTypes];

} // namespace

Value recordKnown(Op op, Span<const Value> operands, Span<const int64_t> attrs, DType dtype, Span<const int64_t> dims,
                  bool weak) {
  NodeShape shape;
  shape.operands = static_cast<unsigned>(operands.size());
  shape.attrs = static_cast<unsigned>(attrs.size());
  shape.dims = static_cast<unsigned>(dims.size());
  NodeBuilder builder(NodeKind::Op, static_cast<uint16_t>(op), shape);
  for (const Value &v : operands)
    builder.operand(v);
  builder.attrs(attrs);
  builder.result(dtype, dims, weak);
  uint64_t bytes = itemSize(dtype);
  for (int64_t dim : dims)
    bytes *= static_cast<uint64_t>(dim);
  return finishNode(builder, bytes);
}

Value record(Op op, Span<const Value> operands, Span<const int64_t> attrs) {
  const OpInfo &info = opInfo(op);
  size_t count = operands.size();
  bool isFast = info.isElementwise && attrs.empty() && count - 1 < 2 && info.id < kMaxFastOps &&
                (count == 1 || sameDims(operands[0], operands[1]));
  if (!isFast)
    return recordInferred(op, operands, attrs);
  const Value &x = operands[0];
  std::atomic<uint8_t> &known =
      fastResults[info.id][static_cast<unsigned>(x.dtype())][static_cast<unsigned>(operands[count - 1].dtype())];
  uint8_t dtype = known.load(std::memory_order_relaxed);
  if (dtype)
    return recordKnown(op, operands, attrs, static_cast<DType>(dtype - 1), x.dims(), allWeak(operands));
  Value result = recordInferred(op, operands, attrs);
  known.store(static_cast<uint8_t>(result.dtype()) + 1, std::memory_order_relaxed);
  return result;
}

Value recordRegion(Op op, Span<const Value> operands, Span<const int64_t> attrs, Span<const RegionRef> regions) {
  const Trace &body = regions[0]->trace();
  std::vector<TensorType> results;
  for (ValueId output : body.outputs)
    results.push_back(body.typeOf(output));
  return buildNode(op, operands, attrs, regions, results);
}

} // namespace mlxir
