// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The operations behind the formulas of MathEmitter.h.

#include "lowering/linalg/MathEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace mlxir::expansion {

Type Expr::getElementType() const { return getElementTypeOrSelf(getType()); }

Type Expr::getTypeWith(Type element) const {
  if (auto vector = dyn_cast<VectorType>(getType()))
    return vector.clone(element);
  return element;
}

Expr Expr::constant(Number number) const {
  Type element = getElementType();
  TypedAttr scalar;
  if (auto type = dyn_cast<FloatType>(element))
    scalar = FloatAttr::get(type, number.real);
  else
    scalar = IntegerAttr::get(element, APInt(getWidth(), uint64_t(number.integer), /*isSigned=*/true,
                                             /*implicitTrunc=*/true));
  TypedAttr attribute = scalar;
  if (auto vector = dyn_cast<VectorType>(getType()))
    attribute = SplatElementsAttr::get(vector, scalar);
  return wrap(arith::ConstantOp::create(*builder, attribute));
}

namespace {
template <typename Op, typename... Operands> Expr emit(Expr first, Operands... operands) {
  return first.wrap(Op::create(first.getBuilder(), first.get(), operands.get()...));
}

template <typename FloatOp, typename IntegerOp> Expr emitByType(Expr a, Expr b) {
  return a.isFloat() ? emit<FloatOp>(a, b) : emit<IntegerOp>(a, b);
}

Expr compare(Expr a, Expr b, arith::CmpFPredicate real, arith::CmpIPredicate integer) {
  if (a.isFloat())
    return a.wrap(arith::CmpFOp::create(a.getBuilder(), real, a.get(), b.get()));
  return a.wrap(arith::CmpIOp::create(a.getBuilder(), integer, a.get(), b.get()));
}

template <typename Op> Expr cast(Expr x, Type element) {
  return x.wrap(Op::create(x.getBuilder(), x.getTypeWith(element), x.get()));
}
} // namespace

Expr operator+(Expr a, Expr b) { return emitByType<arith::AddFOp, arith::AddIOp>(a, b); }
Expr operator-(Expr a, Expr b) { return emitByType<arith::SubFOp, arith::SubIOp>(a, b); }
Expr operator*(Expr a, Expr b) { return emitByType<arith::MulFOp, arith::MulIOp>(a, b); }
Expr operator/(Expr a, Expr b) { return emit<arith::DivFOp>(a, b); }
Expr operator-(Expr a) { return a.isFloat() ? emit<arith::NegFOp>(a) : Number(0) - a; }

Expr fma(Expr a, Expr b, Expr c) { return emit<math::FmaOp>(a, b, c); }
Expr sqrt(Expr x) { return emit<math::SqrtOp>(x); }
Expr abs(Expr x) { return emit<math::AbsFOp>(x); }
Expr floor(Expr x) { return emit<math::FloorOp>(x); }
Expr trunc(Expr x) { return emit<math::TruncOp>(x); }
Expr roundEven(Expr x) { return emit<math::RoundEvenOp>(x); }
Expr copySign(Expr magnitude, Expr sign) { return emit<math::CopySignOp>(magnitude, sign); }

Expr operator&(Expr a, Expr b) { return emit<arith::AndIOp>(a, b); }
Expr operator|(Expr a, Expr b) { return emit<arith::OrIOp>(a, b); }
Expr operator^(Expr a, Expr b) { return emit<arith::XOrIOp>(a, b); }
Expr operator~(Expr a) { return a ^ Number(-1); }
Expr shiftLeft(Expr a, Expr n) { return emit<arith::ShLIOp>(a, n); }
Expr shiftRight(Expr a, Expr n) { return emit<arith::ShRUIOp>(a, n); }
Expr shiftRightSigned(Expr a, Expr n) { return emit<arith::ShRSIOp>(a, n); }

Expr operator<(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt); }
Expr operator<=(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle); }
Expr operator>(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::OGT, arith::CmpIPredicate::sgt); }
Expr operator>=(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::OGE, arith::CmpIPredicate::sge); }
Expr operator==(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq); }
Expr operator!=(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne); }
Expr below(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::ULT, arith::CmpIPredicate::ult); }
Expr unordered(Expr a, Expr b) { return compare(a, b, arith::CmpFPredicate::UNO, arith::CmpIPredicate::eq); }

Expr select(Expr condition, Expr a, Expr b) { return emit<arith::SelectOp>(condition, a, b); }

Expr bitcastTo(Expr x, Type element) { return cast<arith::BitcastOp>(x, element); }

Expr bits(Expr x) { return bitcastTo(x, IntegerType::get(x.getType().getContext(), x.getWidth())); }

Expr fromBits(Expr x) {
  MLIRContext *context = x.getType().getContext();
  return bitcastTo(x, x.getWidth() == 64 ? Type(Float64Type::get(context)) : Type(Float32Type::get(context)));
}

Expr signExtend(Expr x, unsigned width) {
  return cast<arith::ExtSIOp>(x, IntegerType::get(x.getType().getContext(), width));
}

Expr toInteger(Expr x, unsigned width) {
  Type type = IntegerType::get(x.getType().getContext(), width);
  if (width == x.getWidth())
    return x;
  return width > x.getWidth() ? cast<arith::ExtUIOp>(x, type) : cast<arith::TruncIOp>(x, type);
}

Expr toFloat(Expr x) {
  MLIRContext *context = x.getType().getContext();
  return cast<arith::SIToFPOp>(x,
                               x.getWidth() == 64 ? Type(Float64Type::get(context)) : Type(Float32Type::get(context)));
}

Expr convertFloat(Expr x, Type element) {
  if (element == x.getElementType())
    return x;
  return element.getIntOrFloatBitWidth() > x.getWidth() ? cast<arith::ExtFOp>(x, element)
                                                        : cast<arith::TruncFOp>(x, element);
}

Value anyLane(Expr condition) {
  auto vector = dyn_cast<VectorType>(condition.getType());
  if (!vector)
    return condition.get();
  ImplicitLocOpBuilder &builder = condition.getBuilder();
  if (vector.getRank() == 1)
    return vector::ReductionOp::create(builder, vector::CombiningKind::OR, condition.get());
  auto part = [&](int64_t i) { return condition.wrap(vector::ExtractOp::create(builder, condition.get(), i)); };
  Expr any = part(0);
  for (int64_t i = 1; i < vector.getDimSize(0); ++i)
    any = any | part(i);
  return anyLane(any);
}

Expr polynomial(Expr x, ArrayRef<double> coefficients) {
  Expr sum = x.constant(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = fma(sum, x, coefficient);
  return sum;
}

Pair fastTwoSum(Expr a, Expr b) {
  Expr sum = a + b;
  return {sum, b - (sum - a)};
}

Pair twoSum(Expr a, Expr b) {
  Expr sum = a + b;
  Expr fromB = sum - a;
  Expr fromA = sum - fromB;
  Expr errorA = a - fromA;
  Expr errorB = b - fromB;
  return {sum, errorA + errorB};
}

Pair twoProduct(Expr a, Expr b) {
  Expr product = a * b;
  return {product, fma(a, b, -product)};
}

Pair operator*(Pair a, Pair b) {
  Pair product = twoProduct(a.high, b.high);
  Expr cross = fma(a.high, b.low, a.low * b.high);
  return fastTwoSum(product.high, product.low + cross);
}

Pair operator*(Pair a, Expr b) {
  Pair product = twoProduct(a.high, b);
  return fastTwoSum(product.high, fma(a.low, b, product.low));
}

Pair addSmaller(Pair a, Pair b) {
  Pair sum = fastTwoSum(a.high, b.high);
  Expr low = sum.low + (a.low + b.low);
  return fastTwoSum(sum.high, low);
}

} // namespace mlxir::expansion
