// The trace: the one form in which a recorded computation meets the compiler (D1). Flat, versioned, bounds-checked,
// free of MLIR. docs/rfcs/0002-trace-and-calls.md is its specification.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/OpTable.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mlxir {

inline constexpr uint32_t kTraceVersion = 1;

/// A value of a trace: inputs come first, then the results of the nodes in order.
using ValueId = uint32_t;

enum class InputKind : uint8_t {
  Array,   // a buffer
  Literal, // a Python scalar of rank 0, passed by value at run time (D6)
};

struct TraceInput {
  InputKind kind = InputKind::Array;
  TensorType type;
  /// Trace input of a transform result: which value of the transformed trace it is (a residual), or kNotResidual
  /// for a cotangent, tangent or batched argument.
  ValueId residual = kNotResidual;
  static constexpr ValueId kNotResidual = 0xffffffffu;
};

struct TraceNode {
  uint16_t op = 0;
  uint32_t location = 0; // index into Trace::locations; 0 is unknown
  std::vector<ValueId> operands;
  std::vector<int64_t> attrs;    // by the op's AttrInfo schema
  std::vector<TensorType> types; // of the results
  std::vector<uint32_t> regions; // indices into Trace::regions
};

struct TraceLocation {
  std::string file;
  uint32_t line = 0;
};

/// A region is a trace of its own whose symbols are those of the trace around it.
struct Trace {
  SizeArena sizes;               // expressions used by dims and size attributes
  uint32_t numSymbols = 0;       // run-time sizes; 0 for a trace with constant sizes
  std::vector<int64_t> sample;   // value of each symbol when it was recorded
  std::vector<SizeGuard> guards; // what the sizes below rely on: a transform's result holds only where these do
  std::vector<TraceInput> inputs;
  std::vector<TraceNode> nodes;
  std::vector<ValueId> outputs;
  std::vector<std::string> names; // strings that region ops refer to (a composite's name)
  std::vector<std::unique_ptr<Trace>> regions;
  std::vector<TraceLocation> locations; // [0] is "unknown"; outside every key

  const TensorType &typeOf(ValueId value) const;
  /// The types of all values in order, for who walks the whole trace.
  std::vector<const TensorType *> valueTypes() const;
};

/// Where one attribute lies in a node's attribute words: the words of its value, without a list's length.
struct AttrSpan {
  AttrKind kind;
  size_t begin, size;
};
/// Cuts `words` by the schema of `op`. False if they do not fit it exactly.
bool splitAttrs(const OpInfo &op, const std::vector<int64_t> &words, std::vector<AttrSpan> &spans);

/// Visits the leaves of a trace (docs/rfcs/0001): the dims of its inputs, then the size attributes of its nodes, those
/// of a node's regions before the next node. `visit` takes a Size & and may change it.
template <typename Visit> void forEachLeaf(Trace &trace, Visit &&visit);

/// Appends the flat form of `trace`.
void writeTrace(const Trace &trace, std::vector<uint8_t> &out);

/// Reads a flat trace. Every count is compared with the bytes that remain before memory is taken, every id with
/// what was defined before it; regions nest at most 64 deep. Returns null with `error` set on any defect.
std::unique_ptr<Trace> readTrace(const uint8_t *data, size_t size, std::string &error);

/// Visits the size attributes of one node; not those of its regions.
template <typename Visit> void forEachSizeAttr(TraceNode &node, Visit &&visit) {
  std::vector<AttrSpan> spans;
  if (!splitAttrs(opTable()[node.op], node.attrs, spans))
    return;
  for (const AttrSpan &span : spans)
    for (size_t i = 0; i < span.size && (span.kind == AttrKind::Size || span.kind == AttrKind::SizeList); ++i) {
      Size size{node.attrs[span.begin + i]};
      visit(size);
      node.attrs[span.begin + i] = size.bits;
    }
}

template <typename Visit> void forEachAttrLeaf(Trace &trace, Visit &&visit) {
  for (TraceNode &node : trace.nodes) {
    forEachSizeAttr(node, visit);
    for (uint32_t region : node.regions)
      forEachAttrLeaf(*trace.regions[region], visit);
  }
}

template <typename Visit> void forEachLeaf(Trace &trace, Visit &&visit) {
  for (TraceInput &input : trace.inputs)
    for (Size &dim : input.type.dims)
      visit(dim);
  forEachAttrLeaf(trace, visit);
}

} // namespace mlxir
