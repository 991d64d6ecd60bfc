// Scalars of kernel bodies as values to calculate with, so that an op record can state what one element is as a
// formula: `1 / (1 + exp(-x))` emits arith and math ops. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_SCALAR_H
#define MLXIR_DIALECT_SCALAR_H

#include "dialect/Attributes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

#include <limits>

namespace mlxir::rules {

/// Where ops are emitted.
struct Site {
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// A number of one type class, or a literal that takes its type from what it meets. A vector counts as its elements.
class Scalar {
public:
  Scalar(double literal) : literal(literal) {}
  Scalar(int literal) : literal(literal) {}
  Scalar(const Site &site, mlir::Value value, TypeClass typeClass) : site(&site), value(value), cls(typeClass) {}

  bool isLiteral() const { return !value; }
  double number() const { return literal; }
  TypeClass typeClass() const { return cls; }
  /// Its value in the IR; a literal takes the type of `like`.
  mlir::Value in(const Scalar &like) const;
  mlir::Value get() const { return in(*this); }
  const Site &where() const { return *site; }

  /// The op `OpT` on this and further operands of the same type.
  template <typename OpT, typename... Ts> Scalar apply(const Ts &...others) const {
    return make(OpT::create(site->builder, site->loc, get(), others.in(*this)...));
  }
  Scalar make(mlir::Value result) const { return Scalar(*site, result, cls); }
  Scalar makeBool(mlir::Value result) const { return Scalar(*site, result, TypeClass::Bool); }

private:
  const Site *site = nullptr;
  mlir::Value value;
  TypeClass cls = TypeClass::Float;
  double literal = 0;
};

template <typename OpT, typename... Ts> Scalar apply(const Scalar &x, const Ts &...others) {
  return x.apply<OpT>(others...);
}
template <> Scalar apply<mlir::arith::SelectOp>(const Scalar &condition, const Scalar &x, const Scalar &y);

// Operators choose the op by type class. Arithmetic is not for bools, `& | !` serve them.
Scalar operator+(const Scalar &x, const Scalar &y);
Scalar operator-(const Scalar &x, const Scalar &y);
Scalar operator*(const Scalar &x, const Scalar &y);
Scalar operator/(const Scalar &x, const Scalar &y); // floats only: a quotient of integers has to say how it rounds
Scalar operator-(const Scalar &x);
Scalar operator&(const Scalar &x, const Scalar &y);
Scalar operator|(const Scalar &x, const Scalar &y);
Scalar operator^(const Scalar &x, const Scalar &y);
Scalar operator!(const Scalar &x);
inline Scalar operator&&(const Scalar &x, const Scalar &y) { return x & y; }
inline Scalar operator||(const Scalar &x, const Scalar &y) { return x | y; }
Scalar operator==(const Scalar &x, const Scalar &y);
Scalar operator!=(const Scalar &x, const Scalar &y);
Scalar operator<(const Scalar &x, const Scalar &y);
Scalar operator<=(const Scalar &x, const Scalar &y);
inline Scalar operator>(const Scalar &x, const Scalar &y) { return y < x; }
inline Scalar operator>=(const Scalar &x, const Scalar &y) { return y <= x; }

Scalar select(const Scalar &condition, const Scalar &x, const Scalar &y);
/// NaN if one of them is NaN.
Scalar max(const Scalar &x, const Scalar &y);
Scalar min(const Scalar &x, const Scalar &y);
Scalar abs(const Scalar &x);
inline Scalar exp(const Scalar &x) { return x.apply<mlir::math::ExpOp>(); }
inline Scalar log1p(const Scalar &x) { return x.apply<mlir::math::Log1pOp>(); }
inline Scalar floor(const Scalar &x) { return x.apply<mlir::math::FloorOp>(); }
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// Quotient of integers, rounded towards zero; 0 if y is 0, x if x / y cannot be represented. It never traps.
Scalar truncatedQuotient(const Scalar &x, const Scalar &y);
/// Power of integers by repeated squaring.
Scalar integerPower(const Scalar &x, const Scalar &y);

/// Whether `count` is less than the width of its type, taken as unsigned.
Scalar isShiftCount(const Scalar &count);
/// A count that may be shifted by: `count` if it is less than the width, else 0.
Scalar shiftCount(const Scalar &count);
/// The largest count that may be shifted by.
Scalar lastShiftCount(const Scalar &count);

/// `x`, an element of type `from`, as an element of type `to` (element types of the dialect).
Scalar convert(const Scalar &x, mlir::Type from, mlir::Type to);
Scalar convertBits(const Scalar &x, mlir::Type to);

/// What a body is evaluated with: the operands of one element. 16-bit floats are widened to f32 for the body, so that
/// the element is rounded once, at the end.
class Scalars {
public:
  Scalars(mlir::OpBuilder &builder, mlir::Location loc, mlir::Operation *op, mlir::ValueRange operands,
          mlir::Type element, bool widen)
      : site{builder, loc}, op(op), operands(operands), element(element), widen(widen) {}

  Scalar operator[](unsigned operand) const;
  mlir::Value finish(const Scalar &result) const;
  /// A value of type index as an element of the result.
  Scalar fromIndex(mlir::Value index) const;

private:
  Site site;
  mlir::Operation *op;
  mlir::ValueRange operands;
  mlir::Type element;
  bool widen;
};

/// The type class that chooses the body: that of the first operand, or of the result if there is none.
TypeClass bodyClass(mlir::Operation *op);

/// What a fold is evaluated with. Accumulators of 16-bit floats are f32.
class Fold {
public:
  Fold(mlir::OpBuilder &builder, mlir::Location loc, mlir::Operation *op);

  Scalar scalar(mlir::Value accumulator) const { return Scalar(site, accumulator, cls); }
  mlir::Value accumulator(const Scalar &x) const;
  Scalar lowest() const;  // no element is less
  Scalar highest() const; // no element is greater
  mlir::Value widened(mlir::Value x) const;
  mlir::Value narrowed(mlir::Value accumulator, mlir::Type element) const;

  // Folds that look for a position have two accumulators, a value and where it is.
  mlir::Value position(mlir::Value index) const;
  mlir::Value lastPosition() const;
  /// The accumulators whose value beats the other's; equal values: whose position is first.
  void choose(const Scalar &beats, mlir::ValueRange a, mlir::ValueRange b,
              llvm::SmallVectorImpl<mlir::Value> &accumulators) const;

private:
  Site site;
  mlir::Type type; // of the accumulator
  TypeClass cls;
};

/// Scalar type in which elements of `operand` are folded.
mlir::Type accumulatorType(mlir::Type operand);
/// Scalar type of a position: that of the result of argmax.
mlir::Type positionType(mlir::MLIRContext *context);
llvm::SmallVector<int64_t> sortedAxes(llvm::ArrayRef<int64_t> axes);

} // namespace mlxir::rules

#endif // MLXIR_DIALECT_SCALAR_H
