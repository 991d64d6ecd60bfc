// The ops of Index.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlxir;

#define GET_OP_CLASSES
#include "dialect/Index.cpp.inc"

#include "dialect/Index.rules.inc"

#include "dialect/ScatterMode.cpp.inc"

//===----------------------------------------------------------------------===//
// Which element of the operand is read
//===----------------------------------------------------------------------===//

// The indices' dims are the first of the result.
void GatherOp::getOperandIndex(unsigned operand, SmallVectorImpl<DimIndex> &index) {
  assert(operand != getIndexedOperand() && "found at computed indices");
  getIdentityIndex(getOperand(operand), index);
}

void GatherOp::getGatherIndex(SmallVectorImpl<GatherDim> &index) {
  int rank = getX().getType().getRank();
  int firstOffset = getType().getRank() - rank;
  for (int i = 0; i < rank; ++i)
    index.push_back({-1, firstOffset + i, getSlices().getValues()[i]});
  for (auto [i, axis] : llvm::enumerate(getAxes()))
    index[axis].indexOperand = static_cast<int>(i) + 1;
}

void TakeAlongAxisOp::getOperandIndex(unsigned operand, SmallVectorImpl<DimIndex> &index) {
  assert(operand != getIndexedOperand() && "found at computed indices");
  getIdentityIndex(getOperand(operand), index);
}

void TakeAlongAxisOp::getGatherIndex(SmallVectorImpl<GatherDim> &index) {
  for (int i = 0, rank = getX().getType().getRank(); i < rank; ++i)
    index.push_back(i == static_cast<int>(getAxis()) ? GatherDim{1, -1} : GatherDim{-1, i});
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

unsigned ScatterOp::getUpdatesOperand() { return getNumOperands() - 1; }
OperandRange ScatterOp::getIndexOperands() { return getIndices(); }
ArrayRef<int64_t> ScatterOp::getIndexedAxes() { return getAxes(); }

Value ScatterOp::buildUpdate(OpBuilder &builder, Location loc, Value old, Value update) {
  rules::Site site{builder, loc};
  TypeClass typeClass = getTypeClass(getType());
  rules::Scalar x(site, old, typeClass), u(site, update, typeClass);
  switch (getMode()) {
  case ScatterMode::Replace:
    return update;
  case ScatterMode::Add:
    return (x + u).get();
  case ScatterMode::Multiply:
    return (x * u).get();
  case ScatterMode::Maximum:
    return max(x, u).get();
  case ScatterMode::Minimum:
    return min(x, u).get();
  }
  llvm_unreachable("every mode is above");
}

//===----------------------------------------------------------------------===//
// Building blocks
//===----------------------------------------------------------------------===//

using rules::Expr;

static SizesAttr sizesAttr(MLIRContext *context, ArrayRef<Size> sizes) { return SizesAttr::get(context, sizes); }

/// The positions along dim `axis` of an array with these dims.
static Value buildIota(OpBuilder &builder, Location loc, ArrayRef<Size> dims, Type element, int64_t axis) {
  return IotaOp::create(builder, loc, getTensorType(dims, element), axis);
}

static bool isBelow2To31(Size extent) { return !extent.isConstant() || extent.value() < (int64_t(1) << 31); }

/// As above, as an index operand.
static Value buildIndexIota(OpBuilder &builder, Location loc, ArrayRef<Size> dims, int64_t axis) {
  return buildIota(builder, loc, dims, builder.getIntegerType(isBelow2To31(dims[axis]) ? 32 : 64), axis);
}

/// The updates' dims after those of the indices.
static ArrayRef<Size> sliceOf(ArrayRef<Size> updates, size_t rank) { return updates.take_back(rank); }

/// The elements of `x` that updates of this type would change.
static Value buildGather(OpBuilder &builder, ScatterOp op, Value x) {
  SmallVector<Size> updates = getDims(op.getUpdates());
  SizesAttr slices = sizesAttr(op.getContext(), sliceOf(updates, op.getX().getType().getRank()));
  return GatherOp::create(builder, op.getLoc(), x, op.getIndices(), op.getAxes(), slices);
}

static Value buildScatter(OpBuilder &builder, Location loc, Value x, ValueRange indices, Value updates,
                          ArrayRef<int64_t> axes, ScatterMode mode) {
  return ScatterOp::create(builder, loc, x, indices, updates, axes, mode);
}

//===----------------------------------------------------------------------===//
// GatherOp
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                            SmallVectorImpl<Value> &gradients) {
  gradients.resize(getNumOperands());
  Value zeros = rules::buildZeros(builder, getLoc(), getX().getType());
  gradients[0] = buildScatter(builder, getLoc(), zeros, getIndices(), cotangents[0], getAxes(), ScatterMode::Add);
  return success();
}

/// Axes and index operands that pick the element of the batch along a new first axis.
static void addBatchIndex(OpBuilder &builder, Location loc, Size batch, SmallVectorImpl<Value> &indices,
                          SmallVectorImpl<int64_t> &axes) {
  SmallVector<Size> dims = indices.empty() ? SmallVector<Size>{batch} : getDims(indices[0]);
  indices.insert(indices.begin(), buildIndexIota(builder, loc, dims, 0));
  axes.insert(axes.begin(), 0);
}

LogicalResult GatherOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched, Size batch,
                             SmallVectorImpl<Value> &results) {
  Value x = operands[0];
  bool anyIndex = llvm::is_contained(batched.drop_front(), true);
  if (!anyIndex) {
    // The batch is one more dim of every slice.
    SmallVector<Size> slices(getSlices().getValues());
    slices.insert(slices.begin(), batch);
    Value all = GatherOp::create(builder, getLoc(), x, operands.drop_front(), rules::shiftedAxes(getAxes()),
                                 sizesAttr(getContext(), slices));
    int64_t rank = getType().getRank(), place = rank - getX().getType().getRank();
    SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank + 1));
    std::rotate(permutation.begin(), permutation.begin() + place, permutation.begin() + place + 1);
    results.push_back(rules::buildTranspose(builder, getLoc(), all, permutation));
    return success();
  }
  SmallVector<Value> indices = rules::allBatched(builder, getLoc(), operands.drop_front(), batched.drop_front(), batch);
  if (!batched[0]) {
    results.push_back(GatherOp::create(builder, getLoc(), x, indices, getAxes(), getSlices()));
    return success();
  }
  SmallVector<int64_t> axes = rules::shiftedAxes(getAxes());
  addBatchIndex(builder, getLoc(), batch, indices, axes);
  SmallVector<Size> slices(getSlices().getValues());
  slices.insert(slices.begin(), Size::constant(1));
  Value all = GatherOp::create(builder, getLoc(), x, indices, axes, sizesAttr(getContext(), slices));
  results.push_back(ReshapeOp::create(builder, getLoc(), rules::batchedType(getType(), batch), all));
  return success();
}

//===----------------------------------------------------------------------===//
// TakeAlongAxisOp
//===----------------------------------------------------------------------===//

/// Indices as positions: counted from the start and inside of the operand.
static Expr buildPositions(OpBuilder &builder, Location loc, Value indices, Size extent) {
  DType dtype = getDType(indices.getType());
  bool fits32 = itemSize(dtype) < 4 || dtype == DType::Int32;
  DType wide = fits32 && isBelow2To31(extent) ? DType::Int32 : DType::Int64;
  if (dtype != wide)
    indices = CastOp::create(builder, loc, indices, wide);
  Expr index(builder, loc, indices),
      n = rules::buildExtent(builder, loc, extent, cast<RankedTensorType>(indices.getType()));
  Expr counted = typeClass(dtype) == TypeClass::Signed ? rules::select(index < 0, index + n, index) : index;
  return rules::minimum(rules::maximum(counted, 0), n - 1);
}

/// One index operand per dim that together say which elements are taken.
static SmallVector<Value> buildAllIndices(OpBuilder &builder, Location loc, Value indices, int64_t axis) {
  auto type = cast<RankedTensorType>(indices.getType());
  SmallVector<Value> all;
  for (int64_t i = 0; i < type.getRank(); ++i)
    all.push_back(i == axis ? indices : buildIndexIota(builder, loc, getDims(type), i));
  return all;
}

/// `type` with a dim of 1 added for each dim of the operand: what gather and scatter of single elements work on.
static RankedTensorType withUnitDims(Type type, int64_t rank) {
  SmallVector<Size> dims = getDims(type);
  dims.append(rank, Size::constant(1));
  return getTensorType(dims, getElementTypeOrSelf(type));
}

LogicalResult TakeAlongAxisOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                                   SmallVectorImpl<Value> &gradients) {
  RankedTensorType type = getX().getType();
  Location loc = getLoc();
  Value ct = cotangents[0];
  int64_t axis = getAxis();
  if (getDims(getIndices())[axis] == Size::constant(1)) {
    // One element of each row: a comparison for each element instead of writes at computed places.
    Expr position = buildPositions(builder, loc, getIndices(), getDims(type)[axis]);
    SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
    Type element = getElementTypeOrSelf(position.get());
    auto spread = [&](Value value) {
      auto spreadType = getTensorType(getDims(type), getElementTypeOrSelf(value));
      return Expr(builder, loc, BroadcastOp::create(builder, loc, spreadType, value, axes));
    };
    Expr here(builder, loc, buildIota(builder, loc, getDims(type), element, axis));
    gradients.append({rules::select(here == spread(position.get()), spread(ct), 0).get(), Value()});
    return success();
  }
  int64_t rank = type.getRank();
  Value updates = ReshapeOp::create(builder, loc, withUnitDims(ct.getType(), rank), ct);
  Value zeros = rules::buildZeros(builder, loc, type);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  SmallVector<Value> indices = buildAllIndices(builder, loc, getIndices(), axis);
  gradients.append({buildScatter(builder, loc, zeros, indices, updates, axes, ScatterMode::Add), Value()});
  return success();
}

LogicalResult TakeAlongAxisOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched, Size batch,
                                    SmallVectorImpl<Value> &results) {
  Location loc = getLoc();
  int64_t rank = getX().getType().getRank();
  if (batched[0]) {
    Value indices = batched[1] ? operands[1] : rules::broadcastToBatch(builder, loc, operands[1], batch);
    results.push_back(TakeAlongAxisOp::create(builder, loc, operands[0], indices, getAxis() + 1));
    return success();
  }
  // One operand for all: its elements are read where they are.
  SmallVector<Value> indices = buildAllIndices(builder, loc, operands[1], getAxis() + 1);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  SmallVector<Size> slices(rank, Size::constant(1));
  Value all =
      GatherOp::create(builder, loc, operands[0], llvm::drop_begin(indices), axes, sizesAttr(getContext(), slices));
  results.push_back(ReshapeOp::create(builder, loc, rules::batchedType(getType(), batch), all));
  return success();
}

//===----------------------------------------------------------------------===//
// ScatterOp
//===----------------------------------------------------------------------===//

namespace {
/// How much the result changes with each element of the operand, and with each update at the place that it changes.
struct ScatterSlopes {
  Expr x, updates;
};

class ScatterRule {
public:
  ScatterRule(ScatterOp op, OpBuilder &builder) : op(op), builder(builder), loc(op.getLoc()) {}

  ScatterSlopes slopes() {
    switch (op.getMode()) {
    case ScatterMode::Add:
      return {1, 1};
    case ScatterMode::Replace:
      return slopesOfReplace();
    case ScatterMode::Multiply:
      return slopesOfMultiply();
    case ScatterMode::Maximum:
    case ScatterMode::Minimum:
      return slopesOfExtreme();
    }
    llvm_unreachable("all modes have slopes");
  }

  Expr gathered(const Expr &x) { return make(buildGather(builder, op, x.get())); }
  Expr scattered(const Expr &x, const Expr &updates, ScatterMode mode) {
    return make(buildScatter(builder, loc, x.get(), op.getIndices(), updates.get(), op.getAxes(), mode));
  }
  Expr make(Value value) { return Expr(builder, loc, value); }

private:
  Expr splat(double number, Type type) { return make(rules::buildSplat(builder, loc, number, type)); }
  Type xType() { return op.getX().getType(); }
  Type updatesType() { return op.getUpdates().getType(); }

  // Of updates that meet, the last one has it: the one whose number is found at its place.
  ScatterSlopes slopesOfReplace() {
    Expr kept = scattered(splat(1, xType()), splat(0, updatesType()), ScatterMode::Replace);
    SmallVector<Size> dims = getDims(updatesType());
    Type word = builder.getI64Type();
    Size count = SizesLock(op.getContext())->product(dims.begin(), dims.end());
    Expr number =
        make(ReshapeOp::create(builder, loc, getTensorType(dims, word), buildIota(builder, loc, {count}, word, 0)));
    Expr nobody = splat(-1, getTensorType(getDims(xType()), word));
    Expr last = gathered(scattered(nobody, number, ScatterMode::Replace));
    return {kept, rules::cast(last == number, make(op.getUpdates()))};
  }

  // The product of all other factors. One zero leaves only its own slope, two leave none.
  ScatterSlopes slopesOfMultiply() {
    Expr x = make(op.getX()), updates = make(op.getUpdates());
    Expr isZero = updates == 0, nonzero = rules::select(isZero, 1, updates);
    Expr product = gathered(scattered(x, nonzero, ScatterMode::Multiply));
    Expr zeros = gathered(scattered(splat(0, xType()), rules::cast(isZero, updates), ScatterMode::Add));
    Expr slope =
        rules::select(isZero, rules::select(zeros == 1, product, 0), rules::select(zeros == 0, product / nonzero, 0));
    return {scattered(splat(1, xType()), updates, ScatterMode::Multiply), slope};
  }

  // All that are equal to the result share it.
  ScatterSlopes slopesOfExtreme() {
    Expr x = make(op.getX()), updates = make(op.getUpdates()), result = make(op.getResult());
    Expr xWins = rules::cast(x == result, x);
    Expr updatesWin = rules::cast(updates == gathered(result), updates);
    Expr winners = rules::maximum(scattered(xWins, updatesWin, ScatterMode::Add), 1);
    return {xWins / winners, updatesWin / gathered(winners)};
  }

  ScatterOp op;
  OpBuilder &builder;
  Location loc;
};
} // namespace

LogicalResult ScatterOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                             SmallVectorImpl<Value> &gradients) {
  ScatterRule rule(*this, builder);
  ScatterSlopes slopes = rule.slopes();
  Expr ct = rule.make(cotangents[0]);
  gradients.resize(getNumOperands());
  if (wanted.front())
    gradients.front() = (ct * slopes.x).get();
  if (wanted.back())
    gradients.back() =
        rules::withType(builder, getLoc(), (rule.gathered(ct) * slopes.updates).get(), getUpdates().getType());
  return success();
}

LogicalResult ScatterOp::jvp(OpBuilder &builder, ValueRange tangents, SmallVectorImpl<Value> &results) {
  ScatterRule rule(*this, builder);
  ScatterSlopes slopes = rule.slopes();
  auto tangentOf = [&](Value tangent, Value of) {
    return rule.make(tangent ? tangent : rules::buildZeros(builder, getLoc(), of.getType()));
  };
  Expr x = tangentOf(tangents.front(), getX()) * slopes.x;
  Expr updates = tangentOf(tangents.back(), getUpdates()) * slopes.updates;
  results.push_back(rule.scattered(x, updates, ScatterMode::Add).get());
  return success();
}

LogicalResult ScatterOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched, Size batch,
                              SmallVectorImpl<Value> &results) {
  Location loc = getLoc();
  SmallVector<Value> all = rules::allBatched(builder, loc, operands, batched, batch);
  Value x = all.front(), updates = all.back();
  SmallVector<int64_t> axes = rules::shiftedAxes(getAxes());
  int64_t rank = getX().getType().getRank(), place = getUpdates().getType().getRank() - rank;
  bool anyIndex = llvm::is_contained(batched.drop_front().drop_back(), true);
  if (!anyIndex) {
    // The batch is one more dim of every slice: it moves behind the dims of the indices.
    SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, place + rank + 1));
    std::rotate(permutation.begin(), permutation.begin() + 1, permutation.begin() + place + 1);
    updates = rules::buildTranspose(builder, loc, updates, permutation);
    ValueRange indices = operands.drop_front().drop_back();
    results.push_back(buildScatter(builder, loc, x, indices, updates, axes, getMode()));
    return success();
  }
  SmallVector<Value> indices(ArrayRef(all).drop_front().drop_back());
  addBatchIndex(builder, loc, batch, indices, axes);
  SmallVector<Size> dims = getDims(updates);
  dims.insert(dims.begin() + place + 1, Size::constant(1));
  updates = ReshapeOp::create(builder, loc, updates, dims);
  results.push_back(buildScatter(builder, loc, x, indices, updates, axes, getMode()));
  return success();
}
