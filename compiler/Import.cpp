// Builds a function from a trace. Every type is inferred again from the inputs' types, so that what enters the compiler
// is consistent whatever the trace claims.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Import.h"

#include "compiler/Diagnostics.h"
#include "compiler/Words.h"
#include "dialect/AttributeNames.h"
#include "dialect/Attributes.h"
#include "dialect/Ops.h"
#include "dialect/Words.h"
#include "dialect/infer/Equalities.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace mlxir;

namespace {

/// Imports one trace body into a block; regions are bodies within it.
class BodyImporter {
public:
  /// `symbols` is what stands for the symbols of the trace.
  BodyImporter(MLIRContext *context, SizeArena &arena, const Trace &trace, ArrayRef<Size> symbols,
               std::optional<uint32_t> enclosingNode)
      : context(context), arena(arena), trace(trace), symbols(symbols), translate(trace.sizes, arena, symbols),
        enclosingNode(enclosingNode) {}

  /// Adds one argument per input. `types` are what the inputs really are; empty: what the trace says.
  LogicalResult addArguments(Block &block, ArrayRef<Type> types) {
    for (auto [i, input] : llvm::enumerate(trace.inputs)) {
      mlxir::TensorType stated = translate(input.type);
      Type type = types.empty() ? Type(fromTensorType(context, stated)) : types[i];
      if (!agree(toTensorType(type), stated))
        return emitError(UnknownLoc::get(context), "region does not fit its node");
      values.push_back(block.addArgument(type, UnknownLoc::get(context)));
    }
    return success();
  }

  LogicalResult addNodes(Block &block) {
    // A region's block is in no op yet that could tell the context.
    OpBuilder builder(context);
    builder.setInsertionPointToEnd(&block);
    for (auto [i, node] : llvm::enumerate(trace.nodes))
      if (failed(addNode(builder, node, enclosingNode.value_or(i))))
        return failure();
    return success();
  }

  SmallVector<Value> outputs() const {
    return llvm::map_to_vector(trace.outputs, [&](ValueId id) { return values[id]; });
  }

  /// Guards speak of the symbols themselves.
  void addGuards(SmallVectorImpl<Attribute> &guards) {
    SizeTranslation plain(trace.sizes, arena);
    for (const SizeGuard &guard : trace.guards)
      guards.push_back(
          SizesAttr::get(context, {Size::constant(static_cast<int64_t>(guard.kind)), plain(guard.a), plain(guard.b)}));
  }

private:
  /// A type that the trace states may be older than its symbols: it has to be right for the sample.
  bool agree(const mlxir::TensorType &actual, const mlxir::TensorType &stated) {
    if (actual.dtype != stated.dtype || actual.dims.size() != stated.dims.size())
      return false;
    for (auto [a, b] : llvm::zip_equal(actual.dims, stated.dims)) {
      int64_t x = 0, y = 0;
      if (a != b && !(arena.sampleValue(a, x) && arena.sampleValue(b, y) && x == y))
        return false;
    }
    return true;
  }

  LogicalResult addNode(OpBuilder &builder, const TraceNode &node, uint32_t number) {
    const OpInfo &info = opTable()[node.op];
    const TraceLocation *where = node.location < trace.locations.size() ? &trace.locations[node.location] : nullptr;
    Location loc = getTraceLocation(context, where ? where->file : "", where ? where->line : 0, number);

    SmallVector<Value> operands = llvm::map_to_vector(node.operands, [&](ValueId id) { return values[id]; });
    SmallVector<int64_t> words(node.attrs.begin(), node.attrs.end());
    translate.translate(info, words);
    Operation *op = info.hasRegion ? addRegionOp(builder, loc, node, operands, words, number)
                                   : addPlainOp(builder, loc, info, operands, words);
    if (!op)
      return failure();
    if (op->getNumResults() != node.types.size())
      return emitError(loc) << info.name << ": expected " << op->getNumResults() << " results, got "
                            << node.types.size();
    for (auto [result, stated] : llvm::zip_equal(op->getResults(), node.types)) {
      if (!agree(toTensorType(result.getType()), translate(stated)))
        return emitError(loc) << info.name << ": expected a result of type " << result.getType() << ", got "
                              << fromTensorType(context, translate(stated));
      values.push_back(result);
    }
    return success();
  }

  Operation *addPlainOp(OpBuilder &builder, Location loc, const OpInfo &info, ValueRange operands,
                        ArrayRef<int64_t> words) {
    Block &block = *builder.getInsertionBlock();
    Operation *before = block.empty() ? nullptr : &block.back();
    InferError error;
    Operation *op = createOp(builder, loc, info, operands, words, error);
    if (!op) {
      emitError(loc) << info.name << ": " << error.text;
      return nullptr;
    }
    // What brings operands to one type is no node of the trace.
    for (Operation *inserted = before ? before->getNextNode() : &block.front(); inserted != op;
         inserted = inserted->getNextNode())
      inserted->setAttr(kInsertedAttr, builder.getUnitAttr());
    return op;
  }

  Operation *addRegionOp(OpBuilder &builder, Location loc, const TraceNode &node, ValueRange operands,
                         ArrayRef<int64_t> words, uint32_t number) {
    const OpInfo &info = opTable()[node.op];
    OperationState state(loc, (Twine("mlxir.") + info.name).str());
    state.addOperands(operands);
    if (!getRegionOpAttributes(context, info, words, trace.names, state.attributes)) {
      emitError(loc) << info.name << ": attribute names no string of the trace";
      return nullptr;
    }
    return succeeded(addRegions(state, node, number)) ? builder.create(state) : nullptr;
  }

  /// The first region computes the results. A rule's arguments are the operands, then something of the type of each
  /// result (cotangents, it yields as many values as there are operands) or of each operand (tangents).
  LogicalResult addRegions(OperationState &state, const TraceNode &node, uint32_t number) {
    SmallVector<Type> operandTypes(ValueRange(state.operands).getTypes());
    for (auto [i, index] : llvm::enumerate(node.regions)) {
      const Trace &body = *trace.regions[index];
      SmallVector<Type> types = operandTypes;
      if (i > 0) {
        bool isVjp = body.inputs.size() == operandTypes.size() + state.types.size() &&
                     body.outputs.size() == operandTypes.size();
        llvm::append_range(types, isVjp ? ArrayRef<Type>(state.types) : ArrayRef<Type>(operandTypes));
      }
      if (types.size() != body.inputs.size())
        return emitError(state.location, "region does not fit its node");
      BodyImporter inner(context, arena, body, symbols, number);
      Block &block = state.addRegion()->emplaceBlock();
      if (failed(inner.addArguments(block, types)) || failed(inner.addNodes(block)))
        return failure();
      OpBuilder builder(context);
      builder.setInsertionPointToEnd(&block);
      SmallVector<Value> yielded = inner.outputs();
      YieldOp::create(builder, state.location, yielded);
      if (i == 0)
        llvm::append_range(state.types, ValueRange(yielded).getTypes());
    }
    return success();
  }

  MLIRContext *context;
  SizeArena &arena;
  const Trace &trace;
  ArrayRef<Size> symbols;
  SizeTranslation translate;
  std::optional<uint32_t> enclosingNode;
  SmallVector<Value> values;
};

} // namespace

static void addArgAttrs(func::FuncOp function, const Trace &trace) {
  Builder b(function.getContext());
  for (auto [i, input] : llvm::enumerate(trace.inputs)) {
    if (input.kind == InputKind::Literal)
      function.setArgAttr(i, kLiteralAttr, b.getUnitAttr());
    if (input.residual != TraceInput::kNotResidual)
      function.setArgAttr(i, kResidualAttr, b.getI64IntegerAttr(input.residual));
  }
}

OwningOpRef<ModuleOp> mlxir::importTrace(MLIRContext *context, const Trace &trace, StringRef name) {
  context->loadDialect<MlxirDialect, func::FuncDialect>();
  SizesLock arena(context);
  arena->setSample(trace.sample);

  Location loc = UnknownLoc::get(context);
  OpBuilder builder(context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, loc, name, builder.getFunctionType({}, {}));
  Block &block = *function.addEntryBlock();

  SizeTranslation plain(trace.sizes, *arena);
  std::vector<SizeGuard> known;
  for (const SizeGuard &guard : trace.guards)
    known.push_back({guard.kind, plain(guard.a), plain(guard.b)});
  std::vector<Size> symbols = solveEqualities(*arena, known, trace.numSymbols);
  BodyImporter importer(context, *arena, trace, symbols, std::nullopt);
  if (failed(importer.addArguments(block, {})) || failed(importer.addNodes(block)))
    return nullptr;
  SmallVector<Value> outputs = importer.outputs();
  builder.setInsertionPointToEnd(&block);
  func::ReturnOp::create(builder, loc, outputs);
  function.setType(builder.getFunctionType(block.getArgumentTypes(), ValueRange(outputs).getTypes()));

  addArgAttrs(function, trace);
  if (trace.numSymbols)
    function->setAttr(kSymbolsAttr, builder.getDenseI64ArrayAttr(trace.sample));
  SmallVector<Attribute> guards;
  importer.addGuards(guards);
  if (!guards.empty())
    function->setAttr(kGuardsAttr, builder.getArrayAttr(guards));
  if (failed(verify(*module)))
    return nullptr;
  return module;
}
