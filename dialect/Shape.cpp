// The ops of Shape.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlxir;

#define GET_OP_CLASSES
#include "dialect/Shape.cpp.inc"

#include "dialect/Shape.rules.inc"

//===----------------------------------------------------------------------===//
// Which element of the operand is read
//===----------------------------------------------------------------------===//

void IotaOp::getOperandIndex(unsigned, SmallVectorImpl<DimIndex> &) { llvm_unreachable("iota has no operand"); }

void BroadcastOp::getOperandIndex(unsigned, SmallVectorImpl<DimIndex> &index) {
  SmallVector<Size> dims = getDims(getX());
  for (auto [dim, axis] : llvm::zip_equal(dims, getAxes())) {
    bool isRepeated = dim == Size::constant(1);
    index.push_back({isRepeated ? -1 : static_cast<int>(axis)});
  }
}

void TransposeOp::getOperandIndex(unsigned, SmallVectorImpl<DimIndex> &index) {
  index.resize(getPermutation().size());
  for (auto [i, axis] : llvm::enumerate(getPermutation()))
    index[axis].resultDim = static_cast<int>(i);
}

void SliceOp::getOperandIndex(unsigned, SmallVectorImpl<DimIndex> &index) {
  for (auto [i, start, stride] : llvm::enumerate(getStarts().getValues(), getStrides()))
    index.push_back({static_cast<int>(i), Size::constant(stride), start});
}

//===----------------------------------------------------------------------===//
// Which parts of which operands a move op puts together
//===----------------------------------------------------------------------===//

static Piece identityPiece(unsigned operand, unsigned rank) {
  Piece piece;
  piece.operand = operand;
  for (unsigned i = 0; i < rank; ++i)
    piece.index.push_back({static_cast<int>(i)});
  return piece;
}

void ConcatenateOp::getPieces(SmallVectorImpl<Piece> &pieces) {
  SizesLock sizes(getContext());
  Size begin = Size::constant(0);
  for (auto [i, input] : llvm::enumerate(getInputs())) {
    SmallVector<Size> dims = getDims(input);
    Piece piece = identityPiece(i, dims.size());
    piece.index[getAxis()].offset = sizes->mul(begin, Size::constant(-1));
    begin = sizes->add(begin, dims[getAxis()]);
    pieces.push_back(std::move(piece));
  }
}

void PadOp::getPieces(SmallVectorImpl<Piece> &pieces) {
  SizesLock sizes(getContext());
  Piece inside = identityPiece(0, getType().getRank());
  for (auto [index, low] : llvm::zip(inside.index, getLow().getValues()))
    index.offset = sizes->mul(low, Size::constant(-1));
  pieces.push_back(std::move(inside));
  pieces.push_back(Piece{1, {}, {}, /*bounded=*/false});
}

void SliceUpdateOp::getPieces(SmallVectorImpl<Piece> &pieces) {
  SizesLock sizes(getContext());
  Piece update = identityPiece(1, getType().getRank());
  bool steps = llvm::any_of(getStrides(), [](int64_t stride) { return stride != 1; });
  for (auto [i, start] : llvm::enumerate(getStarts().getValues())) {
    // Steps backwards count from the start downwards: (start - d) / -stride.
    int64_t sign = getStrides()[i] < 0 ? -1 : 1;
    update.index[i].stride = Size::constant(sign);
    update.index[i].offset = sizes->mul(start, Size::constant(-sign));
    if (steps)
      update.steps.push_back(sign * getStrides()[i]);
  }
  pieces.push_back(std::move(update));
  Piece rest = identityPiece(0, getType().getRank());
  rest.bounded = false;
  pieces.push_back(std::move(rest));
}

//===----------------------------------------------------------------------===//
// BroadcastOp
//===----------------------------------------------------------------------===//

/// Whether dim `i` of the operand is 1 and repeated.
static bool isRepeated(BroadcastOp op, unsigned i) {
  Size one = Size::constant(1);
  return getDims(op.getX())[i] == one && getDims(op.getResult())[op.getAxes()[i]] != one;
}

// Each element of the operand was read where the result repeats it: those are summed.
LogicalResult BroadcastOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                               SmallVectorImpl<Value> &gradients) {
  // The result's dims that are kept, and their places in the operand.
  SmallVector<std::pair<int64_t, int64_t>> kept;
  for (auto [i, axis] : llvm::enumerate(getAxes()))
    if (!isRepeated(*this, i))
      kept.push_back({axis, static_cast<int64_t>(i)});
  llvm::sort(kept);
  SmallVector<int64_t> summed = llvm::to_vector(llvm::seq<int64_t>(0, getType().getRank()));
  llvm::erase_if(summed, [&](int64_t axis) { return llvm::is_contained(llvm::make_first_range(kept), axis); });

  Value gradient = cotangents[0];
  if (!summed.empty())
    gradient = SumOp::create(builder, getLoc(), gradient, summed);
  SmallVector<int64_t> places = llvm::to_vector(llvm::make_second_range(kept));
  gradient = rules::buildTranspose(builder, getLoc(), gradient, rules::orderOf(places));
  gradients.push_back(rules::withType(builder, getLoc(), gradient, getX().getType()));
  return success();
}

LogicalResult BroadcastOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool>, Size batch,
                                SmallVectorImpl<Value> &results) {
  SmallVector<int64_t> axes = rules::shiftedAxes(getAxes());
  axes.insert(axes.begin(), 0);
  results.push_back(BroadcastOp::create(builder, getLoc(), rules::batchedType(getType(), batch), operands[0], axes));
  return success();
}

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                               SmallVectorImpl<Value> &gradients) {
  // What sorts a permutation is its inverse.
  gradients.push_back(rules::buildTranspose(builder, getLoc(), cotangents[0], rules::orderOf(getPermutation())));
  return success();
}

LogicalResult TransposeOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool>, Size,
                                SmallVectorImpl<Value> &results) {
  SmallVector<int64_t> permutation = rules::shiftedAxes(getPermutation());
  permutation.insert(permutation.begin(), 0);
  results.push_back(TransposeOp::create(builder, getLoc(), operands[0], permutation));
  return success();
}

//===----------------------------------------------------------------------===//
// SliceOp
//===----------------------------------------------------------------------===//

// The window, put back into zeros.
LogicalResult SliceOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                           SmallVectorImpl<Value> &gradients) {
  Value ct = cotangents[0];
  if (llvm::any_of(getStrides(), [](int64_t stride) { return stride != 1; })) {
    Value zeros = rules::buildZeros(builder, getLoc(), getX().getType());
    gradients.push_back(SliceUpdateOp::create(builder, getLoc(), zeros, ct, getStarts(), getStrides()));
    return success();
  }
  SmallVector<Size> high;
  {
    SizesLock sizes(getContext());
    for (auto [dim, start, size] : llvm::zip_equal(getDims(getX()), getStarts().getValues(), getDims(getResult())))
      high.push_back(sizes->sub(sizes->sub(dim, start), size));
  }
  Value zero = rules::buildSplat(builder, getLoc(), 0, getTensorType({}, getElementTypeOrSelf(ct)));
  Value gradient = PadOp::create(builder, getLoc(), ct, zero, getStarts(), SizesAttr::get(getContext(), high));
  gradients.push_back(rules::withType(builder, getLoc(), gradient, getX().getType()));
  return success();
}

/// Sizes with one more, for the new first dim.
static SizesAttr withFirst(SizesAttr sizes, int64_t first) {
  SmallVector<Size> values(sizes.getValues());
  values.insert(values.begin(), Size::constant(first));
  return SizesAttr::get(sizes.getContext(), values);
}

static SmallVector<int64_t> withFirst(ArrayRef<int64_t> list, int64_t first) {
  SmallVector<int64_t> values(list);
  values.insert(values.begin(), first);
  return values;
}

LogicalResult SliceOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool>, Size batch,
                            SmallVectorImpl<Value> &results) {
  results.push_back(SliceOp::create(builder, getLoc(), rules::batchedType(getType(), batch), operands[0],
                                    withFirst(getStarts(), 0), withFirst(getStrides(), 1)));
  return success();
}

//===----------------------------------------------------------------------===//
// ReshapeOp
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                             SmallVectorImpl<Value> &gradients) {
  gradients.push_back(rules::withType(builder, getLoc(), cotangents[0], getX().getType()));
  return success();
}

LogicalResult ReshapeOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool>, Size batch,
                              SmallVectorImpl<Value> &results) {
  results.push_back(ReshapeOp::create(builder, getLoc(), rules::batchedType(getType(), batch), operands[0]));
  return success();
}

//===----------------------------------------------------------------------===//
// ConcatenateOp
//===----------------------------------------------------------------------===//

// Each operand has its own piece of the result.
LogicalResult ConcatenateOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                                 SmallVectorImpl<Value> &gradients) {
  unsigned rank = getType().getRank();
  SmallVector<Size> starts(rank, Size::constant(0));
  SmallVector<int64_t> strides(rank, 1);
  for (auto [input, isWanted] : llvm::zip_equal(getInputs(), wanted)) {
    Value gradient;
    if (isWanted)
      gradient = SliceOp::create(builder, getLoc(), input.getType(), cotangents[0],
                                 SizesAttr::get(getContext(), starts), strides);
    gradients.push_back(gradient);
    SizesLock sizes(getContext());
    starts[getAxis()] = sizes->add(starts[getAxis()], getDims(input)[getAxis()]);
  }
  return success();
}

LogicalResult ConcatenateOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched, Size batch,
                                  SmallVectorImpl<Value> &results) {
  SmallVector<Value> inputs = rules::allBatched(builder, getLoc(), operands, batched, batch);
  results.push_back(ConcatenateOp::create(builder, getLoc(), inputs, getAxis() + 1));
  return success();
}

//===----------------------------------------------------------------------===//
// PadOp
//===----------------------------------------------------------------------===//

LogicalResult PadOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                         SmallVectorImpl<Value> &gradients) {
  Value ct = cotangents[0], x, value;
  SmallVector<int64_t> strides(getType().getRank(), 1);
  if (wanted[0])
    x = SliceOp::create(builder, getLoc(), getX().getType(), ct, getLow(), strides);
  if (wanted[1]) {
    // All that lies outside of the operand.
    Value zeros = rules::buildZeros(builder, getLoc(), getX().getType());
    Value outside = SliceUpdateOp::create(builder, getLoc(), ct, zeros, getLow(), strides);
    SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, getType().getRank()));
    value = SumOp::create(builder, getLoc(), outside, axes);
  }
  gradients.append({x, value});
  return success();
}

LogicalResult PadOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched, Size batch,
                          SmallVectorImpl<Value> &results) {
  Value x = batched[0] ? operands[0] : rules::broadcastToBatch(builder, getLoc(), operands[0], batch);
  SizesAttr low = withFirst(getLow(), 0);
  if (!batched[1]) {
    results.push_back(PadOp::create(builder, getLoc(), x, operands[1], low, withFirst(getHigh(), 0)));
    return success();
  }
  // One value per element of the batch: the operand, written over them.
  Value values =
      BroadcastOp::create(builder, getLoc(), rules::batchedType(getType(), batch), operands[1], ArrayRef<int64_t>{0});
  SmallVector<int64_t> strides(getType().getRank() + 1, 1);
  results.push_back(SliceUpdateOp::create(builder, getLoc(), values, x, low, strides));
  return success();
}

//===----------------------------------------------------------------------===//
// SliceUpdateOp
//===----------------------------------------------------------------------===//

LogicalResult SliceUpdateOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                                 SmallVectorImpl<Value> &gradients) {
  Value ct = cotangents[0], x, update;
  if (wanted[0]) {
    Value zeros = rules::buildZeros(builder, getLoc(), getUpdate().getType());
    x = SliceUpdateOp::create(builder, getLoc(), ct, zeros, getStarts(), getStrides());
  }
  if (wanted[1])
    update = SliceOp::create(builder, getLoc(), getUpdate().getType(), ct, getStarts(), getStrides());
  gradients.append({x, update});
  return success();
}

LogicalResult SliceUpdateOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched, Size batch,
                                  SmallVectorImpl<Value> &results) {
  SmallVector<Value> all = rules::allBatched(builder, getLoc(), operands, batched, batch);
  results.push_back(
      SliceUpdateOp::create(builder, getLoc(), all[0], all[1], withFirst(getStarts(), 0), withFirst(getStrides(), 1)));
  return success();
}
