// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The exact remainder of a float division.

#include "lowering/linalg/MathExpansions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

#include <limits>

using namespace mlir;

namespace mlxir::expansion {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// One step of long division: r minus the largest multiple of y 2^k which is
/// not above it, with k as small as keeps the multiple an exact float. The
/// exponent of y is biased.
Expr divisionStep(Expr r, Expr y, Expr exponent) {
  FloatLayout layout(r);
  Expr distance = shiftRight(bits(r), layout.mantissa) - exponent;
  Expr k = distance - int(layout.mantissa - 1);
  // A subnormal r has a smaller exponent than its bits say, but is less than
  // 2^mantissa times any y.
  Expr isStep = (k > 0) & (r >= pick(r, 0x1p-126, 0x1p-1022));
  k = select(isStep, k, k.constant(0));
  Expr half = shiftRight(k, 1);
  auto power = [&](Expr n) { return fromBits(shiftLeft(n + layout.bias, layout.mantissa)); };
  Expr multiple = y * power(half) * power(k - half);
  Expr quotient = trunc(r / multiple);
  Expr rest = fma(-quotient, multiple, r);
  return select(rest < 0.0, rest + multiple, rest);
}

} // namespace

Expr expandRemainder(Expr x, Expr y) {
  ImplicitLocOpBuilder &builder = x.getBuilder();
  FloatLayout layout(x);
  Expr ax = abs(x), ay = abs(y);
  // Lanes without a quotient take no part in the loop.
  Expr isDefined = (ax < infinity) & (ay > 0.0);
  Expr dividend = select(isDefined, ax, 0.0);
  Expr divisor = select((ay < infinity) & isDefined, ay, 1.0);
  dividend = select(ay < infinity, dividend, 0.0);

  Expr isSubnormal = divisor < pick(x, 0x1p-126, 0x1p-1022);
  Expr normal = select(isSubnormal, divisor * layout.integerSpacing(), divisor);
  Expr exponent = shiftRight(bits(normal), layout.mantissa);
  exponent = select(isSubnormal, exponent - layout.mantissa, exponent);

  auto condition = [&](OpBuilder &inner, Location loc, ValueRange state) {
    ImplicitLocOpBuilder nested(loc, inner);
    Expr r(nested, state[0]);
    Value more = anyLane(r >= Expr(nested, divisor.get()));
    scf::ConditionOp::create(inner, loc, more, state);
  };
  auto body = [&](OpBuilder &inner, Location loc, ValueRange state) {
    ImplicitLocOpBuilder nested(loc, inner);
    Expr next = divisionStep(Expr(nested, state[0]), Expr(nested, divisor.get()), Expr(nested, exponent.get()));
    scf::YieldOp::create(inner, loc, next.get());
  };
  auto loop = scf::WhileOp::create(builder, TypeRange(x.getType()), ValueRange(dividend.get()), condition, body);
  Expr result = x.wrap(loop.getResult(0));
  result = select(ay == infinity, ax, result);
  result = select(isDefined & ~isNaN(y), result, notANumber);
  return copySign(result, x);
}

} // namespace mlxir::expansion
