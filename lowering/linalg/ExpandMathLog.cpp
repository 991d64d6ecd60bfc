// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Logarithms, and the inverse hyperbolic functions, which are logarithms.

#include "lowering/linalg/MathExpansions.h"

#include <limits>

namespace mlxir::expansion {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

// log(1 + f) = f - f^2/2 + f^3 q(f) for |f| <= 1/3; relative error 2^-27.
constexpr double logF32[] = {0x1.555506p-2, -0x1.fffef0p-3, 0x1.99d076p-3, -0x1.559de4p-3,
                             0x1.1ed186p-3, -0x1.f30e0ep-4, 0x1.1e84b6p-3, -0x1.080d7ep-3};
// log((1 + s) / (1 - s)) = 2s + s^3 r(s^2) for |s| <= 0.1716; error 2^-59.
constexpr double logRatioF64[] = {0x1.5555555555592p-1, 0x1.999999997feefp-2, 0x1.24924941e523ap-2,
                                  0x1.c71c521053d0dp-3, 0x1.74663de54aa7fp-3, 0x1.39a1cc7b4c91ap-3,
                                  0x1.2f04f5200b667p-3};

/// 1 + f lies in [2/3, 4/3) for f32, whose series is in f, and in [sqrt(1/2),
/// sqrt(2)) for f64, whose series is not.
uint64_t lowestBits(Expr x) { return x.isF64() ? sqrtHalfBits(x) : 0x3f2aaaab; }

/// log(1 + f) - (f - f^2/2).
Expr logTail(Expr f, Expr f2) {
  if (!f.isF64())
    return polynomial(f, logF32) * (f * f2);
  // With s = f/(2 + f): 2s = f - s f, and s f = f^2/2 - s f^2/2.
  Expr s = f / (f + 2.0);
  Expr z = s * s;
  return s * fma(polynomial(z, logRatioF64), z, f2 * 0.5);
}

/// exponent ln(2) + log(1 + f).
Expr logOfSplit(Expr exponent, Expr f) {
  Expr f2 = f * f;
  Expr tail = logTail(f, f2);
  tail = fma(exponent, pick(f, 0x1.7f7d1c0000000p-20, -0x1.8432a1b0e2634p-43), tail);
  Expr rest = fma(f2, -0.5, tail);
  // ln(2) is cut so short that its product with an exponent is exact.
  Expr high = exponent * pick(f, 0x1.62e4000000000p-1, 0x1.62e42fefa4000p-1);
  Pair sum = fastTwoSum(high, f);
  return sum.high + (sum.low + rest);
}

/// log(1 + f) as a pair.
Pair logPair(Expr f) {
  Expr f2 = f * f;
  Expr half = f2 * 0.5;
  Expr halfLow = fma(f * 0.5, f, -half);
  Pair first = fastTwoSum(f, -half);
  return fastTwoSum(first.high, first.low + (logTail(f, f2) - halfLow));
}

/// The results of log where its argument is not a positive finite number.
Expr withLogSpecials(Expr x, Expr y) {
  y = select(x < infinity, y, x);
  y = select(x == 0.0, -infinity, y);
  return select(x < 0.0, notANumber, y);
}

/// (exponent + log(1 + f) base e * scale) as one float; `unit` is the pair by
/// which the exponent is multiplied.
Expr scaledLog(Expr x, Pair unit, Pair scale) {
  SplitFloat split = splitPositive(x, lowestBits(x));
  Pair y = logPair(split.f) * scale;
  Pair n = twoProduct(split.exponent, unit.high);
  n.low = fma(split.exponent, unit.low, n.low);
  Pair sum = fastTwoSum(n.high, y.high);
  return withLogSpecials(x, sum.high + (sum.low + (n.low + y.low)));
}

Pair pairOf(Expr x, double high32, double low32, double high64, double low64) {
  return {x.constant(pick(x, high32, high64)), x.constant(pick(x, low32, low64))};
}

/// log(x.high + x.low) + extra ln(2) for x.high >= 1/2.
Expr logOfPair(Pair x, Expr extra) {
  SplitFloat split = splitNormal(x.high, lowestBits(x.high));
  // At the largest numbers the inverse scale is no float; there x.low is lost
  // against x.high anyway.
  Expr low = select(x.high < pick(x.high, 0x1p100, 0x1p1000), x.low * split.inverseScale, 0.0 * x.low);
  return logOfSplit(split.exponent + extra, split.f + low);
}

/// log(1 + y), with log(2 x) instead where `large`.
Expr log1pOrLog2x(Expr y, Expr large, Expr x) {
  Pair sum = twoSum(y.constant(1.0), y);
  Expr zero = y.constant(0.0), one = y.constant(1.0);
  return logOfPair({select(large, x, sum.high), select(large, zero, sum.low)}, select(large, one, zero));
}

} // namespace

/// Splits a number of which the exponent is `offset` too large.
static SplitFloat split(Expr x, uint64_t lowest, Expr offset) {
  FloatLayout layout(x);
  Expr raised = bits(x) + (layout.power(0) - lowest);
  Expr biased = shiftRight(raised, layout.mantissa);
  Expr m = fromBits((raised & layout.mantissaMask()) + lowest);
  // The exponent as a float, through the low bits of a large one.
  Expr exponent = fromBits(biased | layout.power(int(layout.mantissa))) - offset;
  Expr inverse = layout.power(layout.bias) - shiftLeft(biased, layout.mantissa);
  return {exponent, m - 1.0, fromBits(inverse)};
}

SplitFloat splitNormal(Expr x, uint64_t lowest) {
  FloatLayout layout(x);
  return split(x, lowest, x.constant(layout.integerSpacing() + layout.bias));
}

SplitFloat splitPositive(Expr x, uint64_t lowest) {
  FloatLayout layout(x);
  Expr subnormal = x < pick(x, 0x1p-126, 0x1p-1022);
  Expr raised = select(subnormal, x * layout.integerSpacing(), x);
  Expr offset = x.constant(layout.integerSpacing() + layout.bias);
  return split(raised, lowest, select(subnormal, layout.integerSpacing() + layout.bias + layout.mantissa, offset));
}

Expr expandLog(Expr x) {
  SplitFloat split = splitPositive(x, lowestBits(x));
  if (x.isF64())
    return withLogSpecials(x, logOfSplit(split.exponent, split.f));
  // The fast way for the most used type: two roundings that count, 1 ulp together.
  Expr f = split.f;
  Expr y = fma(fma(polynomial(f, logF32), f, -0.5), f * f, f);
  return withLogSpecials(x, fma(split.exponent, 0x1.62e430p-1, y));
}

Expr expandLog2(Expr x) {
  Pair unit = {x.constant(1.0), x.constant(0.0)};
  return scaledLog(x, unit, pairOf(x, 0x1.715476p+0, 0x1.4ae0c0p-26, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56));
}

Expr expandLog10(Expr x) {
  return scaledLog(x, pairOf(x, 0x1.344136p-2, -0x1.ec10c0p-27, 0x1.34413509f79ffp-2, -0x1.9dc1da994fd21p-59),
                   pairOf(x, 0x1.bcb7b2p-2, -0x1.5b235ep-27, 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57));
}

Expr expandLog1p(Expr x) {
  Expr y = logOfPair(twoSum(x.constant(1.0), x), x.constant(0.0));
  y = select(x < infinity, y, x);
  y = select(x == -1.0, -infinity, y);
  y = select(x < -1.0, notANumber, y);
  // Keeps the zeros' signs; the sign of the result is that of x anyway.
  return copySign(y, x);
}

Expr expandAsinh(Expr x) {
  // log(1 + y) with y = a + a^2 / (1 + sqrt(1 + a^2)); log(2a) when a^2 + 1
  // is a^2 in this precision.
  Expr a = abs(x);
  Expr square = a * a;
  Expr y = a + square / (sqrt(square + 1.0) + 1.0);
  Expr result = log1pOrLog2x(y, a > pick(x, 0x1p13, 0x1p28), a);
  return copySign(select(a < infinity, result, a), x);
}

Expr expandAcosh(Expr x) {
  Expr t = x - 1.0;
  Expr y = t + sqrt(fma(t, t, t + t));
  Expr result = log1pOrLog2x(y, x > pick(x, 0x1p13, 0x1p28), x);
  result = select(x < infinity, result, x);
  return select(x < 1.0, notANumber, result);
}

Expr expandAtanh(Expr x) {
  // log(1 + y) / 2 with y = 2a / (1 - a), which is infinite at a = 1.
  Expr a = abs(x);
  Expr y = (a + a) / (1.0 - a);
  Expr result = 0.5 * logOfPair(twoSum(x.constant(1.0), y), x.constant(0.0));
  result = select(a == 1.0, infinity, result);
  result = select(a <= 1.0, result, notANumber);
  return copySign(result, x);
}

} // namespace mlxir::expansion
