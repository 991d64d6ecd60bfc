// Writes a function as a trace: inputs, nodes in order, outputs. Nothing here names an op.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Export.h"

#include "compiler/Diagnostics.h"
#include "compiler/Words.h"
#include "dialect/AttributeNames.h"
#include "dialect/Attributes.h"
#include "dialect/Words.h"

using namespace mlir;
using namespace mlxir;

std::vector<SizeGuard> mlxir::collectGuards(func::FuncOp function) {
  SizesLock arena(function.getContext());
  std::vector<SizeGuard> guards;
  auto add = [&](const SizeGuard &guard) {
    for (const SizeGuard &known : guards)
      if (known.kind == guard.kind && known.a == guard.a && known.b == guard.b)
        return;
    guards.push_back(guard);
  };
  if (auto stated = function->getAttrOfType<ArrayAttr>(kGuardsAttr))
    for (Attribute attribute : stated) {
      ArrayRef<Size> words = cast<SizesAttr>(attribute).getValues();
      add({static_cast<decltype(SizeGuard::kind)>(words[0].value()), words[1], words[2]});
    }
  for (const SizeGuard &guard : arena->guards())
    add(guard);
  return guards;
}

namespace {

class BodyExporter {
public:
  BodyExporter(const SizeArena &arena, Trace &trace) : trace(trace), translate(arena, trace.sizes) {
    trace.locations.resize(1);
  }

  LogicalResult run(Block &block) {
    for (BlockArgument argument : block.getArguments()) {
      TraceInput input;
      input.type = translate(toTensorType(argument.getType()));
      trace.inputs.push_back(std::move(input));
      number(argument);
    }
    for (Operation &op : block.without_terminator())
      if (failed(addNode(&op)))
        return failure();
    for (Value output : block.getTerminator()->getOperands())
      trace.outputs.push_back(numbers.lookup(output));
    return success();
  }

  void addGuard(const SizeGuard &guard) {
    trace.guards.push_back({guard.kind, translate(guard.a), translate(guard.b)});
  }

private:
  void number(Value value) { numbers.try_emplace(value, static_cast<ValueId>(numbers.size())); }

  LogicalResult addNode(Operation *op) {
    const OpInfo *info = getOpInfo(op);
    if (!info)
      return op->emitError("expected an op that a trace can hold");
    TraceNode node;
    node.op = info->id;
    node.location = locationOf(op);
    for (Value operand : op->getOperands())
      node.operands.push_back(numbers.lookup(operand));
    SmallVector<int64_t> words;
    if (info->hasRegion)
      getRegionOpWords(op, *info, trace.names, words);
    else
      getAttrWords(op, words);
    translate.translate(*info, words);
    node.attrs.assign(words.begin(), words.end());
    for (Value result : op->getResults()) {
      node.types.push_back(translate(toTensorType(result.getType())));
      number(result);
    }
    for (Region &region : op->getRegions())
      if (failed(addRegion(region, node)))
        return failure();
    trace.nodes.push_back(std::move(node));
    return success();
  }

  LogicalResult addRegion(Region &region, TraceNode &node) {
    node.regions.push_back(static_cast<uint32_t>(trace.regions.size()));
    trace.regions.push_back(std::make_unique<Trace>());
    Trace &body = *trace.regions.back();
    body.numSymbols = trace.numSymbols;
    body.sample = trace.sample;
    SizesLock arena(region.getContext());
    return BodyExporter(*arena, body).run(region.front());
  }

  uint32_t locationOf(Operation *op) {
    std::optional<uint32_t> node = getTraceNode(op->getLoc());
    if (!node)
      return 0;
    auto [it, isNew] = locations.try_emplace(*node, static_cast<uint32_t>(trace.locations.size()));
    if (isNew)
      trace.locations.push_back({"", *node});
    return it->second;
  }

  Trace &trace;
  SizeTranslation translate;
  DenseMap<Value, ValueId> numbers;
  DenseMap<uint32_t, uint32_t> locations;
};

} // namespace

LogicalResult mlxir::exportTrace(func::FuncOp function, Trace &trace) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("expected a function of one block");
  if (auto symbols = function->getAttrOfType<DenseI64ArrayAttr>(kSymbolsAttr))
    trace.sample.assign(symbols.asArrayRef().begin(), symbols.asArrayRef().end());
  trace.numSymbols = static_cast<uint32_t>(trace.sample.size());

  SizesLock arena(function.getContext());
  BodyExporter exporter(*arena, trace);
  if (failed(exporter.run(function.getBody().front())))
    return failure();
  for (const SizeGuard &guard : collectGuards(function))
    exporter.addGuard(guard);
  for (auto [i, input] : llvm::enumerate(trace.inputs)) {
    if (function.getArgAttr(i, kLiteralAttr))
      input.kind = InputKind::Literal;
    if (auto residual = function.getArgAttrOfType<IntegerAttr>(i, kResidualAttr))
      input.residual = static_cast<ValueId>(residual.getInt());
  }
  return success();
}
