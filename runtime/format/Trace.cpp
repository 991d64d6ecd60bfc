// Writes a trace flat and reads one back, trusting nothing: docs/rfcs/0002-trace-and-calls.md gives the fields.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/format/Trace.h"

#include "runtime/format/Container.h"
#include "runtime/format/SizeForm.h"

namespace mlxir {

const TensorType &Trace::typeOf(ValueId value) const {
  if (value < inputs.size())
    return inputs[value].type;
  size_t result = value - inputs.size();
  for (const TraceNode &node : nodes) {
    if (result < node.types.size())
      return node.types[result];
    result -= node.types.size();
  }
  static const TensorType none;
  return none;
}

std::vector<const TensorType *> Trace::valueTypes() const {
  std::vector<const TensorType *> types;
  types.reserve(inputs.size() + nodes.size());
  for (const TraceInput &input : inputs)
    types.push_back(&input.type);
  for (const TraceNode &node : nodes)
    for (const TensorType &type : node.types)
      types.push_back(&type);
  return types;
}

bool splitAttrs(const OpInfo &op, const std::vector<int64_t> &words, std::vector<AttrSpan> &spans) {
  spans.clear();
  size_t at = 0;
  for (unsigned i = 0; i < op.numAttrs; ++i) {
    AttrKind kind = op.attrs[i].kind;
    if (at >= words.size())
      return false;
    size_t size = 1;
    if (kind == AttrKind::IntList || kind == AttrKind::SizeList) {
      int64_t length = words[at++];
      if (length < 0 || static_cast<uint64_t>(length) > words.size() - at)
        return false;
      size = static_cast<size_t>(length);
    }
    spans.push_back({kind, at, size});
    at += size;
  }
  return at == words.size();
}

namespace {

void writeBody(Writer &writer, const Trace &trace) {
  writer.words(trace.sample);
  writeSizes(writer, trace.sizes);
  writeGuards(writer, trace.guards);
  writer.count(trace.names.size());
  for (const std::string &name : trace.names)
    writer.string(name);
  writer.count(trace.locations.size());
  for (const TraceLocation &location : trace.locations) {
    writer.string(location.file);
    writer.u32(location.line);
  }
  writer.count(trace.inputs.size());
  for (const TraceInput &input : trace.inputs) {
    writer.enumerator(input.kind);
    writeType(writer, input.type);
    writer.u32(input.residual);
  }
  writer.count(trace.nodes.size());
  for (const TraceNode &node : trace.nodes) {
    writer.u16(node.op);
    writer.u32(node.location);
    writer.count(node.operands.size());
    for (ValueId operand : node.operands)
      writer.u32(operand);
    writer.words(node.attrs);
    writer.count(node.types.size());
    for (const TensorType &type : node.types)
      writeType(writer, type);
    writer.count(node.regions.size());
    for (uint32_t region : node.regions)
      writer.u32(region);
  }
  writer.count(trace.outputs.size());
  for (ValueId output : trace.outputs)
    writer.u32(output);
  writer.count(trace.regions.size());
  for (const std::unique_ptr<Trace> &region : trace.regions)
    writeBody(writer, *region);
}

/// Reads the payload of one trace, and of its regions within it.
class TraceReader {
public:
  TraceReader(Reader &reader, Trace &trace) : reader(reader), trace(trace) {}

  void readBody(const Trace *enclosing) {
    Reader::Nested nested(reader);
    readSymbols(enclosing);
    readTables();
    readInputs();
    for (uint32_t n = reader.count(kNodeBytes); n && reader.ok(); --n)
      readNode();
    for (uint32_t n = reader.count(4); n && reader.ok(); --n)
      trace.outputs.push_back(readValue());
    for (uint32_t n = reader.count(kBodyBytes); n && reader.ok(); --n) {
      trace.regions.push_back(std::make_unique<Trace>());
      TraceReader(reader, *trace.regions.back()).readBody(&trace);
    }
    for (const TraceNode &node : trace.nodes)
      checkRegions(node);
  }

private:
  // The fewest bytes that each record can take.
  static constexpr size_t kTypeBytes = 2, kInputBytes = 5 + kTypeBytes, kNodeBytes = 22, kBodyBytes = 36;

  void readSymbols(const Trace *enclosing) {
    trace.sample = reader.words();
    trace.numSymbols = static_cast<uint32_t>(trace.sample.size());
    for (int64_t value : trace.sample)
      reader.require(value >= 2, "symbol stands for a size below 2");
    reader.require(!enclosing || enclosing->sample == trace.sample, "region has other symbols than its trace");
    trace.sizes = readSizes(reader, trace.numSymbols);
    trace.sizes.setSample(trace.sample);
    numExprs = trace.sizes.nodes().size();
    trace.guards = readGuards(reader, numExprs);
  }

  void readTables() {
    for (uint32_t n = reader.count(4); n && reader.ok(); --n)
      trace.names.push_back(reader.string());
    for (uint32_t n = reader.count(8); n && reader.ok(); --n) {
      std::string file = reader.string();
      trace.locations.push_back({std::move(file), reader.u32()});
    }
  }

  void readInputs() {
    for (uint32_t n = reader.count(kInputBytes); n && reader.ok(); --n) {
      TraceInput input;
      input.kind = reader.enumerator(InputKind::Literal);
      input.type = readType(reader, numExprs);
      input.residual = reader.u32();
      reader.require(input.kind == InputKind::Array || input.type.dims.empty(), "literal with dims");
      trace.inputs.push_back(std::move(input));
    }
    numValues = trace.inputs.size();
  }

  ValueId readValue() {
    ValueId value = reader.u32();
    reader.require(value < numValues, "value used before it is defined");
    return value;
  }

  void readNode() {
    TraceNode node;
    node.op = reader.u16();
    if (!reader.require(node.op < opTableSize(), "unknown op"))
      return;
    const OpInfo &op = opTable()[node.op];
    node.location = reader.u32();
    reader.require(node.location == 0 || node.location < trace.locations.size(), "unknown location");
    for (uint32_t n = reader.count(4); n && reader.ok(); --n)
      node.operands.push_back(readValue());
    reader.require(op.numOperands < 0 || node.operands.size() == static_cast<size_t>(op.numOperands),
                   "wrong number of operands");
    node.attrs = reader.words();
    checkAttrs(op, node.attrs);
    uint32_t numTypes = reader.count(kTypeBytes);
    reader.require(op.numResults == 0 || numTypes == op.numResults, "wrong number of results");
    for (; numTypes && reader.ok(); --numTypes)
      node.types.push_back(readType(reader, numExprs));
    for (uint32_t n = reader.count(4); n && reader.ok(); --n)
      node.regions.push_back(reader.u32());
    reader.require(op.hasRegion == !node.regions.empty(), "wrong number of regions");
    numValues += node.types.size();
    reader.require(numValues < TraceInput::kNotResidual, "too many values");
    trace.nodes.push_back(std::move(node));
  }

  void checkAttrs(const OpInfo &op, const std::vector<int64_t> &words) {
    if (!reader.require(splitAttrs(op, words, spans), "attributes do not fit the op"))
      return;
    for (const AttrSpan &span : spans)
      for (size_t i = 0; i < span.size; ++i)
        reader.require(isValid(span.kind, words[span.begin + i]), "attribute out of range");
  }

  bool isValid(AttrKind kind, int64_t word) const {
    switch (kind) {
    case AttrKind::Bool:
      return word == 0 || word == 1;
    case AttrKind::DType:
      return word >= 0 && word < static_cast<int64_t>(kNumDTypes);
    case AttrKind::Size:
    case AttrKind::SizeList:
      return isSize(word, numExprs);
    case AttrKind::Int:
    case AttrKind::Double:
    case AttrKind::IntList:
      return true;
    }
    return false;
  }

  /// The first region is what the node computes.
  void checkRegions(const TraceNode &node) {
    if (!reader.ok() || node.regions.empty())
      return;
    for (uint32_t region : node.regions)
      if (!reader.require(region < trace.regions.size(), "unknown region"))
        return;
    const Trace &body = *trace.regions[node.regions[0]];
    reader.require(body.inputs.size() == node.operands.size() && body.outputs.size() == node.types.size(),
                   "region does not fit its node");
  }

  Reader &reader;
  Trace &trace;
  size_t numExprs = 0, numValues = 0;
  std::vector<AttrSpan> spans;
};

} // namespace

void writeTrace(const Trace &trace, std::vector<uint8_t> &out) {
  std::vector<uint8_t> payload;
  Writer writer(payload);
  writeBody(writer, trace);
  writeContainer({kTraceMagic, kTraceVersion, opTableHash()}, payload, out);
}

std::unique_ptr<Trace> readTrace(const uint8_t *data, size_t size, std::string &error) {
  Reader reader;
  if (!openContainer({kTraceMagic, kTraceVersion, opTableHash()}, data, size, reader, error))
    return nullptr;
  auto trace = std::make_unique<Trace>();
  TraceReader(reader, *trace).readBody(nullptr);
  if (reader.finish())
    return trace;
  error = "trace: " + reader.error();
  return nullptr;
}

} // namespace mlxir
