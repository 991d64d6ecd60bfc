// The ops of Shape.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

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
    // What is beyond all others is in the last one.
    piece.bounded = i + 1 < getInputs().size();
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
