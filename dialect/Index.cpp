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
  case ScatterMode::Replace: return update;
  case ScatterMode::Add: return (x + u).get();
  case ScatterMode::Multiply: return (x * u).get();
  case ScatterMode::Maximum: return max(x, u).get();
  case ScatterMode::Minimum: return min(x, u).get();
  }
  llvm_unreachable("every mode is above");
}
