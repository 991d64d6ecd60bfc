// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Derivative ops are built behind a copy of the function, where they may name any of its values. Then the copy is cut
// away: a value that is used becomes a residual argument, unless computing it again costs nothing.

#include "passes/Derivative.h"

#include "passes/Program.h"

#include "dialect/AttributeNames.h"
#include "dialect/Expr.h"
#include "passes/Decompose.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlxir;

Region *mlxir::findRule(CompositeOp composite, int64_t rule) {
  auto it = llvm::find(composite.getRules(), rule);
  return it == composite.getRules().end() ? nullptr : &composite->getRegion(it - composite.getRules().begin() + 1);
}

func::FuncOp mlxir::findFunction(ModuleOp module, StringRef name) {
  auto function = module.lookupSymbol<func::FuncOp>(name);
  auto all = module.getOps<func::FuncOp>();
  if (!function && name == "main" && llvm::hasSingleElement(all))
    function = *all.begin(); // there is no other to mean
  if (!function) {
    module.emitError("expected a function @") << name;
    return nullptr;
  }
  return succeeded(verifyProgram(function)) ? function : nullptr;
}

FailureOr<SmallVector<int64_t>> mlxir::choosePositions(func::FuncOp function, const char *what, TypeRange types,
                                                       ArrayRef<int64_t> chosen) {
  SmallVector<int64_t> positions(chosen);
  auto isFloat = [&](int64_t i) { return getTypeClass(types[i]) == TypeClass::Float; };
  // A number of the caller's is no variable (D6).
  bool areArguments = StringRef(what) == "argument";
  auto isLiteral = [&](int64_t i) { return areArguments && function.getArgAttr(i, kLiteralAttr); };
  if (chosen.empty())
    for (int64_t i = 0, e = types.size(); i < e; ++i)
      if (isFloat(i) && !isLiteral(i))
        positions.push_back(i);
  for (int64_t i : positions)
    if (i < 0 || i >= static_cast<int64_t>(types.size()) || !isFloat(i))
      return function.emitError("expected ") << what << "s of floats to differentiate, got number " << i;
  return positions;
}

//===----------------------------------------------------------------------===//
// The copy
//===----------------------------------------------------------------------===//

Derivative::Derivative(func::FuncOp original, StringRef suffix, int64_t rule)
    : builder(original.getContext()), numInputs(original.getNumArguments()) {
  builder.setInsertionPointAfter(original);
  function = cast<func::FuncOp>(builder.clone(*original));
  function.setName((original.getName() + suffix).str());
  inlineNumbered(rule);
  Operation *terminator = getBlock().getTerminator();
  llvm::append_range(outputs, terminator->getOperands());
  for (Operation &op : getBlock().without_terminator())
    forward.push_back(&op);
  builder.setInsertionPoint(terminator);
}

/// While composites are inlined, the terminator holds every numbered value: so a number goes to what takes the place of
/// a composite's result.
void Derivative::inlineNumbered(int64_t rule) {
  Block &block = getBlock();
  SmallVector<Value> values(block.getArguments());
  for (Operation &op : block.without_terminator())
    if (!op.hasAttr(kInsertedAttr))
      llvm::append_range(values, op.getResults());
  Operation *terminator = block.getTerminator();
  unsigned numOutputs = terminator->getNumOperands();
  terminator->insertOperands(numOutputs, values);
  inlineComposites(block, [&](CompositeOp composite) { return !findRule(composite, rule); });
  for (unsigned i = 0; i < values.size(); ++i)
    numbers.try_emplace(terminator->getOperand(numOutputs + i), i);
  terminator->eraseOperands(numOutputs, values.size());
}

void Derivative::activate(ArrayRef<int64_t> wrt) {
  for (int64_t i : wrt)
    active.insert(getInputs()[i]);
  for (Operation *op : forward)
    if (llvm::any_of(op->getOperands(), [&](Value operand) { return isActive(operand); }))
      for (Value result : op->getResults())
        if (rules::isFloatArray(result))
          active.insert(result);
}

Value Derivative::addArgument(Value value) { return getBlock().addArgument(value.getType(), function.getLoc()); }

//===----------------------------------------------------------------------===//
// The cut
//===----------------------------------------------------------------------===//

func::FuncOp Derivative::finish(ValueRange results) {
  Operation *terminator = getBlock().getTerminator();
  terminator->setOperands(results);
  SmallVector<DictionaryAttr> argAttrs = cut();
  function.removeResAttrsAttr();
  function.setType(builder.getFunctionType(getBlock().getArgumentTypes(), terminator->getOperandTypes()));
  function.setAllArgAttrs(argAttrs);
  return function;
}

/// The operand is read as it is or repeated, but no element of it is left out.
static bool readsWhole(MapOpInterface op, unsigned number) {
  SmallVector<DimIndex> index;
  op.getOperandIndex(number, index);
  SmallVector<Size> dims = getDims(op->getResult(0)), read = getDims(op->getOperand(number));
  for (auto [i, at] : llvm::enumerate(index)) {
    bool isConstant = at.resultDim < 0 && read[i] == Size::constant(1);
    bool isPlain = at.resultDim >= 0 && at.stride == Size::constant(1) && at.offset == Size::constant(0) &&
                   dims[at.resultDim] == read[i];
    if (!isConstant && !isPlain)
      return false;
  }
  return true;
}

/// A value that is free to compute again from no more memory than it takes itself is not worth keeping.
bool Derivative::isRecomputed(Operation *op) const {
  if (op->getNumOperands() == 0)
    return true;
  auto map = dyn_cast<MapOpInterface>(op);
  if (!map || isa<GatherOpInterface>(op) || getOpInfo(op)->cost != 0 || op->getNumOperands() != 1)
    return false;
  auto width = [](Value value) { return itemSize(getDType(value.getType())); };
  return readsWhole(map, 0) && width(op->getOperand(0)) <= width(op->getResult(0));
}

/// Derivative ops that nothing uses must not keep anything alive.
static void eraseUnused(Block &block, Operation *lastForward) {
  for (Operation *op = block.getTerminator()->getPrevNode(); op && op != lastForward;) {
    Operation *previous = op->getPrevNode();
    if (isOpTriviallyDead(op))
      op->erase();
    op = previous;
  }
}

/// Leaves what the ops behind the copy use of it, directly or through what is computed again. Returns the arguments'
/// attributes.
SmallVector<DictionaryAttr> Derivative::cut() {
  Block &block = getBlock();
  eraseUnused(block, forward.empty() ? nullptr : forward.back());
  DenseSet<Operation *> isForward(forward.begin(), forward.end()), kept;
  llvm::MapVector<int64_t, Value, DenseMap<int64_t, unsigned>, SmallVector<std::pair<int64_t, Value>>> residuals;
  SmallVector<Value> worklist;
  for (Operation &op : block)
    if (!isForward.contains(&op))
      llvm::append_range(worklist, op.getOperands());
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    Operation *op = value.getDefiningOp();
    auto argument = dyn_cast<BlockArgument>(value);
    if (argument ? argument.getArgNumber() >= numInputs : !isForward.contains(op))
      continue;
    auto number = numbers.find(value);
    if (argument || (number != numbers.end() && !isRecomputed(op)))
      residuals[number->second] = value;
    else if (kept.insert(op).second)
      llvm::append_range(worklist, op->getOperands());
  }
  SmallVector<DictionaryAttr> argAttrs = replaceResiduals(residuals.takeVector());
  for (Operation *op : llvm::reverse(forward))
    if (!kept.contains(op))
      op->erase();
  unsigned numResiduals = argAttrs.size();
  block.eraseArguments(numResiduals, numInputs);
  argAttrs.append(block.getNumArguments() - numResiduals, builder.getDictionaryAttr({}));
  return argAttrs;
}

/// A residual that was a number when it was an argument stays one.
SmallVector<DictionaryAttr> Derivative::replaceResiduals(SmallVector<std::pair<int64_t, Value>> residuals) {
  Block &block = getBlock();
  llvm::sort(residuals, [](const auto &a, const auto &b) { return a.first < b.first; });
  SmallVector<DictionaryAttr> attrs;
  for (auto [i, residual] : llvm::enumerate(residuals)) {
    auto [number, value] = residual;
    NamedAttrList list;
    list.set(kResidualAttr, builder.getI64IntegerAttr(number));
    auto argument = dyn_cast<BlockArgument>(value);
    if (argument && function.getArgAttr(number, kLiteralAttr))
      list.set(kLiteralAttr, builder.getUnitAttr());
    attrs.push_back(list.getDictionary(builder.getContext()));
    value.replaceAllUsesWith(block.insertArgument(i, value.getType(), value.getLoc()));
  }
  return attrs;
}
