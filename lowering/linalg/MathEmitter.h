// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lets the expansions of math functions be written as formulas: an Expr is an
// SSA value on which C++ operators emit arith and math operations.

#ifndef MLXIR_LOWERING_LINALG_MATHEMITTER_H
#define MLXIR_LOWERING_LINALG_MATHEMITTER_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/ArrayRef.h"

namespace mlxir::expansion {

/// A number written in a formula; it takes the type of the value beside it.
struct Number {
  Number(double value) : real(value), integer(0) {
    if (value > -0x1p63 && value < 0x1p63)
      integer = static_cast<int64_t>(value);
  }
  Number(int value) : real(value), integer(value) {}
  Number(int64_t value) : real(double(value)), integer(value) {}
  Number(uint32_t value) : real(value), integer(value) {}
  Number(uint64_t value) : real(double(value)), integer(int64_t(value)) {}
  double real;
  int64_t integer;
};

/// A scalar or vector of a float type, an integer type or i1. The operators
/// choose float or integer operations by that type; two operands have one type.
class Expr {
public:
  Expr(mlir::ImplicitLocOpBuilder &builder, mlir::Value value) : builder(&builder), value(value) {}

  mlir::Value get() const { return value; }
  mlir::ImplicitLocOpBuilder &getBuilder() const { return *builder; }
  mlir::Type getType() const { return value.getType(); }
  mlir::Type getElementType() const;
  bool isFloat() const { return llvm::isa<mlir::FloatType>(getElementType()); }
  bool isF64() const { return getElementType().isF64(); }
  unsigned getWidth() const { return getElementType().getIntOrFloatBitWidth(); }
  /// This value's type with another element type.
  mlir::Type getTypeWith(mlir::Type element) const;
  /// A constant of this value's type.
  Expr constant(Number number) const;
  Expr wrap(mlir::Value other) const { return {*builder, other}; }

private:
  mlir::ImplicitLocOpBuilder *builder;
  mlir::Value value;
};

/// The layout of a 32- or 64-bit float: stored mantissa bits, exponent bias.
struct FloatLayout {
  explicit FloatLayout(Expr x) : mantissa(x.getWidth() == 64 ? 52 : 23), bias(x.getWidth() == 64 ? 1023 : 127) {}
  unsigned mantissa;
  int bias;
  /// The bits of 2^exponent.
  uint64_t power(int exponent) const { return uint64_t(exponent + bias) << mantissa; }
  uint64_t mantissaMask() const { return (uint64_t(1) << mantissa) - 1; }
  uint64_t infinity() const { return uint64_t(2 * bias + 1) << mantissa; }
  /// 2^mantissa, from which on floats are integers.
  double integerSpacing() const { return double(uint64_t(1) << mantissa); }
  /// Added to a small number, leaves its nearest integer in the low bits.
  double roundingMagic() const { return 1.5 * integerSpacing(); }
};

/// The constant or coefficients for the precision of `x`.
inline double pick(Expr x, double f32, double f64) { return x.isF64() ? f64 : f32; }
inline llvm::ArrayRef<double> pick(Expr x, llvm::ArrayRef<double> f32, llvm::ArrayRef<double> f64) {
  return x.isF64() ? f64 : f32;
}

// Arithmetic. `%` and integer division are left out: no vector unit has them.
Expr operator+(Expr a, Expr b);
Expr operator-(Expr a, Expr b);
Expr operator*(Expr a, Expr b);
Expr operator/(Expr a, Expr b);
Expr operator-(Expr a);
inline Expr operator+(Expr a, Number b) { return a + a.constant(b); }
inline Expr operator-(Expr a, Number b) { return a - a.constant(b); }
inline Expr operator*(Expr a, Number b) { return a * a.constant(b); }
inline Expr operator/(Expr a, Number b) { return a / a.constant(b); }
inline Expr operator+(Number a, Expr b) { return b.constant(a) + b; }
inline Expr operator-(Number a, Expr b) { return b.constant(a) - b; }
inline Expr operator*(Number a, Expr b) { return b.constant(a) * b; }
inline Expr operator/(Number a, Expr b) { return b.constant(a) / b; }

/// a * b + c, rounded once.
Expr fma(Expr a, Expr b, Expr c);
inline Expr fma(Expr a, Number b, Expr c) { return fma(a, a.constant(b), c); }
inline Expr fma(Expr a, Expr b, Number c) { return fma(a, b, a.constant(c)); }
inline Expr fma(Expr a, Number b, Number c) { return fma(a, a.constant(b), a.constant(c)); }
Expr sqrt(Expr x);
Expr abs(Expr x);
Expr floor(Expr x);
Expr trunc(Expr x);
Expr roundEven(Expr x);
Expr copySign(Expr magnitude, Expr sign);

// Integers: bits and shifts.
Expr operator&(Expr a, Expr b);
Expr operator|(Expr a, Expr b);
Expr operator^(Expr a, Expr b);
inline Expr operator&(Expr a, Number b) { return a & a.constant(b); }
inline Expr operator|(Expr a, Number b) { return a | a.constant(b); }
inline Expr operator^(Expr a, Number b) { return a ^ a.constant(b); }
/// The complement of a condition or of an integer's bits.
Expr operator~(Expr a);
Expr shiftLeft(Expr a, Expr amount);
Expr shiftRight(Expr a, Expr amount);
Expr shiftRightSigned(Expr a, Expr amount);
inline Expr shiftLeft(Expr a, Number n) { return shiftLeft(a, a.constant(n)); }
inline Expr shiftRight(Expr a, Number n) { return shiftRight(a, a.constant(n)); }
inline Expr shiftRightSigned(Expr a, Number n) { return shiftRightSigned(a, a.constant(n)); }

// Comparisons. Of floats they are false for a NaN, but `!=`, which is true;
// of integers they are signed, but `below`.
Expr operator<(Expr a, Expr b);
Expr operator<=(Expr a, Expr b);
Expr operator>(Expr a, Expr b);
Expr operator>=(Expr a, Expr b);
Expr operator==(Expr a, Expr b);
Expr operator!=(Expr a, Expr b);
Expr below(Expr a, Expr b);
inline Expr operator<(Expr a, Number b) { return a < a.constant(b); }
inline Expr operator<=(Expr a, Number b) { return a <= a.constant(b); }
inline Expr operator>(Expr a, Number b) { return a > a.constant(b); }
inline Expr operator>=(Expr a, Number b) { return a >= a.constant(b); }
inline Expr operator==(Expr a, Number b) { return a == a.constant(b); }
inline Expr operator!=(Expr a, Number b) { return a != a.constant(b); }
inline Expr below(Expr a, Number b) { return below(a, a.constant(b)); }
/// Whether either operand is a NaN.
Expr unordered(Expr a, Expr b);
inline Expr isNaN(Expr x) { return unordered(x, x); }

Expr select(Expr condition, Expr a, Expr b);
inline Expr select(Expr condition, Expr a, Number b) { return select(condition, a, a.constant(b)); }
inline Expr select(Expr condition, Number a, Expr b) { return select(condition, b.constant(a), b); }
/// The smaller or larger of the two; a NaN in `x` is kept. One x86 instruction.
inline Expr clampAbove(Expr x, Number limit) {
  Expr bound = x.constant(limit);
  return select(bound < x, bound, x);
}
inline Expr clampBelow(Expr x, Number limit) {
  Expr bound = x.constant(limit);
  return select(bound > x, bound, x);
}

// Conversions.
Expr bits(Expr x);
Expr fromBits(Expr x);
Expr bitcastTo(Expr x, mlir::Type element);
Expr signExtend(Expr x, unsigned width);
/// Zero-extends, truncates or keeps an integer, or a condition.
Expr toInteger(Expr x, unsigned width);
Expr toFloat(Expr signedInteger);
Expr convertFloat(Expr x, mlir::Type element);

/// Whether a condition holds in any lane, as one i1.
mlir::Value anyLane(Expr condition);

/// c[0] + c[1] x + c[2] x^2 + ..., by fma from the last coefficient.
Expr polynomial(Expr x, llvm::ArrayRef<double> coefficients);

/// The unevaluated sum of two floats, |low| at most half an ulp of |high|.
struct Pair {
  Expr high, low;
};
/// a + b exactly; |a| >= |b| or a == 0.
Pair fastTwoSum(Expr a, Expr b);
/// a + b exactly.
Pair twoSum(Expr a, Expr b);
/// a * b exactly (but for underflow).
Pair twoProduct(Expr a, Expr b);
Pair operator*(Pair a, Pair b);
Pair operator*(Pair a, Expr b);
/// a + b; |a| >= |b|.
Pair addSmaller(Pair a, Pair b);

} // namespace mlxir::expansion

#endif // MLXIR_LOWERING_LINALG_MATHEMITTER_H
