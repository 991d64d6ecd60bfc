// The ops of Reduce.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlxir;

#define GET_OP_CLASSES
#include "dialect/Reduce.cpp.inc"

#include "dialect/Reduce.rules.inc"

//===----------------------------------------------------------------------===//
// Derivatives
//===----------------------------------------------------------------------===//

using rules::Expr;

/// A result, or its derivative, repeated along the axes that were reduced: an array of the operand's type.
template <typename OpT> static Expr spread(OpT op, OpBuilder &builder, Value value) {
  auto type = cast<RankedTensorType>(op.getX().getType());
  SmallVector<int64_t> remaining = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  llvm::erase_if(remaining, [&](int64_t axis) { return llvm::is_contained(op.getAxes(), axis); });
  Type element = getElementTypeOrSelf(value.getType());
  return Expr(builder, op.getLoc(), BroadcastOp::create(builder, op.getLoc(), type.clone(element), value, remaining));
}

template <typename OpT> static Value sumLike(OpT op, OpBuilder &builder, const Expr &x) {
  return SumOp::create(builder, op.getLoc(), x.get(), op.getAxes());
}

LogicalResult SumOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool>, SmallVectorImpl<Value> &gradients) {
  gradients.push_back(spread(*this, builder, cotangents[0]).get());
  return success();
}

// A slope says, for each element, how much the result changes with it.

template <typename OpT>
static LogicalResult vjpBySlope(OpT op, Expr slope, OpBuilder &builder, ValueRange cotangents,
                                SmallVectorImpl<Value> &gradients) {
  gradients.push_back((spread(op, builder, cotangents[0]) * slope).get());
  return success();
}

template <typename OpT>
static LogicalResult jvpBySlope(OpT op, Expr slope, OpBuilder &builder, ValueRange tangents,
                                SmallVectorImpl<Value> &results) {
  results.push_back(sumLike(op, builder, Expr(builder, op.getLoc(), tangents[0]) * slope));
  return success();
}

/// Of an extreme: the elements that are equal to it share it.
template <typename OpT> static Expr slopeOfExtreme(OpT op, OpBuilder &builder) {
  Expr x(builder, op.getLoc(), op.getX());
  Expr isExtreme = rules::cast(x == spread(op, builder, op.getResult()), x);
  Expr count(builder, op.getLoc(), sumLike(op, builder, isExtreme));
  Expr share = 1 / rules::maximum(count, 1); // no element equals NaN
  return isExtreme * spread(op, builder, share.get());
}

/// Of a product: the product of all other elements. A zero has that of the others; another element has that of the
/// others too, of which the zeros are a factor of their own, so that slopes of slopes see them.
static Expr slopeOfProduct(ProdOp op, OpBuilder &builder) {
  Expr x(builder, op.getLoc(), op.getX());
  Expr isZero = x == 0;
  auto productOf = [&](const Expr &factors) {
    return spread(op, builder, ProdOp::create(builder, op.getLoc(), factors.get(), op.getAxes()));
  };
  Expr nonzero = rules::select(isZero, 1, x);
  Expr product = productOf(nonzero), zeros = productOf(rules::select(isZero, x, 1));
  Expr count = spread(op, builder, sumLike(op, builder, rules::cast(isZero, x)));
  return rules::select(isZero, rules::select(count == 1, product, 0), product / nonzero * zeros);
}

LogicalResult MaxOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool>, SmallVectorImpl<Value> &gradients) {
  return vjpBySlope(*this, slopeOfExtreme(*this, builder), builder, cotangents, gradients);
}
LogicalResult MaxOp::jvp(OpBuilder &builder, ValueRange tangents, SmallVectorImpl<Value> &results) {
  return jvpBySlope(*this, slopeOfExtreme(*this, builder), builder, tangents, results);
}

LogicalResult MinOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool>, SmallVectorImpl<Value> &gradients) {
  return vjpBySlope(*this, slopeOfExtreme(*this, builder), builder, cotangents, gradients);
}
LogicalResult MinOp::jvp(OpBuilder &builder, ValueRange tangents, SmallVectorImpl<Value> &results) {
  return jvpBySlope(*this, slopeOfExtreme(*this, builder), builder, tangents, results);
}

LogicalResult ProdOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool>,
                          SmallVectorImpl<Value> &gradients) {
  return vjpBySlope(*this, slopeOfProduct(*this, builder), builder, cotangents, gradients);
}
LogicalResult ProdOp::jvp(OpBuilder &builder, ValueRange tangents, SmallVectorImpl<Value> &results) {
  return jvpBySlope(*this, slopeOfProduct(*this, builder), builder, tangents, results);
}
