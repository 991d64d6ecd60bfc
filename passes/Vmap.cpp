// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batching: ops are visited in order. One without a batched operand is copied; another is asked for the op that does
// the same to each element of the batch.

#include "passes/Vmap.h"

#include "dialect/AttributeNames.h"
#include "dialect/Expr.h"
#include "passes/Derivative.h"

#include "mlir/IR/IRMapping.h"

namespace mlxir {
#define GEN_PASS_DEF_VMAP
#include "passes/Vmap.h.inc"
} // namespace mlxir

using namespace mlir;
using namespace mlxir;

namespace {

struct Mapped {
  Value value;
  bool batched = false;
};

/// Maps the ops of one block; bodies of composites are mapped into the same place, or as regions.
class Batcher {
public:
  Batcher(OpBuilder &builder, Size size) : builder(builder), size(size) {}

  void map(Value original, Mapped to) { mapped[original] = to; }
  Mapped lookUp(Value original) const { return mapped.lookup(original); }

  LogicalResult run(Block &block) {
    for (Operation &op : block.without_terminator())
      if (failed(visit(&op)))
        return failure();
    return success();
  }

  /// The value as a rule's signature wants it.
  Value adapt(Mapped value, bool batched, Location loc) {
    if (value.batched == batched)
      return value.value;
    if (batched)
      return rules::broadcastToBatch(builder, loc, value.value, size);
    // Each element of the batch contributes to the one gradient.
    return SumOp::create(builder, loc, value.value, ArrayRef<int64_t>{0});
  }

private:
  LogicalResult visit(Operation *op) {
    SmallVector<Value> operands;
    SmallVector<bool> batched;
    for (Value operand : op->getOperands()) {
      operands.push_back(lookUp(operand).value);
      batched.push_back(lookUp(operand).batched);
    }
    if (!llvm::is_contained(batched, true))
      return copy(op, operands);
    if (auto composite = dyn_cast<CompositeOp>(op))
      return composite.getRules().empty() ? inlineMapped(composite) : mapComposite(composite, operands, batched);
    auto rule = dyn_cast<BatchableOpInterface>(op);
    if (!rule)
      return op->emitError("op '") << op->getName() << "' has no vmap rule";
    SmallVector<Value> results;
    if (failed(rule.vmap(builder, operands, batched, size, results)))
      return failure();
    for (auto [original, result] : llvm::zip_equal(op->getResults(), results)) {
      Type expected = rules::batchedType(original.getType(), size);
      map(original, {rules::withType(builder, op->getLoc(), result, expected), true});
    }
    return success();
  }

  LogicalResult copy(Operation *op, ArrayRef<Value> operands) {
    IRMapping mapping;
    mapping.map(op->getOperands(), operands);
    Operation *same = builder.clone(*op, mapping);
    for (auto [original, result] : llvm::zip_equal(op->getResults(), same->getResults()))
      map(original, {result, false});
    return success();
  }

  LogicalResult inlineMapped(CompositeOp composite) {
    Block &body = composite->getRegion(0).front();
    for (auto [argument, operand] : llvm::zip_equal(body.getArguments(), composite->getOperands()))
      map(argument, lookUp(operand));
    if (failed(run(body)))
      return failure();
    for (auto [result, yielded] : llvm::zip_equal(composite->getResults(), body.getTerminator()->getOperands()))
      map(result, lookUp(yielded));
    return success();
  }

  /// A composite whose results are all batched, and whose rules take and yield what belongs to that.
  LogicalResult mapComposite(CompositeOp composite, ArrayRef<Value> operands, ArrayRef<bool> batched) {
    OperationState state(composite.getLoc(), composite->getName());
    state.addOperands(operands);
    for (Value result : composite->getResults())
      state.addTypes(rules::batchedType(result.getType(), size));
    state.addAttributes(composite->getAttrs());
    SmallVector<bool> allBatched(composite->getNumResults(), true);
    for (auto [i, region] : llvm::enumerate(composite->getRegions())) {
      bool isVjp = i > 0 && composite.getRules()[i - 1] == CompositeOp::kVjpRule;
      bool isJvp = i > 0 && !isVjp;
      SmallVector<bool> arguments(batched), results = isVjp ? SmallVector<bool>(batched) : allBatched;
      llvm::append_range(arguments, isVjp ? ArrayRef<bool>(allBatched) : isJvp ? batched : ArrayRef<bool>());
      if (failed(mapRegion(region, *state.addRegion(), arguments, results)))
        return failure();
    }
    auto made = cast<CompositeOp>(builder.create(state));
    // What a target knows by that name has no batch dim.
    made.setFunction(("vmap(" + composite.getFunction() + ")").str());
    for (auto [original, result] : llvm::zip_equal(composite->getResults(), made->getResults()))
      map(original, {result, true});
    return success();
  }

  LogicalResult mapRegion(Region &from, Region &to, ArrayRef<bool> arguments, ArrayRef<bool> results) {
    Block &block = to.emplaceBlock();
    OpBuilder inside(builder.getContext()); // the block is in no op yet
    inside.setInsertionPointToEnd(&block);
    Batcher inner(inside, size);
    for (auto [argument, isBatched] : llvm::zip_equal(from.front().getArguments(), arguments)) {
      Type type = isBatched ? rules::batchedType(argument.getType(), size) : argument.getType();
      inner.map(argument, {block.addArgument(type, argument.getLoc()), isBatched});
    }
    if (failed(inner.run(from.front())))
      return failure();
    Operation *yield = from.front().getTerminator();
    SmallVector<Value> yielded;
    for (auto [value, isBatched] : llvm::zip_equal(yield->getOperands(), results))
      yielded.push_back(inner.adapt(inner.lookUp(value), isBatched, yield->getLoc()));
    YieldOp::create(inside, yield->getLoc(), yielded);
    return success();
  }

  OpBuilder &builder;
  Size size;
  DenseMap<Value, Mapped> mapped;
};

} // namespace

FailureOr<func::FuncOp> mlxir::buildVmap(func::FuncOp function, ArrayRef<bool> batched, Size size) {
  OpBuilder builder(function.getContext());
  builder.setInsertionPointAfter(function);
  auto result = cast<func::FuncOp>(builder.cloneWithoutRegions(*function));
  result.setName((function.getName() + "_vmap").str());
  Block &block = result.getBody().emplaceBlock();
  builder.setInsertionPointToEnd(&block);

  Batcher batcher(builder, size);
  for (auto [argument, isBatched] : llvm::zip_equal(function.getArguments(), batched)) {
    Type type = isBatched ? rules::batchedType(argument.getType(), size) : argument.getType();
    batcher.map(argument, {block.addArgument(type, argument.getLoc()), isBatched});
  }
  if (failed(batcher.run(function.getBody().front()))) {
    result.erase();
    return failure();
  }
  SmallVector<Value> outputs;
  SmallVector<int64_t> flags;
  for (Value output : function.getBody().front().getTerminator()->getOperands()) {
    outputs.push_back(batcher.lookUp(output).value);
    flags.push_back(batcher.lookUp(output).batched);
  }
  func::ReturnOp::create(builder, function.getLoc(), outputs);
  result.setType(builder.getFunctionType(block.getArgumentTypes(), ValueRange(outputs).getTypes()));
  result->setAttr(kBatchedAttr, builder.getDenseI64ArrayAttr(flags));
  // A number that varies over the batch is an array.
  for (auto [i, isBatched] : llvm::enumerate(batched))
    if (isBatched)
      result.removeArgAttr(i, kLiteralAttr);
  return result;
}

std::optional<Size> mlxir::parseBatchSize(MLIRContext *context, StringRef text) {
  uint32_t symbol;
  int64_t number;
  if (text.consume_front("s") && !text.getAsInteger(10, symbol))
    return SizesLock(context)->symbol(symbol);
  if (!text.getAsInteger(10, number) && number >= 0)
    return Size::constant(number);
  return std::nullopt;
}

namespace {
struct VmapPass : public mlxir::impl::VmapBase<VmapPass> {
  using VmapBase::VmapBase;
  void runOnOperation() override {
    func::FuncOp main = findFunction(getOperation(), function);
    if (!main)
      return signalPassFailure();
    SmallVector<bool> flags(main.getNumArguments(), batched.empty());
    for (auto [i, flag] : llvm::enumerate(batched))
      if (i < flags.size())
        flags[i] = flag != 0;
    std::optional<Size> batch = parseBatchSize(&getContext(), size);
    if (!batch || (!batched.empty() && batched.size() != flags.size())) {
      main.emitError("expected one 0 or 1 per argument and a size of the batch, got ")
          << batched.size() << " and '" << size << "'";
      return signalPassFailure();
    }
    if (failed(buildVmap(main, flags, *batch)))
      signalPassFailure();
  }
};
} // namespace
