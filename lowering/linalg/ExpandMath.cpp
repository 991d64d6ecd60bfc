// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the operation that each expansion replaces, and wraps the expansions
// on 16-bit floats in conversions.

#include "lowering/linalg/ExpandMath.h"

#include "lowering/linalg/MathExpansions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlxir {
#define GEN_PASS_DEF_EXPANDMATH
#include "lowering/linalg/ExpandMath.h.inc"
} // namespace mlxir

using namespace mlir;
using namespace mlxir::expansion;

namespace mlxir {
namespace {

bool isScalarOrVector(Type type) { return !isa<ShapedType>(type) || isa<VectorType>(type); }

/// Whether a value is an f16 or bf16, for which f32 is used instead.
bool isHalfFloat(Type type) {
  Type element = getElementTypeOrSelf(type);
  return isScalarOrVector(type) && (element.isF16() || element.isBF16());
}

bool isWideFloat(Type type) {
  Type element = getElementTypeOrSelf(type);
  return isScalarOrVector(type) && (element.isF32() || element.isF64());
}

Expr widened(Expr x) {
  return isHalfFloat(x.getType()) ? widenFloat(x, Float32Type::get(x.getType().getContext())) : x;
}

/// Replaces a function of one float by its expansion.
template <typename Op> struct ExpandUnary : OpRewritePattern<Op> {
  using Expansion = Expr (*)(Expr);

  /// `forF16` may be simpler: it never sees a number beyond 65504.
  ExpandUnary(MLIRContext *context, Expansion expansion, Expansion forF16 = nullptr)
      : OpRewritePattern<Op>(context), expansion(expansion), forF16(forF16 ? forF16 : expansion) {}

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!isHalfFloat(type) && !isWideFloat(type))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Type element = getElementTypeOrSelf(type);
    Expr x = widened(Expr(builder, op.getOperand()));
    Expr y = element.isF16() ? forF16(x) : expansion(x);
    rewriter.replaceOp(op, narrowFloat(y, element).get());
    return success();
  }

  Expansion expansion, forF16;
};

template <typename Op> struct ExpandBinary : OpRewritePattern<Op> {
  using Expansion = Expr (*)(Expr, Expr);

  ExpandBinary(MLIRContext *context, Expansion expansion) : OpRewritePattern<Op>(context), expansion(expansion) {}

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!isHalfFloat(type) && !isWideFloat(type))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Expr x = widened(Expr(builder, op.getOperand(0)));
    Expr y = widened(Expr(builder, op.getOperand(1)));
    Expr result = expansion(x, y);
    rewriter.replaceOp(op, narrowFloat(result, getElementTypeOrSelf(type)).get());
    return success();
  }

  Expansion expansion;
};

struct ExpandSincos : OpRewritePattern<math::SincosOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::SincosOp op, PatternRewriter &rewriter) const override {
    Type type = op.getOperand().getType();
    if (!isHalfFloat(type) && !isWideFloat(type))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Type element = getElementTypeOrSelf(type);
    Expr x = widened(Expr(builder, op.getOperand()));
    Expr sine = expandSin(x, element.isF16());
    Expr cosine = expandCos(x, element.isF16());
    rewriter.replaceOp(op, {narrowFloat(sine, element).get(), narrowFloat(cosine, element).get()});
    return success();
  }
};

struct ExpandFPowIOp : OpRewritePattern<math::FPowIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::FPowIOp op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!isHalfFloat(type) && !isWideFloat(type))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Expr y = expandFPowI(widened(Expr(builder, op.getLhs())), Expr(builder, op.getRhs()));
    rewriter.replaceOp(op, narrowFloat(y, getElementTypeOrSelf(type)).get());
    return success();
  }
};

struct ExpandIPowIOp : OpRewritePattern<math::IPowIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::IPowIOp op, PatternRewriter &rewriter) const override {
    auto element = dyn_cast<IntegerType>(getElementTypeOrSelf(op.getType()));
    if (!isScalarOrVector(op.getType()) || !element || !llvm::is_contained({8u, 16u, 32u, 64u}, element.getWidth()))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Expr result = expandIPowI(Expr(builder, op.getLhs()), Expr(builder, op.getRhs()));
    rewriter.replaceOp(op, result.get());
    return success();
  }
};

/// The operand brought between the bounds; a NaN among the three stays one.
struct ExpandClamp : OpRewritePattern<math::ClampFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::ClampFOp op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!isHalfFloat(type) && !isWideFloat(type))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    auto operand = [&](Value value) { return widened(Expr(builder, value)).get(); };
    Value result = arith::MaximumFOp::create(builder, operand(op.getValue()), operand(op.getMin()));
    result = arith::MinimumFOp::create(builder, result, operand(op.getMax()));
    Type element = getElementTypeOrSelf(type);
    rewriter.replaceOp(op, narrowFloat(Expr(builder, result), element).get());
    return success();
  }
};

/// Tests of one float's class, of which the bits of the magnitude tell all.
template <typename Op> struct ExpandClass : OpRewritePattern<Op> {
  /// True for a magnitude with `lowest` <= bits < `end`.
  using Bounds = std::pair<APInt, APInt> (*)(const llvm::fltSemantics &);
  ExpandClass(MLIRContext *context, Bounds bounds) : OpRewritePattern<Op>(context), bounds(bounds) {}

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type type = op.getOperand().getType();
    if (!isHalfFloat(type) && !isWideFloat(type))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    auto element = cast<FloatType>(getElementTypeOrSelf(type));
    auto [lowest, end] = bounds(element.getFloatSemantics());
    Expr word = bits(Expr(builder, op.getOperand()));
    Expr magnitude = word & APInt::getSignedMaxValue(element.getWidth()).getZExtValue();
    Expr result = below(magnitude - lowest.getZExtValue(), (end - lowest).getZExtValue());
    rewriter.replaceOp(op, result.get());
    return success();
  }

  Bounds bounds;
};

/// Computes an operation on 16-bit floats in f32.
template <typename Op> struct PromoteToF32 : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type operandType = op->getOperand(0).getType();
    Type resultType = op->getResult(0).getType();
    if (!isHalfFloat(operandType) && !isHalfFloat(resultType))
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(widened(Expr(builder, operand)).get());
    Expr result(builder, op->getResult(0));
    Type widerType = isHalfFloat(resultType) ? result.getTypeWith(rewriter.getF32Type()) : resultType;
    Operation *wider = rewriter.create(op.getLoc(), op->getName().getIdentifier(), operands, widerType, op->getAttrs());
    Value value = wider->getResult(0);
    if (isHalfFloat(resultType))
      value = narrowFloat(Expr(builder, value), getElementTypeOrSelf(resultType)).get();
    rewriter.replaceOp(op, value);
    return success();
  }
};

/// Conversions that would become calls: all of bf16, and f64 to 16 bits.
template <typename Op> struct ExpandConversion : OpRewritePattern<Op> {
  ExpandConversion(MLIRContext *context, Expr (*convert)(Expr, Type))
      : OpRewritePattern<Op>(context), convert(convert) {}

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type from = getElementTypeOrSelf(op.getIn().getType());
    Type to = getElementTypeOrSelf(op.getType());
    bool isKnown =
        (isHalfFloat(op.getIn().getType()) || isWideFloat(from)) && (isHalfFloat(op.getType()) || isWideFloat(to));
    bool isNative = !from.isBF16() && !to.isBF16() && (from.isF32() || to.isF32());
    if (!isScalarOrVector(op.getType()) || !isKnown || isNative)
      return failure();
    if (auto mode = op->template getAttrOfType<arith::RoundingModeAttr>("roundingmode");
        mode && mode.getValue() != arith::RoundingMode::to_nearest_even)
      return failure();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    rewriter.replaceOp(op, convert(Expr(builder, op.getIn()), to).get());
    return success();
  }

  Expr (*convert)(Expr, Type);
};

APInt positive(llvm::APFloat value) { return value.bitcastToAPInt(); }
APInt infinityBits(const llvm::fltSemantics &semantics) { return positive(llvm::APFloat::getInf(semantics)); }

template <typename... Ops> void addPromotions(RewritePatternSet &patterns) {
  patterns.add<PromoteToF32<Ops>...>(patterns.getContext());
}

void populateClassPatterns(RewritePatternSet &patterns) {
  using Semantics = const llvm::fltSemantics;
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandClass<math::IsFiniteOp>>(
      context, [](Semantics &s) { return std::make_pair(positive(llvm::APFloat::getZero(s)), infinityBits(s)); });
  patterns.add<ExpandClass<math::IsInfOp>>(
      context, [](Semantics &s) { return std::make_pair(infinityBits(s), infinityBits(s) + 1); });
  patterns.add<ExpandClass<math::IsNaNOp>>(context, [](Semantics &s) {
    APInt end = APInt::getSignedMinValue(infinityBits(s).getBitWidth());
    return std::make_pair(infinityBits(s) + 1, end);
  });
  patterns.add<ExpandClass<math::IsNormalOp>>(context, [](Semantics &s) {
    return std::make_pair(positive(llvm::APFloat::getSmallestNormalized(s)), infinityBits(s));
  });
}

void populateUnaryPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  auto add = [&](auto *op, Expr (*expansion)(Expr), Expr (*forF16)(Expr) = nullptr) {
    using Op = std::remove_pointer_t<decltype(op)>;
    patterns.add<ExpandUnary<Op>>(context, expansion, forF16);
  };
  add((math::ExpOp *)nullptr, expandExp);
  add((math::Exp2Op *)nullptr, expandExp2);
  add((math::ExpM1Op *)nullptr, expandExpM1);
  add((math::SinhOp *)nullptr, expandSinh);
  add((math::CoshOp *)nullptr, expandCosh);
  add((math::TanhOp *)nullptr, expandTanh);
  add((math::ErfOp *)nullptr, expandErf);
  add((math::ErfcOp *)nullptr, expandErfc);
  add((math::LogOp *)nullptr, expandLog);
  add((math::Log2Op *)nullptr, expandLog2);
  add((math::Log10Op *)nullptr, expandLog10);
  add((math::Log1pOp *)nullptr, expandLog1p);
  add((math::AsinhOp *)nullptr, expandAsinh);
  add((math::AcoshOp *)nullptr, expandAcosh);
  add((math::AtanhOp *)nullptr, expandAtanh);
  add((math::RsqrtOp *)nullptr, expandRsqrt);
  add((math::CbrtOp *)nullptr, expandCbrt);
  add((math::AsinOp *)nullptr, expandAsin);
  add((math::AcosOp *)nullptr, expandAcos);
  add((math::AtanOp *)nullptr, expandAtan);
  add((math::RoundOp *)nullptr, expandRound);
  add((math::SinOp *)nullptr, [](Expr x) { return expandSin(x); }, [](Expr x) { return expandSin(x, /*small=*/true); });
  add((math::CosOp *)nullptr, [](Expr x) { return expandCos(x); }, [](Expr x) { return expandCos(x, /*small=*/true); });
  add((math::TanOp *)nullptr, [](Expr x) { return expandTan(x); }, [](Expr x) { return expandTan(x, /*small=*/true); });
}

struct ExpandMathPass : impl::ExpandMathBase<ExpandMathPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateExpandMathPatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace

void populateExpandMathPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  populateUnaryPatterns(patterns);
  populateClassPatterns(patterns);
  patterns.add<ExpandBinary<math::PowFOp>>(context, expandPow);
  patterns.add<ExpandBinary<math::Atan2Op>>(context, expandAtan2);
  patterns.add<ExpandBinary<arith::RemFOp>>(context, expandRemainder);
  patterns.add<ExpandSincos, ExpandFPowIOp, ExpandIPowIOp, ExpandClamp>(context);
  patterns.add<ExpandConversion<arith::ExtFOp>>(context, widenFloat);
  patterns.add<ExpandConversion<arith::TruncFOp>>(context, narrowFloat);
  addPromotions<math::AbsFOp, math::CeilOp, math::CopySignOp, math::FloorOp, math::FmaOp, math::RoundEvenOp,
                math::SqrtOp, math::TruncOp, arith::AddFOp, arith::CmpFOp, arith::DivFOp, arith::FPToSIOp,
                arith::FPToUIOp, arith::MaxNumFOp, arith::MaximumFOp, arith::MinNumFOp, arith::MinimumFOp,
                arith::MulFOp, arith::NegFOp, arith::SIToFPOp, arith::SubFOp, arith::UIToFPOp>(patterns);
}

} // namespace mlxir
