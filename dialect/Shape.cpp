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
