// The ops of Index.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

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
