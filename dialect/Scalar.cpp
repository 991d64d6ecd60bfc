// What operators on scalars emit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Scalar.h"

#include "dialect/Ops.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace mlxir;
using namespace mlxir::rules;

static bool isFloatScalar(const Scalar &x) { return x.typeClass() == TypeClass::Float; }
static bool isSignedScalar(const Scalar &x) { return x.typeClass() == TypeClass::Signed; }

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

static TypedAttr numberAttr(Type element, double number) {
  if (auto floatType = dyn_cast<FloatType>(element))
    return FloatAttr::get(floatType, number);
  auto integer = cast<IntegerType>(element);
  return IntegerAttr::get(integer, APInt(integer.getWidth(), static_cast<int64_t>(number), true, true));
}

static Value buildConstant(const Site &site, Type type, TypedAttr attr) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    attr = DenseElementsAttr::get(shaped, static_cast<Attribute>(attr));
  return arith::ConstantOp::create(site.builder, site.loc, type, attr);
}

static Scalar constantLike(const Scalar &x, TypedAttr attr) {
  return x.make(buildConstant(x.where(), x.get().getType(), attr));
}

Value Scalar::in(const Scalar &like) const {
  if (value)
    return value;
  assert(like.value && "a formula needs one operand that is no literal");
  Type type = like.value.getType();
  return buildConstant(*like.site, type, numberAttr(getElementTypeOrSelf(type), literal));
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// The operand that gives a literal its type.
static Scalar leader(const Scalar &x, const Scalar &y) { return x.isLiteral() ? y : x; }

template <typename FloatOp, typename IntegerOp> static Scalar arithmetic(const Scalar &x, const Scalar &y) {
  Scalar lead = leader(x, y);
  const Site &site = lead.where();
  assert(lead.typeClass() != TypeClass::Bool && "bools are not numbers");
  if (isFloatScalar(lead))
    return lead.make(FloatOp::create(site.builder, site.loc, x.in(lead), y.in(lead)));
  return lead.make(IntegerOp::create(site.builder, site.loc, x.in(lead), y.in(lead)));
}

template <typename OpT> static Scalar bitwise(const Scalar &x, const Scalar &y) {
  Scalar lead = leader(x, y);
  return lead.make(OpT::create(lead.where().builder, lead.where().loc, x.in(lead), y.in(lead)));
}

Scalar rules::operator+(const Scalar &x, const Scalar &y) { return arithmetic<arith::AddFOp, arith::AddIOp>(x, y); }
Scalar rules::operator-(const Scalar &x, const Scalar &y) { return arithmetic<arith::SubFOp, arith::SubIOp>(x, y); }
Scalar rules::operator*(const Scalar &x, const Scalar &y) { return arithmetic<arith::MulFOp, arith::MulIOp>(x, y); }
Scalar rules::operator/(const Scalar &x, const Scalar &y) {
  assert(isFloatScalar(leader(x, y)) && "use truncatedQuotient for integers");
  return bitwise<arith::DivFOp>(x, y);
}
Scalar rules::operator-(const Scalar &x) { return isFloatScalar(x) ? x.apply<arith::NegFOp>() : 0 - x; }

Scalar rules::operator&(const Scalar &x, const Scalar &y) { return bitwise<arith::AndIOp>(x, y); }
Scalar rules::operator|(const Scalar &x, const Scalar &y) { return bitwise<arith::OrIOp>(x, y); }
Scalar rules::operator^(const Scalar &x, const Scalar &y) { return bitwise<arith::XOrIOp>(x, y); }
Scalar rules::operator!(const Scalar &x) { return x ^ 1; }

static Scalar compare(const Scalar &x, const Scalar &y, arith::CmpFPredicate ofFloats, arith::CmpIPredicate ofSigned,
                      arith::CmpIPredicate ofUnsigned) {
  Scalar lead = leader(x, y);
  const Site &site = lead.where();
  if (isFloatScalar(lead))
    return lead.makeBool(arith::CmpFOp::create(site.builder, site.loc, ofFloats, x.in(lead), y.in(lead)));
  arith::CmpIPredicate predicate = isSignedScalar(lead) ? ofSigned : ofUnsigned;
  return lead.makeBool(arith::CmpIOp::create(site.builder, site.loc, predicate, x.in(lead), y.in(lead)));
}

Scalar rules::operator==(const Scalar &x, const Scalar &y) {
  return compare(x, y, arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq, arith::CmpIPredicate::eq);
}
Scalar rules::operator!=(const Scalar &x, const Scalar &y) {
  return compare(x, y, arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne, arith::CmpIPredicate::ne);
}
Scalar rules::operator<(const Scalar &x, const Scalar &y) {
  return compare(x, y, arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt, arith::CmpIPredicate::ult);
}
Scalar rules::operator<=(const Scalar &x, const Scalar &y) {
  return compare(x, y, arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle, arith::CmpIPredicate::ule);
}

Scalar rules::select(const Scalar &condition, const Scalar &x, const Scalar &y) {
  const Site &site = condition.where();
  // With two literals there is nothing to tell their type.
  Scalar lead = leader(x, y);
  assert(!lead.isLiteral() && "a choice needs one operand that is no literal");
  return lead.make(arith::SelectOp::create(site.builder, site.loc, condition.get(), x.in(lead), y.in(lead)));
}

template <> Scalar rules::apply<arith::SelectOp>(const Scalar &condition, const Scalar &x, const Scalar &y) {
  return rules::select(condition, x, y);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

// `x > y ? x : y` is one instruction on every target, and y if one of them is NaN; what is left is x being NaN.
Scalar rules::max(const Scalar &x, const Scalar &y) {
  if (!isFloatScalar(x))
    return isSignedScalar(x) ? x.apply<arith::MaxSIOp>(y) : x.apply<arith::MaxUIOp>(y);
  return select(x != x, x, select(x > y, x, y));
}

Scalar rules::min(const Scalar &x, const Scalar &y) {
  if (!isFloatScalar(x))
    return isSignedScalar(x) ? x.apply<arith::MinSIOp>(y) : x.apply<arith::MinUIOp>(y);
  return select(x != x, x, select(x < y, x, y));
}

Scalar rules::abs(const Scalar &x) { return isFloatScalar(x) ? x.apply<math::AbsFOp>() : select(x < 0, -x, x); }

Scalar rules::truncatedQuotient(const Scalar &x, const Scalar &y) {
  // A literal 1 replaces every divisor that the division traps on.
  if (!isSignedScalar(x))
    return select(y == 0, 0, x.apply<arith::DivUIOp>(select(y == 0, 1, y)));
  Scalar traps = y == 0 || y == -1;
  Scalar quotient = x.apply<arith::DivSIOp>(select(traps, 1, y));
  return select(traps, select(y == 0, 0, -x), quotient);
}

static unsigned widthOf(const Scalar &x) { return getElementTypeOrSelf(x.get().getType()).getIntOrFloatBitWidth(); }

Scalar rules::integerPower(const Scalar &x, const Scalar &y) {
  Scalar one = constantLike(x, numberAttr(getElementTypeOrSelf(x.get().getType()), 1));
  Scalar result = one, square = x, exponent = y;
  unsigned width = widthOf(x);
  for (unsigned bit = 0; bit < width; ++bit) {
    result = select((exponent & 1) != 0, result * square, result);
    if (bit + 1 == width)
      break;
    square = square * square;
    exponent = exponent.apply<arith::ShRUIOp>(one);
  }
  if (!isSignedScalar(x))
    return result;
  // 1 and -1 have negative powers, which their bits give; of others they are less than 1.
  return select(y < 0 && x != 1 && x != -1, 0, result);
}

Scalar rules::isShiftCount(const Scalar &count) {
  Scalar bits(count.where(), count.get(), TypeClass::Unsigned);
  return bits < static_cast<int>(widthOf(count));
}
Scalar rules::shiftCount(const Scalar &count) { return select(isShiftCount(count), count, 0); }
Scalar rules::lastShiftCount(const Scalar &count) {
  return constantLike(count, numberAttr(getElementTypeOrSelf(count.get().getType()), widthOf(count) - 1));
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// `type`, or the vector of it that is shaped like `value`.
static Type shapedLike(Value value, Type type) {
  auto shaped = dyn_cast<ShapedType>(value.getType());
  return shaped ? shaped.clone(type) : type;
}

template <typename OpT> static Value convertWith(const Site &site, Value x, Type to) {
  to = shapedLike(x, to);
  return x.getType() == to ? x : OpT::create(site.builder, site.loc, to, x).getResult();
}

static Value resizeFloat(const Site &site, Value x, FloatType to) {
  unsigned from = getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth();
  if (getElementTypeOrSelf(x.getType()) == to)
    return x;
  // f16 and bf16 are equally wide: by way of f32, which holds both.
  if (from == 16 && to.getWidth() == 16)
    x = convertWith<arith::ExtFOp>(site, x, site.builder.getF32Type()), from = 32;
  return from < to.getWidth() ? convertWith<arith::ExtFOp>(site, x, to) : convertWith<arith::TruncFOp>(site, x, to);
}

static Value resizeInteger(const Site &site, Value x, bool fromSigned, IntegerType to) {
  unsigned from = getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth();
  if (from > to.getWidth())
    return convertWith<arith::TruncIOp>(site, x, to);
  return fromSigned ? convertWith<arith::ExtSIOp>(site, x, to) : convertWith<arith::ExtUIOp>(site, x, to);
}

/// The integer nearest to a truncated float, 0 for NaN. In the comparisons, `limit` (2^63, 2^31 or 2^64) is exact.
static Scalar saturate(const Scalar &x, IntegerType to, bool isSignedResult) {
  const Site &site = x.where();
  unsigned width = to.getWidth();
  double limit = std::ldexp(1.0, isSignedResult ? width - 1 : width);
  double low = isSignedResult ? -limit : 0;
  Scalar fits = (x >= low) && (x < limit);
  Scalar safe = select(fits, x, 0);
  Value whole = isSignedResult ? convertWith<arith::FPToSIOp>(site, safe.get(), to)
                               : convertWith<arith::FPToUIOp>(site, safe.get(), to);
  Scalar result(site, whole, isSignedResult ? TypeClass::Signed : TypeClass::Unsigned);
  auto end = [&](APInt value) { return constantLike(result, IntegerAttr::get(to, value)); };
  Scalar lowEnd = end(isSignedResult ? APInt::getSignedMinValue(width) : APInt::getZero(width));
  Scalar highEnd = end(isSignedResult ? APInt::getSignedMaxValue(width) : APInt::getMaxValue(width));
  return select(x < low, lowEnd, select(x >= limit, highEnd, result));
}

static Scalar floatToInteger(const Scalar &x, IntegerType to, bool toSigned) {
  const Site &site = x.where();
  MLIRContext *context = to.getContext();
  if (to.getWidth() < 64 || toSigned) {
    // Through a wider signed integer: what is beyond the range of a narrow one keeps its low bits.
    bool needs64 = to.getWidth() == 64 || (to.getWidth() == 32 && !toSigned);
    Scalar wide = saturate(x, IntegerType::get(context, needs64 ? 64 : 32), true);
    return Scalar(site, resizeInteger(site, wide.get(), true, to), toSigned ? TypeClass::Signed : TypeClass::Unsigned);
  }
  Scalar negative = saturate(x, to, true);
  Scalar positive = saturate(x, to, false);
  return select(x < 0, Scalar(site, negative.get(), TypeClass::Unsigned), positive);
}

Scalar rules::convert(const Scalar &x, Type from, Type to) {
  const Site &site = x.where();
  from = getElementTypeOrSelf(from);
  to = getElementTypeOrSelf(to);
  TypeClass source = getTypeClass(from), target = getTypeClass(to);
  Scalar self(site, x.get(), source);
  if (from == to)
    return self;
  if (target == TypeClass::Bool)
    return self != 0;
  if (target == TypeClass::Float) {
    auto type = cast<FloatType>(to);
    if (source == TypeClass::Float)
      return Scalar(site, resizeFloat(site, self.get(), type), target);
    // Narrow floats by way of f32, as for any other result.
    Type step = type.getWidth() == 16 ? site.builder.getF32Type() : to;
    Value value = source == TypeClass::Signed ? convertWith<arith::SIToFPOp>(site, self.get(), step)
                                              : convertWith<arith::UIToFPOp>(site, self.get(), step);
    return Scalar(site, resizeFloat(site, value, type), target);
  }
  auto type = cast<IntegerType>(getScalarType(to));
  if (source == TypeClass::Float) {
    FloatType wide = site.builder.getF32Type();
    if (getElementTypeOrSelf(self.get().getType()).getIntOrFloatBitWidth() == 16)
      self = self.make(resizeFloat(site, self.get(), wide));
    return floatToInteger(self, type, target == TypeClass::Signed);
  }
  return Scalar(site, resizeInteger(site, self.get(), source == TypeClass::Signed, type), target);
}

Scalar rules::convertBits(const Scalar &x, Type to) {
  Type scalar = getScalarType(getElementTypeOrSelf(to));
  return Scalar(x.where(), convertWith<arith::BitcastOp>(x.where(), x.get(), scalar), getTypeClass(to));
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

static bool isNarrowFloat(Type type) {
  type = getElementTypeOrSelf(type);
  return isa<FloatType>(type) && type.getIntOrFloatBitWidth() == 16;
}

Scalar Scalars::operator[](unsigned operand) const {
  Value value = operands[operand];
  // What is asked of a bitcast are the bits of the type itself.
  if (widen && isNarrowFloat(value.getType()) && !isa<BitcastOp>(op))
    value = resizeFloat(site, value, site.builder.getF32Type());
  return Scalar(site, value, getTypeClass(op->getOperand(operand).getType()));
}

Value Scalars::finish(const Scalar &result) const {
  Value value = result.get();
  Type type = getElementTypeOrSelf(value.getType());
  if (widen && type.isF32() && isNarrowFloat(element))
    return resizeFloat(site, value, cast<FloatType>(getElementTypeOrSelf(element)));
  return value;
}

Scalar Scalars::fromIndex(Value index) const {
  Value word = convertWith<arith::IndexCastOp>(site, index, site.builder.getI64Type());
  return convert(Scalar(site, word, TypeClass::Signed), site.builder.getI64Type(), op->getResult(0).getType());
}

TypeClass rules::bodyClass(Operation *op) {
  return getTypeClass(op->getNumOperands() ? op->getOperand(0).getType() : op->getResult(0).getType());
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

Type rules::accumulatorType(Type operand) {
  Type element = getElementTypeOrSelf(operand);
  return isNarrowFloat(element) ? Float32Type::get(element.getContext()) : getScalarType(element);
}

Fold::Fold(OpBuilder &builder, Location loc, Operation *op)
    : site{builder, loc}, type(accumulatorType(op->getOperand(0).getType())),
      cls(getTypeClass(op->getOperand(0).getType())) {}

Value Fold::accumulator(const Scalar &x) const {
  return x.isLiteral() ? buildConstant(site, type, numberAttr(type, x.number())) : x.get();
}

static Value buildExtreme(const Site &site, Type type, TypeClass cls, bool isHighest) {
  if (auto floatType = dyn_cast<FloatType>(type))
    return buildConstant(site, type, FloatAttr::get(type, APFloat::getInf(floatType.getFloatSemantics(), !isHighest)));
  unsigned width = type.getIntOrFloatBitWidth();
  APInt value = cls == TypeClass::Signed
                    ? (isHighest ? APInt::getSignedMaxValue(width) : APInt::getSignedMinValue(width))
                    : (isHighest ? APInt::getMaxValue(width) : APInt::getZero(width));
  return buildConstant(site, type, IntegerAttr::get(type, value));
}

Scalar Fold::lowest() const { return Scalar(site, buildExtreme(site, type, cls, false), cls); }
Scalar Fold::highest() const { return Scalar(site, buildExtreme(site, type, cls, true), cls); }

Value Fold::widened(Value x) const {
  return isNarrowFloat(x.getType()) ? resizeFloat(site, x, site.builder.getF32Type()) : x;
}

Value Fold::narrowed(Value accumulator, Type element) const {
  if (isNarrowFloat(element))
    return resizeFloat(site, accumulator, cast<FloatType>(getElementTypeOrSelf(element)));
  return accumulator;
}

Type rules::positionType(MLIRContext *context) { return IntegerType::get(context, 32); }

Value Fold::position(Value index) const {
  return convertWith<arith::IndexCastOp>(site, index, positionType(index.getContext()));
}

Value Fold::lastPosition() const {
  Type position = positionType(type.getContext());
  return buildConstant(site, position, IntegerAttr::get(position, APInt::getMaxValue(32)));
}

void Fold::choose(const Scalar &beats, ValueRange a, ValueRange b, SmallVectorImpl<Value> &accumulators) const {
  Scalar x = scalar(a[0]), y = scalar(b[0]);
  Scalar xAt(site, a[1], TypeClass::Unsigned), yAt(site, b[1], TypeClass::Unsigned);
  Scalar isFirst = xAt < yAt;
  Scalar choice = beats || (x == y && isFirst);
  if (cls == TypeClass::Float) {
    Scalar xIsNan = x != x, yIsNan = y != y;
    choice = choice || (xIsNan && (!yIsNan || isFirst));
  }
  accumulators.push_back(select(choice, x, y).get());
  accumulators.push_back(select(choice, xAt, yAt).get());
}

SmallVector<int64_t> rules::sortedAxes(ArrayRef<int64_t> axes) {
  SmallVector<int64_t> sorted(axes);
  llvm::sort(sorted);
  return sorted;
}
