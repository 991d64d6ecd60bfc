// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass, and the rewrites that look at numbers.

#include "passes/Simplify.h"

#include "dialect/Expr.h"
#include "dialect/Words.h"

#include "mlir/IR/Dominance.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlxir {
#define GEN_PASS_DEF_SIMPLIFY
#include "passes/Simplify.h.inc"
} // namespace mlxir

using namespace mlir;
using namespace mlxir;
using rules::Expr;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// The number that every element of `value` is, or null.
static TypedAttr getSplat(Value value) {
  while (auto broadcast = value.getDefiningOp<BroadcastOp>())
    value = broadcast.getX();
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant ? constant.getValue() : TypedAttr();
}

/// Exactly `number`: -0 is not 0.
static bool isNumber(Value value, double number) {
  TypedAttr splat = getSplat(value);
  if (auto real = dyn_cast_or_null<FloatAttr>(splat))
    return real.getValue().isExactlyValue(number);
  auto integer = dyn_cast_or_null<IntegerAttr>(splat);
  return integer && static_cast<double>(getBits(integer)) == number && !std::signbit(number);
}

static bool isZeroInteger(Value value) { return !rules::isFloatArray(value) && isNumber(value, 0); }

//===----------------------------------------------------------------------===//
// Identities of arithmetic
//===----------------------------------------------------------------------===//

namespace {

/// An op on two operands that is one of them: `Same(op)` says which, or null.
template <typename OpT, Value (*Same)(OpT)> struct DropNeutral : public OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpT op, PatternRewriter &rewriter) const override {
    Value same = Same(op);
    if (!same)
      return failure();
    rewriter.replaceOp(op, same);
    return success();
  }
};

// x + 0 is not x where x is -0; x + -0 is.
Value sameInSum(AddOp op) {
  auto isNeutral = [](Value v) { return rules::isFloatArray(v) ? isNumber(v, -0.0) : isZeroInteger(v); };
  return isNeutral(op.getY()) ? op.getX() : isNeutral(op.getX()) ? op.getY() : Value();
}
Value sameInDifference(SubtractOp op) { return isNumber(op.getY(), 0) ? op.getX() : Value(); }
Value sameInProduct(MultiplyOp op) {
  if (isNumber(op.getY(), 1) || isZeroInteger(op.getX()))
    return op.getX();
  return isNumber(op.getX(), 1) || isZeroInteger(op.getY()) ? op.getY() : Value();
}
Value sameInQuotient(DivideOp op) { return isNumber(op.getY(), 1) ? op.getX() : Value(); }
Value sameInPower(PowerOp op) { return isNumber(op.getY(), 1) ? op.getX() : Value(); }
Value sameInCopy(CopyOp op) { return op.getX(); }
// Derivatives have been taken where programs are simplified.
Value sameInStopGradient(StopGradientOp op) { return op.getX(); }
Value sameInNegative(NegativeOp op) {
  auto inner = op.getX().getDefiningOp<NegativeOp>();
  return inner ? inner.getX() : Value();
}
Value sameInNot(LogicalNotOp op) {
  auto inner = op.getX().getDefiningOp<LogicalNotOp>();
  return inner ? inner.getX() : Value();
}
Value sameInSelect(SelectOp op) {
  if (op.getX() == op.getY() || isNumber(op.getCondition(), 1))
    return op.getX();
  return isNumber(op.getCondition(), 0) ? op.getY() : Value();
}

/// Whether every value of `from` is a value of `to`.
bool holdsAll(DType from, DType to) {
  auto bits = [](DType t) { return static_cast<int>(itemSize(t)) * 8; };
  auto mantissa = [&](DType t) {
    return t == DType::Float64 ? 53 : t == DType::Float32 ? 24 : t == DType::Float16 ? 11 : 8;
  };
  TypeClass a = typeClass(from), b = typeClass(to);
  if (a == TypeClass::Bool)
    return true;
  if (b == TypeClass::Float)
    return isFloat(from) ? from == to || bits(from) < bits(to) : bits(from) <= mantissa(to);
  if (isFloat(from) || b == TypeClass::Bool)
    return false;
  return a == b ? bits(from) <= bits(to) : a == TypeClass::Unsigned && bits(from) < bits(to);
}

Value sameInCast(CastOp op) {
  if (op.getX().getType() == op.getType())
    return op.getX();
  auto inner = op.getX().getDefiningOp<CastOp>();
  if (!inner || inner.getX().getType() != op.getType())
    return Value();
  return holdsAll(getDType(op.getType()), getDType(inner.getType())) ? inner.getX() : Value();
}

//===----------------------------------------------------------------------===//
// Rewrites to other ops
//===----------------------------------------------------------------------===//

/// A cast of a cast that lost nothing is one cast.
struct MergeCasts : public OpRewritePattern<CastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CastOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<CastOp>();
    if (!inner || !holdsAll(getDType(inner.getX().getType()), getDType(inner.getType())))
      return failure();
    // To bool and to integers, values are not rounded but tested and cut: only from what is the same number.
    rewriter.replaceOpWithNewOp<CastOp>(op, op.getType(), inner.getX());
    return success();
  }
};

/// A number in another dtype. Numbers that the dtype does not hold are left to the op that defines what becomes of
/// them.
struct CastConstant : public OpRewritePattern<CastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CastOp op, PatternRewriter &rewriter) const override {
    auto constant = op.getX().getDefiningOp<ConstantOp>();
    auto to = dyn_cast<FloatType>(getElementTypeOrSelf(op.getType()));
    if (!constant || !to)
      return failure();
    APFloat number(to.getFloatSemantics());
    if (auto real = dyn_cast<FloatAttr>(constant.getValue())) {
      number = real.getValue();
      bool losesInfo;
      number.convert(to.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    } else {
      bool isSigned = getTypeClass(op.getX().getType()) == TypeClass::Signed;
      number.convertFromAPInt(cast<IntegerAttr>(constant.getValue()).getValue(), isSigned,
                              APFloat::rmNearestTiesToEven);
    }
    rewriter.replaceOpWithNewOp<ConstantOp>(op, FloatAttr::get(to, number));
    return success();
  }
};

/// A small whole exponent. The product is what a power with such an exponent is defined to be.
struct ExpandPower : public OpRewritePattern<PowerOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PowerOp op, PatternRewriter &rewriter) const override {
    Expr x(rewriter, op.getLoc(), op.getX());
    Expr result;
    if (isNumber(op.getY(), 2))
      result = x * x;
    else if (isNumber(op.getY(), 3))
      result = x * x * x;
    else if (isNumber(op.getY(), 4))
      result = (x * x) * (x * x);
    else if (rules::isFloatArray(op.getX()) && isNumber(op.getY(), -1))
      result = x.make(DivideOp::create(rewriter, op.getLoc(), rules::buildSplat(rewriter, op.getLoc(), 1, op.getType()),
                                       op.getX()));
    else
      return failure();
    rewriter.replaceOp(op, result.get());
    return success();
  }
};

} // namespace

void mlxir::populateNumberPatterns(RewritePatternSet &patterns) {
  patterns.add<DropNeutral<AddOp, sameInSum>, DropNeutral<SubtractOp, sameInDifference>,
               DropNeutral<MultiplyOp, sameInProduct>, DropNeutral<DivideOp, sameInQuotient>,
               DropNeutral<PowerOp, sameInPower>, DropNeutral<CopyOp, sameInCopy>,
               DropNeutral<StopGradientOp, sameInStopGradient>, DropNeutral<NegativeOp, sameInNegative>,
               DropNeutral<LogicalNotOp, sameInNot>, DropNeutral<SelectOp, sameInSelect>,
               DropNeutral<CastOp, sameInCast>, MergeCasts, CastConstant, ExpandPower>(patterns.getContext());
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct SimplifyPass : public mlxir::impl::SimplifyBase<SimplifyPass> {
  using SimplifyBase::SimplifyBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateNumberPatterns(set);
    populateShapePatterns(set);
    patterns = std::move(set);
    return success();
  }

  /// Equal ops are merged before, so that patterns see who shares what, and after, since patterns copy reshapes.
  void runOnOperation() override {
    mergeEqualOps();
    GreedyRewriteConfig config;
    config.setUseTopDownTraversal(true).setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    // Every state on the way computes the same: where a limit ends it, the program is right, only not as simple as it
    // might be.
    config.setMaxNumRewrites(kMaxRewritesPerOp * numOps(getOperation()) + 1000);
    if (failed(applyPatternsGreedily(getOperation(), patterns, config)))
      getOperation()->emitWarning(
          "simplification ended at its limit of rewrites: the program is right, but may be slow");
    mergeEqualOps();
  }

  static constexpr int64_t kMaxRewritesPerOp = 100;
  static int64_t numOps(Operation *root) {
    int64_t count = 0;
    root->walk([&](Operation *) { ++count; });
    return count;
  }

  void mergeEqualOps() {
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance(getOperation());
    eliminateCommonSubExpressions(rewriter, dominance, getOperation());
  }

  FrozenRewritePatternSet patterns;
};
} // namespace
