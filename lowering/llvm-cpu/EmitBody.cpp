// Stage bodies: each op of a linalg.generic body becomes a scalar or a vector op, whichever its operands are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Emitter.h"

#include "dialect/AttributeNames.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace mlxir::cpu {

using Lanes = DenseMap<Value, Lane>;

/// The op again, on operands of another width.
static Value cloneWithOperands(ImplicitLocOpBuilder &b, Operation &op, ArrayRef<Value> operands, unsigned width) {
  OperationState state(b.getLoc(), op.getName());
  state.addOperands(operands);
  state.addTypes(laneType(op.getResult(0).getType(), width));
  state.addAttributes(op.getAttrs());
  if (auto properties = op.getPropertiesAsAttribute())
    state.propertiesAttr = properties;
  return b.create(state)->getResult(0);
}

static bool isIntegerLike(Type t) { return isa<IndexType, IntegerType>(t); }

/// Keeps `base + step * lane` through the index arithmetic that leads to addresses, so that contiguous reads are seen.
Lane Emitter::affineOp(Operation &op, Lanes &lanes) {
  auto constantOf = [&](Value v) -> std::optional<int64_t> {
    IntegerAttr attr;
    if (matchPattern(v, m_Constant(&attr)))
      return attr.getInt();
    return std::nullopt;
  };
  if (isa<arith::AddIOp, arith::SubIOp>(op)) {
    Lane x = lanes.lookup(op.getOperand(0)), y = lanes.lookup(op.getOperand(1));
    if (x.vector || y.vector)
      return {};
    bool minus = isa<arith::SubIOp>(op);
    return {minus ? sub(x.scalar, y.scalar) : add(x.scalar, y.scalar), {}, minus ? x.step - y.step : x.step + y.step};
  }
  if (isa<arith::MulIOp>(op)) {
    Lane x = lanes.lookup(op.getOperand(0)), y = lanes.lookup(op.getOperand(1));
    if (x.vector || y.vector)
      return {};
    if (auto factor = constantOf(op.getOperand(1)))
      return {mul(x.scalar, y.scalar), {}, x.step * *factor};
  }
  return {};
}

/// Casts between index and integers, now that index is i64.
static Value castInteger(ImplicitLocOpBuilder &b, Value value, Type to, bool isSigned) {
  unsigned from = getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth();
  unsigned bits = getElementTypeOrSelf(to).getIntOrFloatBitWidth();
  if (bits == from)
    return value;
  if (bits < from)
    return b.createOrFold<arith::TruncIOp>(to, value);
  return isSigned ? b.createOrFold<arith::ExtSIOp>(to, value) : b.createOrFold<arith::ExtUIOp>(to, value);
}

/// `if condition then table[i] else 0`: what is not there is not touched.
Lane Emitter::guardedRead(scf::IfOp op, const Point &point, Lanes &lanes) {
  auto yielded = op.thenYield().getOperand(0);
  Operation *extract = yielded.getDefiningOp();
  importOperands(*extract, lanes);
  Lane condition = lanes.lookup(op.getCondition());
  bool uniform = condition.uniform() &&
                 llvm::all_of(extract->getOperands().drop_front(), [&](Value v) { return lanes.lookup(v).uniform(); });
  if (!uniform) {
    Point guarded = point;
    guarded.mask = asVector(condition, point.width);
    if (point.mask)
      guarded.mask = arith::AndIOp::create(b, guarded.mask, point.mask);
    return {{}, asVector(tableRead(*extract, guarded, lanes), point.width)};
  }
  Point single = point; // one element for all lanes
  single.mask = {};
  auto branch = scf::IfOp::create(b, TypeRange{yielded.getType()}, condition.scalar, true, true);
  OpBuilder::InsertionGuard restore(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, ValueRange{tableRead(*extract, single, lanes).scalar});
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, ValueRange{arith::ConstantOp::create(b, b.getZeroAttr(yielded.getType()))});
  return {branch.getResult(0)};
}

Lane Emitter::tableRead(Operation &op, const Point &point, Lanes &lanes) {
  auto extract = cast<tensor::ExtractOp>(op);
  const Table &table = nest.tables.find(extract.getTensor())->second;
  Lane index{size(table.base.offset)};
  for (auto [operand, stride] : llvm::zip(extract.getIndices(), table.strides)) {
    Lane i = lanes.lookup(operand);
    if (i.vector) {
      Value scaled = b.createOrFold<arith::MulIOp>(i.vector, broadcast(size(stride), point.width));
      index = {{}, b.createOrFold<arith::AddIOp>(asVector(index, point.width), scaled)};
    } else if (index.vector || (i.step != 0 && !stride.isConstant())) {
      Value scaled = b.createOrFold<arith::MulIOp>(asVector(i, point.width), broadcast(size(stride), point.width));
      index = {{}, b.createOrFold<arith::AddIOp>(asVector(index, point.width), scaled)};
    } else {
      int64_t step = i.step == 0 ? 0 : i.step * stride.value();
      index = {add(index.scalar, mul(i.scalar, size(stride))), {}, index.step + step};
    }
  }
  Access access = table.base;
  access.offset = Size::constant(0);
  access.strides.assign(nest.rank(), Size::constant(0));
  Value base = pointer(access, point.coords);
  if (index.vector)
    return {{}, gather(base, access.element, index.vector, point)};
  Value address = elementPointer(base, access.element, index.scalar);
  if (index.step == 0 && !point.mask)
    return {LLVM::LoadOp::create(b, access.element, address)};
  if (index.step == 1)
    return {{}, loadVector(address, access.element, point.width, point.mask)};
  return {{}, gather(base, access.element, asVector(index, point.width), point)};
}

/// Values from outside the body: literals and symbols, which are arguments of the kernel, and constants.
void Emitter::importOperands(Operation &op, Lanes &lanes) {
  for (Value operand : op.getOperands()) {
    if (lanes.count(operand) || isa<RankedTensorType>(operand.getType()))
      continue;
    TypedAttr constant;
    if (auto argument = dyn_cast<BlockArgument>(operand))
      lanes[operand] = {arguments[argument.getArgNumber()]};
    else if (matchPattern(operand, m_Constant(&constant)))
      lanes[operand] = {isa<IndexType>(constant.getType()) ? this->constant(cast<IntegerAttr>(constant).getInt())
                                                           : Value(arith::ConstantOp::create(b, constant))};
    else
      llvm_unreachable("bodies take in arguments and constants alone");
  }
}

Lane Emitter::bodyOp(Operation &op, const Point &point, Lanes &lanes) {
  Value result = op.getResult(0);
  importOperands(op, lanes);
  if (isa<linalg::IndexOp>(op)) {
    int dim = nest.indexDims.lookup(result);
    return {point.coords[dim], {}, dim == point.vectorDim ? 1 : 0};
  }
  if (isa<tensor::ExtractOp>(op))
    return tableRead(op, point, lanes);
  if (auto guarded = dyn_cast<scf::IfOp>(op))
    return guardedRead(guarded, point, lanes);
  if (auto constantOp = dyn_cast<arith::ConstantOp>(op)) {
    TypedAttr value = constantOp.getValue();
    if (isa<IndexType>(value.getType()))
      value = b.getI64IntegerAttr(cast<IntegerAttr>(value).getInt());
    return {arith::ConstantOp::create(b, value)};
  }
  if (isa<UnrealizedConversionCastOp>(op)) // marks the value that a reduction takes in
    return lanes.lookup(op.getOperand(0));
  if (isIntegerLike(result.getType()))
    if (Lane lane = affineOp(op, lanes); lane.scalar)
      return lane;
  bool uniform = llvm::all_of(op.getOperands(), [&](Value v) { return lanes.lookup(v).uniform(); });
  unsigned width = uniform ? 1 : point.width;
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op)) {
    Lane from = lanes.lookup(op.getOperand(0));
    Value value = uniform ? from.scalar : asVector(from, width);
    Value to = castInteger(b, value, laneType(result.getType(), width), isa<arith::IndexCastOp>(op));
    return uniform ? Lane{to} : Lane{{}, to};
  }
  SmallVector<Value> operands;
  for (Value operand : op.getOperands()) {
    Lane lane = lanes.lookup(operand);
    operands.push_back(uniform ? lane.scalar : asVector(lane, width));
  }
  Value value = cloneWithOperands(b, op, operands, width);
  return uniform ? Lane{value} : Lane{{}, value};
}

SmallVector<Lane> Emitter::body(const Stage &stage, const Point &point, ArrayRef<Lane> reads,
                                ArrayRef<Lane> accumulators, SmallVectorImpl<Lane> *takenIn) {
  Lanes lanes;
  Block *block = stage.body();
  unsigned inputs = stage.reads.size();
  for (unsigned i = 0; i < inputs; ++i)
    lanes[block->getArgument(i)] = reads[i];
  for (unsigned i = 0; i < accumulators.size(); ++i)
    if (stage.identities[i])
      lanes[block->getArgument(inputs + i)] = accumulators[i];
  for (Operation &op : block->without_terminator()) {
    Lane lane = lanes[op.getResult(0)] = bodyOp(op, point, lanes);
    if (takenIn && isa<UnrealizedConversionCastOp>(op))
      (*takenIn)[op.getAttrOfType<IntegerAttr>(kAccumulatorAttr).getInt()] = lane;
  }
  SmallVector<Lane> results;
  for (Value value : block->getTerminator()->getOperands()) {
    if (!lanes.count(value)) // a kernel argument yielded as it is
      lanes[value] = {arguments[cast<BlockArgument>(value).getArgNumber()]};
    results.push_back(lanes[value]);
  }
  return results;
}

SmallVector<Value> Emitter::combine(const Stage &stage, ArrayRef<Value> x, ArrayRef<Value> y) {
  Block *block = stage.body();
  unsigned inputs = stage.reads.size();
  DenseMap<Value, Value> values;
  unsigned width = 1;
  for (unsigned i = 0; i < x.size(); ++i)
    if (stage.identities[i]) {
      values[block->getArgument(inputs + i)] = x[i];
      if (auto vector = dyn_cast<VectorType>(x[i].getType()))
        width = vector.getNumElements();
    }
  // Only what the new accumulators depend on, up to the markers of what is taken in.
  SmallPtrSet<Operation *, 16> needed;
  SmallVector<Value> work;
  for (auto [i, value] : llvm::enumerate(block->getTerminator()->getOperands()))
    if (stage.identities[i])
      work.push_back(value);
  while (!work.empty()) {
    Operation *op = work.pop_back_val().getDefiningOp();
    if (op && op->getBlock() == block && needed.insert(op).second && !isa<UnrealizedConversionCastOp>(op))
      llvm::append_range(work, op->getOperands());
  }
  for (Operation &op : block->without_terminator()) {
    if (!needed.contains(&op))
      continue;
    if (auto marker = dyn_cast<UnrealizedConversionCastOp>(op)) {
      values[op.getResult(0)] = y[marker->getAttrOfType<IntegerAttr>(kAccumulatorAttr).getInt()];
      continue;
    }
    if (isa<arith::ConstantOp>(op)) {
      values[op.getResult(0)] = broadcast(b.clone(op)->getResult(0), width);
      continue;
    }
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(values[operand]);
    values[op.getResult(0)] = cloneWithOperands(b, op, operands, width);
  }
  SmallVector<Value> results(x.begin(), x.end());
  for (auto [i, value] : llvm::enumerate(block->getTerminator()->getOperands()))
    if (stage.identities[i])
      results[i] = values[value];
  return results;
}

} // namespace mlxir::cpu
