// Scalar bodies of stages.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/linalg/BodyBuilder.h"

#include "dialect/AttributeNames.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace mlxir {

Type memoryType(Type element) {
  Type scalar = getScalarType(element);
  return scalar.isInteger(1) ? IntegerType::get(element.getContext(), 8) : scalar;
}

Value LoweredKernel::sizeValue(ImplicitLocOpBuilder &b, Size size) {
  if (size.isConstant())
    return arith::ConstantIndexOp::create(b, size.value());
  SizeNode node = sizes->nodes()[size.id()];
  if (node.kind == SizeKind::Symbol)
    return symbols[node.a.bits];
  Value x = sizeValue(b, node.a), y = sizeValue(b, node.b);
  switch (node.kind) {
  case SizeKind::Add:
    return b.createOrFold<arith::AddIOp>(x, y);
  case SizeKind::Mul:
    return b.createOrFold<arith::MulIOp>(x, y);
  case SizeKind::FloorDiv:
    return b.createOrFold<arith::FloorDivSIOp>(x, y);
  case SizeKind::Mod:
    return b.createOrFold<arith::RemSIOp>(x, y);
  case SizeKind::Min:
    return b.createOrFold<arith::MinSIOp>(x, y);
  default:
    return b.createOrFold<arith::MaxSIOp>(x, y);
  }
}

Value LoweredKernel::emptyTensor(ImplicitLocOpBuilder &b, ArrayRef<Size> shape, Type element) {
  RankedTensorType type = getTensorType(shape, element);
  SmallVector<Value> dynamic;
  for (Size size : shape)
    if (!size.isConstant())
      dynamic.push_back(sizeValue(b, size));
  return tensor::EmptyOp::create(b, type, dynamic);
}

BodyBuilder::BodyBuilder(LoweredKernel &kernel, ImplicitLocOpBuilder &outer, SmallVector<int> loops)
    : b(outer.getLoc(), outer.getContext()), kernel(kernel), outer(outer), loops(loops),
      block(std::make_unique<Block>()) {
  for (auto [loop, dim] : llvm::enumerate(loops))
    loopOf[dim] = loop;
  b.setInsertionPointToEnd(block.get());
}

//===- Elements ------------------------------------------------------------===//

Value BodyBuilder::element(Value value, const Indices &at) {
  for (auto &[v, index, g, scalar] : known)
    if (v == value && index == at && g == guard)
      return scalar;
  Value scalar = build(value, at);
  known.push_back({value, at, guard, scalar});
  return scalar;
}

/// What a stage leaves is there for the coordinates that computed it; any other element is computed again.
static bool isWhereComputed(const Indices &at, ArrayRef<int> dims) {
  return llvm::all_of(llvm::zip(at, dims), [](auto pair) {
    auto [index, dim] = pair;
    return dim < 0 || index.asDim() == dim;
  });
}

Value BodyBuilder::build(Value value, const Indices &at) {
  auto done = kernel.computed.find(value);
  if (done != kernel.computed.end() && isWhereComputed(at, done->second.dims))
    return readComputed(value, done->second, at);
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    Value memory = kernel.arguments.lookup(value);
    Type type = getElementTypeOrSelf(value.getType());
    return fromMemory(isa<RankedTensorType>(memory.getType()) ? readMemory(memory, type, at) : memory, type);
  }
  return buildOp(value.getDefiningOp(), at);
}

/// Kernel forming leaves no such value in a kernel; a file of IR may.
Value BodyBuilder::notComputed(Operation *op, Type type) {
  kernel.failed = true;
  op->emitOpError("is read where its kernel does not compute it");
  return arith::ConstantOp::create(b, b.getZeroAttr(type));
}

Value BodyBuilder::buildOp(Operation *op, const Indices &at) {
  if (auto pieceOp = dyn_cast<PieceOpInterface>(op))
    return pieces(pieceOp, at);
  Attribute constant;
  if (matchPattern(op, m_Constant(&constant)) && op->hasTrait<OpTrait::ConstantLike>()) {
    auto attr = op->getAttrOfType<TypedAttr>("value");
    if (auto integer = dyn_cast<IntegerAttr>(attr))
      attr = b.getIntegerAttr(getScalarType(attr.getType()), integer.getValue());
    return arith::ConstantOp::create(b, attr);
  }
  Type type = getScalarType(getElementTypeOrSelf(op->getResult(0)));
  auto gathered = dyn_cast<GatherOpInterface>(op);
  SmallVector<Value> operands;
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    if (gathered && number == gathered.getIndexedOperand())
      operands.push_back(gather(gathered, at));
    else if (std::optional<Indices> source = operandIndices(op, number, at, *kernel.sizes))
      operands.push_back(element(operand.get(), *source));
    else
      return notComputed(op, type);
  }
  auto map = dyn_cast<MapOpInterface>(op);
  if (!map)
    return isReshape(op) ? operands[0] : notComputed(op, type);
  SmallVector<Value> indices;
  if (op->getNumOperands() == 0)
    for (const Index &index : at)
      indices.push_back(indexValue(index));
  return map.buildScalar(b, b.getLoc(), operands, indices, type);
}

/// The pieces of a move op are tried in order; what is not there is never read.
Value BodyBuilder::pieces(PieceOpInterface op, const Indices &at) {
  SmallVector<PieceAt, 0> parts;
  piecesAt(op, at, *kernel.sizes, parts);
  Value before = guard;
  SmallVector<std::pair<Value, Value>> cases; // condition, element
  for (const PieceAt &part : parts) {
    Value inside;
    auto also = [&](Value condition) {
      inside = inside ? b.createOrFold<arith::AndIOp>(inside, condition) : condition;
    };
    for (const PieceAt::Bound &bound : part.bounds) {
      Index numerator = bound.position;
      numerator.divisor = 1;
      Value position = indexValue(numerator);
      Value zero = arith::ConstantIndexOp::create(b, 0);
      if (bound.position.divisor != 1) {
        Value step = arith::ConstantIndexOp::create(b, bound.position.divisor);
        Value rest = b.createOrFold<arith::RemSIOp>(position, step);
        also(arith::CmpIOp::create(b, arith::CmpIPredicate::eq, rest, zero));
      }
      Value end = kernel.sizeValue(b, kernel.sizes->mul(bound.extent, Size::constant(bound.position.divisor)));
      also(arith::CmpIOp::create(b, arith::CmpIPredicate::sge, position, zero));
      also(arith::CmpIOp::create(b, arith::CmpIPredicate::slt, position, end));
    }
    guard = before;
    if (inside)
      guard = before ? b.createOrFold<arith::AndIOp>(before, inside) : inside;
    cases.push_back({inside, element(part.operand, part.index)});
  }
  guard = before;
  Value result = cases.back().second;
  for (auto &[condition, value] : llvm::reverse(llvm::drop_end(cases)))
    result = condition ? Value(arith::SelectOp::create(b, condition, value, result)) : value;
  return result;
}

/// A negative index counts from the end; then it is clamped into the operand (what the gather ops state).
Value BodyBuilder::gather(GatherOpInterface op, const Indices &at) {
  Value indexed = op->getOperand(op.getIndexedOperand());
  SmallVector<GatherDim> dims;
  op.getGatherIndex(dims);
  SmallVector<Value> indices;
  for (auto [dim, extent] : llvm::zip(dims, getDims(indexed))) {
    Value index;
    if (dim.indexOperand >= 0) {
      Value operand = op->getOperand(dim.indexOperand);
      Value raw = element(operand, *operandIndices(op, dim.indexOperand, at, *kernel.sizes));
      bool isUnsigned = getTypeClass(operand.getType()) == TypeClass::Unsigned;
      index = isUnsigned ? b.createOrFold<arith::IndexCastUIOp>(b.getIndexType(), raw)
                         : b.createOrFold<arith::IndexCastOp>(b.getIndexType(), raw);
      Value zero = arith::ConstantIndexOp::create(b, 0);
      if (!isUnsigned) {
        Value negative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, index, zero);
        Value wrapped = arith::AddIOp::create(b, index, kernel.sizeValue(b, extent));
        index = arith::SelectOp::create(b, negative, wrapped, index);
      }
      Value last = kernel.sizeValue(b, kernel.sizes->sub(extent, dim.slice));
      index = arith::MaxSIOp::create(b, arith::MinSIOp::create(b, index, last), zero);
    }
    if (dim.resultDim >= 0) {
      Value within = indexValue(at[dim.resultDim]);
      index = index ? b.createOrFold<arith::AddIOp>(index, within) : within;
    }
    indices.push_back(index ? index : Value(arith::ConstantIndexOp::create(b, 0)));
  }
  Type type = getElementTypeOrSelf(indexed.getType());
  return fromMemory(extract(kernel.arguments.lookup(indexed), indices), type);
}

//===- Reads ---------------------------------------------------------------===//

Value BodyBuilder::fromMemory(Value scalar, Type element) {
  if (!element.isInteger(1) || scalar.getType().isInteger(1))
    return scalar;
  Value zero = arith::ConstantOp::create(b, b.getIntegerAttr(scalar.getType(), 0));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, scalar, zero);
}

Value BodyBuilder::indexValue(const Index &index) {
  Value value;
  auto plus = [&](Value term) { value = value ? b.createOrFold<arith::AddIOp>(value, term) : term; };
  for (const Index::Term &term : index.terms) {
    Value coordinate = linalg::IndexOp::create(b, loopOf.lookup(term.dim));
    if (term.stride != Size::constant(1))
      coordinate = b.createOrFold<arith::MulIOp>(coordinate, kernel.sizeValue(b, term.stride));
    plus(coordinate);
  }
  if (!value || index.offset != Size::constant(0))
    plus(kernel.sizeValue(b, index.offset));
  if (index.divisor != 1)
    value = b.createOrFold<arith::DivSIOp>(value, arith::ConstantIndexOp::create(b, index.divisor));
  return value;
}

/// The access as an indexing map over the stage's loops; none if it needs run-time strides, a division, or a run-time
/// offset that no window could start at.
std::optional<AffineMap> BodyBuilder::affineMap(const Indices &at) {
  SmallVector<AffineExpr> exprs;
  for (const Index &index : at) {
    bool isWindow = index.terms.size() <= 1;
    if ((!index.offset.isConstant() && !isWindow) || index.divisor != 1)
      return std::nullopt;
    AffineExpr expr = b.getAffineConstantExpr(index.offset.isConstant() ? index.offset.value() : 0);
    for (const Index::Term &term : index.terms) {
      if (!term.stride.isConstant())
        return std::nullopt;
      expr = b.getAffineDimExpr(loopOf.lookup(term.dim)) * term.stride.value() + expr;
    }
    exprs.push_back(expr);
  }
  return AffineMap::get(loops.size(), 0, exprs, b.getContext());
}

Value BodyBuilder::readInput(Value tensor, AffineMap map) {
  for (unsigned i = 0; i < inputs.size(); ++i)
    if (inputs[i] == tensor && maps[i] == map)
      return block->getArgument(i);
  inputs.push_back(tensor);
  maps.push_back(map);
  return block->insertArgument(numInputs++, getElementTypeOrSelf(tensor.getType()), b.getLoc());
}

/// linalg takes the loops' extents from its operands, so an operand is exactly what is read of it: a slice, unless that
/// is all of it. Null if the access needs run-time strides.
Value BodyBuilder::readWindow(Value tensor, const Indices &at) {
  std::optional<AffineMap> map = affineMap(at);
  if (!map)
    return {};
  SmallVector<Size> dims = getDims(tensor), starts, extents;
  SmallVector<AffineExpr> exprs(map->getResults());
  SmallVector<OpFoldResult> steps;
  bool whole = true;
  for (auto [i, index] : llvm::enumerate(at)) {
    Size extent = dims[i], start = Size::constant(0);
    int64_t step = 1;
    if (index.terms.empty()) {
      start = index.offset;
      extent = Size::constant(1);
      exprs[i] = b.getAffineConstantExpr(0);
    } else if (index.terms.size() == 1 && index.terms[0].stride.value() < 0) {
      return {}; // linalg infers extents from ascending indices alone
    } else if (index.terms.size() == 1) {
      start = index.offset;
      step = index.terms[0].stride.value();
      extent = kernel.domain[index.terms[0].dim];
      exprs[i] = b.getAffineDimExpr(loopOf.lookup(index.terms[0].dim));
    }
    if (extent == Size::constant(0))
      return {}; // nothing is read, and a slice could not say where from
    whole &= start == Size::constant(0) && step == 1 && extent == dims[i];
    starts.push_back(start);
    extents.push_back(extent);
    steps.push_back(b.getIndexAttr(step));
  }
  if (whole)
    return readInput(tensor, *map);
  return readInput(window(tensor, starts, extents, steps), AffineMap::get(loops.size(), 0, exprs, b.getContext()));
}

/// The slice, which also says its starts as sizes: whoever turns it into addresses need not read them off arithmetic.
Value BodyBuilder::window(Value tensor, ArrayRef<Size> starts, ArrayRef<Size> extents, ArrayRef<OpFoldResult> steps) {
  auto fold = [&](ArrayRef<Size> sizes) {
    return llvm::map_to_vector(sizes, [&](Size size) -> OpFoldResult {
      return size.isConstant() ? OpFoldResult(b.getIndexAttr(size.value())) : kernel.sizeValue(outer, size);
    });
  };
  RankedTensorType type = getTensorType(extents, getElementTypeOrSelf(tensor.getType()));
  auto slice = tensor::ExtractSliceOp::create(outer, type, tensor, fold(starts), fold(extents), steps);
  slice->setAttr(kStartsAttr, SizesAttr::get(b.getContext(), starts));
  return slice;
}

Value BodyBuilder::readMemory(Value tensor, Type element, const Indices &at) {
  if (!guard)
    if (Value scalar = readWindow(tensor, at))
      return scalar;
  SmallVector<Value> indices;
  for (const Index &index : at)
    indices.push_back(indexValue(index));
  return extract(tensor, indices);
}

Value BodyBuilder::extract(Value tensor, ArrayRef<Value> indices) {
  if (!guard)
    return tensor::ExtractOp::create(b, tensor, indices);
  Type type = getElementTypeOrSelf(tensor.getType());
  auto branch = scf::IfOp::create(b, TypeRange{type}, guard, /*addThenBlock=*/true, /*addElseBlock=*/true);
  OpBuilder::InsertionGuard restore(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, ValueRange{tensor::ExtractOp::create(b, tensor, indices)});
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, ValueRange{arith::ConstantOp::create(b, b.getZeroAttr(type))});
  return branch.getResult(0);
}

Value BodyBuilder::readComputed(Value value, const LoweredKernel::Computed &done, const Indices &at) {
  SmallVector<AffineExpr> exprs;
  for (auto [index, dim] : llvm::zip(at, done.dims))
    exprs.push_back(dim < 0 ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loopOf.lookup(index.asDim())));
  AffineMap map = AffineMap::get(loops.size(), 0, exprs, b.getContext());
  SmallVector<Value> scalars;
  for (Value tensor : done.tensors)
    scalars.push_back(readInput(tensor, map));
  Type element = getElementTypeOrSelf(value.getType());
  if (done.finished)
    return fromMemory(scalars[0], element);
  if (auto reduce = value.getDefiningOp<ReduceOpInterface>())
    return reduce.buildFinish(b, b.getLoc(), scalars, getScalarType(element));
  if (scalars[0].getType() == getScalarType(element))
    return scalars[0];
  return arith::TruncFOp::create(b, getScalarType(element), scalars[0]);
}

//===- The stage -----------------------------------------------------------===//

Value BodyBuilder::accumulator(Type type) { return block->addArgument(type, b.getLoc()); }

/// Ops that nothing reads: indices of iotas, finished accumulators.
static void eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (op.use_empty() && op.getNumResults() && isMemoryEffectFree(&op))
      op.erase();
}

/// A loop whose extent no operand shows (of a reduced iota, say) gets an operand that is nothing but that shape.
void BodyBuilder::nameAllLoops() {
  SmallVector<bool> shown(loops.size(), false);
  for (AffineMap map : maps)
    for (AffineExpr expr : map.getResults())
      if (auto dim = dyn_cast<AffineDimExpr>(expr))
        shown[dim.getPosition()] = true;
  if (!llvm::is_contained(shown, false))
    return;
  SmallVector<Size> shape;
  for (int dim : loops)
    shape.push_back(kernel.domain[dim]);
  Type element = b.getI8Type();
  inputs.push_back(kernel.emptyTensor(outer, shape, element));
  maps.insert(maps.begin() + numInputs, AffineMap::getMultiDimIdentityMap(loops.size(), b.getContext()));
  block->insertArgument(numInputs++, element, b.getLoc());
}

linalg::GenericOp BodyBuilder::finish(ArrayRef<Result> results, ArrayRef<bool> reduced) {
  SmallVector<Value> yields, inits;
  SmallVector<Type> types;
  bool hasAccumulators = llvm::any_of(results, [](const Result &r) { return bool(r.identity); });
  unsigned next = numInputs;
  for (const Result &result : results) {
    Value value = result.yield;
    if (value.getType() != result.element) // bool becomes a byte
      value = arith::ExtUIOp::create(b, result.element, value);
    yields.push_back(value);
    Value init = kernel.emptyTensor(outer, result.shape, result.element);
    if (result.identity)
      init =
          linalg::FillOp::create(outer, ValueRange{arith::ConstantOp::create(outer, result.identity)}, ValueRange{init})
              .getResult(0);
    // Accumulators' arguments were added in order; those of maps are missing among them.
    if (!result.identity || !hasAccumulators)
      block->insertArgument(next, result.element, b.getLoc());
    ++next;
    inits.push_back(init);
    types.push_back(init.getType());
    SmallVector<AffineExpr> exprs;
    for (int dim : result.dims)
      exprs.push_back(dim < 0 ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loopOf.lookup(dim)));
    maps.push_back(AffineMap::get(loops.size(), 0, exprs, b.getContext()));
  }
  linalg::YieldOp::create(b, yields);
  eraseDead(*block);
  nameAllLoops();
  SmallVector<utils::IteratorType> iterators;
  SmallVector<int64_t> dims(loops.begin(), loops.end());
  for (int dim : loops)
    iterators.push_back(hasAccumulators && reduced[dim] ? utils::IteratorType::reduction
                                                        : utils::IteratorType::parallel);
  auto op = linalg::GenericOp::create(outer, types, inputs, inits, maps, iterators);
  op.getRegion().getBlocks().clear();
  op.getRegion().push_back(block.release());
  op->setAttr(kDimsAttr, b.getDenseI64ArrayAttr(dims));
  return op;
}

} // namespace mlxir
