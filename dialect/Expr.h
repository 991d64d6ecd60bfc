// Array values to calculate with, so that derivative rules can be written as formulas: `ct * (1 - result * result)`
// builds ops of the dialect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_EXPR_H
#define MLXIR_DIALECT_EXPR_H

#include "dialect/Ops.h"

namespace mlxir::rules {

/// A value, or a number that takes its type from what it meets. The number 0 doubles as the gradient that vanishes:
/// what is added to it or multiplied by it builds no op.
class Expr {
public:
  Expr() = default;
  Expr(double number) : number(number) {}
  Expr(int number) : number(number) {}
  Expr(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value) : builder(&builder), loc(loc), value(value) {}

  bool isNumber() const { return !value; }
  bool is(double n) const { return isNumber() && number == n; }
  double getNumber() const { return number; }
  /// The value in the IR, null for 0.
  mlir::Value get() const { return value; }
  mlir::OpBuilder &getBuilder() const { return *builder; }
  mlir::Location getLoc() const { return *loc; }
  /// The value, or the number as an array of the type that `like` has.
  mlir::Value in(const Expr &like) const;
  Expr make(mlir::Value result) const { return Expr(*builder, *loc, result); }

private:
  mlir::OpBuilder *builder = nullptr;
  std::optional<mlir::Location> loc;
  mlir::Value value;
  double number = 0;
};

inline const Expr zero;

/// The op `OpT`; numbers become arrays of the type of the last operand that is none.
template <typename OpT> Expr build(std::initializer_list<Expr> operands) {
  const Expr *like = nullptr;
  for (const Expr &operand : operands)
    if (!operand.isNumber())
      like = &operand;
  assert(like && "a formula needs one operand that is no number");
  llvm::SmallVector<mlir::Value, 3> values;
  for (const Expr &operand : operands)
    values.push_back(operand.in(*like));
  return like->make(OpT::create(like->getBuilder(), like->getLoc(), values));
}

// Operators fold numbers, and drop what changes nothing.
Expr operator+(const Expr &x, const Expr &y);
Expr operator-(const Expr &x, const Expr &y);
Expr operator*(const Expr &x, const Expr &y);
Expr operator/(const Expr &x, const Expr &y);
Expr operator-(const Expr &x);
Expr operator==(const Expr &x, const Expr &y);
Expr operator!=(const Expr &x, const Expr &y);
Expr operator<(const Expr &x, const Expr &y);
Expr operator>(const Expr &x, const Expr &y);

/// `x` in the dtype of `like`.
Expr cast(const Expr &x, const Expr &like);

//===----------------------------------------------------------------------===//
// What rules written in C++ are built from
//===----------------------------------------------------------------------===//

/// `number` as an array of `type`: a constant, broadcast.
mlir::Value buildSplat(mlir::OpBuilder &builder, mlir::Location loc, double number, mlir::Type type);
mlir::Value buildZeros(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type);
/// An extent as an array of `type`: a number, or the last position along such a dim and one more.
Expr buildExtent(mlir::OpBuilder &builder, mlir::Location loc, Size extent, mlir::RankedTensorType type);
/// `x` with the dims of `type`. Dims that inference could not tell apart may be written differently; nothing moves.
mlir::Value withType(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::Type type);
/// `x` repeated along a new first dim.
mlir::Value broadcastToBatch(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, Size batch);
/// Each operand with the batch as its first dim.
llvm::SmallVector<mlir::Value> allBatched(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange operands,
                                          llvm::ArrayRef<bool> batched, Size batch);
/// `x` with its dims in another order; `x` itself if that is the order they have.
mlir::Value buildTranspose(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x,
                           llvm::ArrayRef<int64_t> permutation);
/// The permutation that sorts `keys`, which are all different: where the smallest is, the next...
llvm::SmallVector<int64_t> orderOf(llvm::ArrayRef<int64_t> keys);
bool isFloatArray(mlir::Value value);
/// `type` with the batch as its first dim.
mlir::RankedTensorType batchedType(mlir::Type type, Size batch);
/// Axes of an array that has got a new first dim.
llvm::SmallVector<int64_t> shiftedAxes(llvm::ArrayRef<int64_t> axes);
/// An op like `op`, with other operands, another type, and perhaps one other attribute.
mlir::Value rebuild(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange operands, mlir::Type type,
                    mlir::NamedAttribute changed = {mlir::StringAttr(), mlir::Attribute()});

/// The formulas of an elementwise op: the gradient of one operand.
using Formulas = Expr (*)(unsigned operand, Expr ct, Expr result, llvm::ArrayRef<Expr> operands);

llvm::LogicalResult vjpElementwise(mlir::Operation *op, Formulas formulas, mlir::OpBuilder &builder,
                                   mlir::ValueRange cotangents, llvm::ArrayRef<bool> wanted,
                                   llvm::SmallVectorImpl<mlir::Value> &gradients);
/// The sum over operands of the formulas, with their tangent for `ct`: the Jacobian of an elementwise op is diagonal.
llvm::LogicalResult jvpElementwise(mlir::Operation *op, Formulas formulas, mlir::OpBuilder &builder,
                                   mlir::ValueRange tangents, llvm::SmallVectorImpl<mlir::Value> &results);
/// The op itself, on the tangents of its float operands and the values of the others.
llvm::LogicalResult jvpLinear(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange tangents,
                              llvm::SmallVectorImpl<mlir::Value> &results);

llvm::LogicalResult vmapElementwise(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange operands,
                                    llvm::ArrayRef<bool> batched, Size batch,
                                    llvm::SmallVectorImpl<mlir::Value> &results);
llvm::LogicalResult vmapReduce(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange operands,
                               llvm::ArrayRef<bool> batched, Size batch, llvm::SmallVectorImpl<mlir::Value> &results);
llvm::LogicalResult vmapArgReduce(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange operands,
                                  llvm::ArrayRef<bool> batched, Size batch,
                                  llvm::SmallVectorImpl<mlir::Value> &results);

} // namespace mlxir::rules

// tanh(x), select(c, x, y)...
#include "dialect/Exprs.h.inc"

#endif // MLXIR_DIALECT_EXPR_H
