// The structure text of a region, from its trace.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/array/Region.h"

#include "runtime/format/Trace.h"
#include "runtime/record/Structure.h"

namespace mlxir {
namespace {

const char *traceName(void *context, int64_t number) {
  return static_cast<const Trace *>(context)->names[static_cast<size_t>(number)].c_str();
}

void appendText(const Trace &trace, std::vector<uint32_t> &out, std::vector<int64_t> &sizes) {
  StructureText text(out, sizes);
  text.word(static_cast<uint32_t>(trace.inputs.size()));
  for (const TraceInput &input : trace.inputs)
    text.word(uint32_t(input.kind) << 16 | uint32_t(input.type.dtype) << 8 |
              static_cast<uint32_t>(input.type.dims.size()));
  text.word(static_cast<uint32_t>(trace.nodes.size()));
  for (const TraceNode &node : trace.nodes) {
    text.word(node.op);
    text.word(static_cast<uint32_t>(node.operands.size()));
    for (ValueId id : node.operands)
      text.word(id);
    text.attrs(opTable()[node.op], node.attrs, traceName, const_cast<Trace *>(&trace));
    for (uint32_t region : node.regions)
      appendText(*trace.regions[region], out, sizes);
  }
  text.word(static_cast<uint32_t>(trace.outputs.size()));
  for (ValueId id : trace.outputs)
    text.word(id);
}

} // namespace

Region::Region(std::unique_ptr<Trace> trace) : body(std::move(trace)) { appendText(*body, structure, sizes); }

Region::~Region() = default;

Ref<Region> Region::make(std::unique_ptr<Trace> trace) { return Ref<Region>::adopt(new Region(std::move(trace))); }

} // namespace mlxir
