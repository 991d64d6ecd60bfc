// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// exp and what is made of it: exp2, expm1, and the hyperbolic functions.

#include "lowering/linalg/MathExpansions.h"

namespace mlxir::expansion {
namespace {

// e^r = 1 + r + r^2 q(r) for |r| <= ln(2)/2; relative error 2^-28 and 2^-57.
constexpr double expF32[] = {0x1p0, 0x1p0, 0x1.fffffcp-2, 0x1.55548cp-3, 0x1.555858p-5, 0x1.123df2p-7, 0x1.6ac862p-10};
constexpr double expF64[] = {0x1p+0,
                             0x1p+0,
                             0x1.000000000000ap-1,
                             0x1.5555555555502p-3,
                             0x1.5555555550607p-5,
                             0x1.11111111251edp-7,
                             0x1.6c16c184b37ecp-10,
                             0x1.a01a013b5c521p-13,
                             0x1.a0199899d4075p-16,
                             0x1.71def9ad5488ap-19,
                             0x1.28aec4850628cp-22,
                             0x1.adcc2e226aa02p-26};

// e^r - 1 = r + r^2 q(r) on the same range; relative error 2^-26 and 2^-61.
constexpr double expM1F32[] = {0x1.fffffep-2, 0x1.5554aap-3, 0x1.55579ap-5, 0x1.122c38p-7, 0x1.6ac04ep-10};
constexpr double expM1F64[] = {0x1p-1,
                               0x1.5555555555559p-3,
                               0x1.5555555555558p-5,
                               0x1.111111110f71cp-7,
                               0x1.6c16c16c1762dp-10,
                               0x1.a01a01af98f3fp-13,
                               0x1.a01a0198e5715p-16,
                               0x1.71ddf93442484p-19,
                               0x1.27e5053b3cfe8p-22,
                               0x1.af5d23770d905p-26,
                               0x1.1f251d684ad99p-29};

// 2^r for |r| <= 1/2; relative error 2^-27.5 and 2^-55.5.
constexpr double exp2F32[] = {0x1p0,         0x1.62e432p-1,  0x1.ebfbe6p-3, 0x1.c6ada8p-5,
                              0x1.3b21cap-7, 0x1.5fbcd0p-10, 0x1.4bdd40p-13};
constexpr double exp2F64[] = {0x1p+0,
                              0x1.62e42fefa39f3p-1,
                              0x1.ebfbdff82c599p-3,
                              0x1.c6b08d7048dd3p-5,
                              0x1.3b2ab6fba1c61p-7,
                              0x1.5d87fe7bf47a2p-10,
                              0x1.4309130993107p-13,
                              0x1.ffcbed423625cp-17,
                              0x1.62bfd471a9182p-20,
                              0x1.b5434fc49d09fp-24,
                              0x1.e605e67196f1cp-28,
                              0x1.bda565f527572p-32};

// sinh(x) = x + x^3 s(x^2) for |x| <= 1; relative error 2^-31 and 2^-61.
constexpr double sinhF32[] = {0x1.555556p-3, 0x1.1110e0p-7, 0x1.a022bcp-13, 0x1.756c1ep-19};
constexpr double sinhF64[] = {0x1.5555555555556p-3,  0x1.111111111101ep-7,  0x1.a01a01a03726ap-13,
                              0x1.71de3a3b06987p-19, 0x1.ae646ff54a9a9p-26, 0x1.6116f472fda05p-33,
                              0x1.b5c8ae46fda1fp-41};

/// x = n ln(2) + r with |r| <= ln(2)/2, or for exp2 x = n + r.
struct Reduced {
  Expr r;
  /// An integer whose low bits are n plus twice the exponent's bias.
  Expr biased;
};

/// x / ln(2) rounded, through the low bits of a sum with a large constant.
Reduced reduceByLn2(Expr x) {
  FloatLayout layout(x);
  double magic = layout.roundingMagic() + 2 * layout.bias;
  Expr shifted = fma(x, pick(x, 0x1.715476p+0, 0x1.71547652b82fep+0), magic);
  Expr n = shifted - magic;
  Expr r = fma(n, pick(x, -0x1.62e430p-1, -0x1.62e42fefa39efp-1), x);
  r = fma(n, pick(x, 0x1.05c610p-29, -0x1.abc9e3b39803fp-56), r);
  return {r, bits(shifted)};
}

/// p 2^n. The power goes in as two factors, so that neither overflows and a
/// subnormal result is rounded once.
Expr scale(Expr p, Expr biased) {
  FloatLayout layout(p);
  Expr half = shiftLeft(shiftRight(biased, 1), layout.mantissa);
  Expr rest = shiftLeft(biased, layout.mantissa) - half;
  return p * fromBits(half) * fromBits(rest);
}

/// 2^n as one float, for n that needs no care.
Expr powerOfTwo(Expr biased) {
  FloatLayout layout(fromBits(biased));
  return fromBits(shiftLeft(biased - layout.bias, layout.mantissa));
}

/// e^r - 1 of a reduced argument.
Expr expM1OfReduced(Expr r) {
  Expr q = polynomial(r, pick(r, expM1F32, expM1F64));
  return fma(q, r * r, r);
}

/// x kept to where exp neither is zero nor overflows; beyond, it ends there.
Expr clampForExp(Expr x) {
  x = clampAbove(x, pick(x, 89.0, 710.0));
  return clampBelow(x, pick(x, -104.0, -746.0));
}

/// e^|x| / 2, for which |x| may exceed the range of exp by ln(2).
Expr halfExpOfMagnitude(Expr x) {
  Expr a = clampAbove(abs(x), pick(x, 90.0, 711.0));
  Reduced reduced = reduceByLn2(a);
  Expr p = polynomial(reduced.r, pick(x, expF32, expF64));
  return scale(p, reduced.biased - 1);
}

} // namespace

Expr expandExp(Expr x) {
  Reduced reduced = reduceByLn2(clampForExp(x));
  Expr p = polynomial(reduced.r, pick(x, expF32, expF64));
  return scale(p, reduced.biased);
}

Expr timesExp(Pair factor, Pair x) {
  Reduced reduced = reduceByLn2(clampForExp(x.high));
  // e^r as a pair, so that the product is rounded once.
  Pair p = fastTwoSum(factor.high.constant(1.0), expM1OfReduced(reduced.r + x.low));
  Expr low = fma(p.high, factor.low, p.low * factor.high);
  return scale(fma(p.high, factor.high, low), reduced.biased);
}

Expr clampForExp2(Expr x) {
  x = clampAbove(x, pick(x, 129.0, 1025.0));
  return clampBelow(x, pick(x, -151.0, -1076.0));
}

Expr exp2OfPair(Pair x) {
  FloatLayout layout(x.high);
  double magic = layout.roundingMagic() + 2 * layout.bias;
  Expr shifted = x.high + magic;
  Expr r = (x.high - (shifted - magic)) + x.low;
  return scale(polynomial(r, pick(r, exp2F32, exp2F64)), bits(shifted));
}

Expr expandExp2(Expr x) {
  FloatLayout layout(x);
  Expr a = clampForExp2(x);
  double magic = layout.roundingMagic() + 2 * layout.bias;
  Expr shifted = a + magic;
  Expr r = a - (shifted - magic);
  return scale(polynomial(r, pick(x, exp2F32, exp2F64)), bits(shifted));
}

Expr exp2OfModest(Expr x) {
  FloatLayout layout(x);
  double magic = layout.roundingMagic() + 2 * layout.bias;
  Expr shifted = x + magic;
  Expr r = x - (shifted - magic);
  return polynomial(r, pick(x, exp2F32, exp2F64)) * powerOfTwo(bits(shifted));
}

Expr expandExpM1(Expr x) {
  // Below the lower bound the result is -1; near the upper one 2^n overflows
  // before the result does, so there half of it is computed and doubled.
  Expr a = clampAbove(x, pick(x, 89.0, 710.0));
  a = clampBelow(a, pick(x, -20.0, -40.0));
  Expr large = a > pick(x, 88.0, 709.0);
  Reduced reduced = reduceByLn2(a);
  Expr biased = reduced.biased;
  Expr s = powerOfTwo(select(large, biased - 1, biased));
  Expr y = fma(expM1OfReduced(reduced.r), s, s - 1.0);
  return copySign(select(large, y + y, y), x);
}

Expr expandTanh(Expr x) {
  // tanh(a) = t / (t + 2) with t = e^2a - 1; beyond the clamp it rounds to 1.
  Expr a = clampAbove(abs(x), pick(x, 9.25, 19.5));
  Reduced reduced = reduceByLn2(a + a);
  Expr s = powerOfTwo(reduced.biased);
  Expr t = fma(expM1OfReduced(reduced.r), s, s - 1.0);
  return copySign(t / (t + 2.0), x);
}

Expr expandSinh(Expr x) {
  Expr z = x * x;
  Expr near = fma(polynomial(z, pick(x, sinhF32, sinhF64)), z * x, x);
  Expr half = halfExpOfMagnitude(x);
  Expr far = copySign(half - 0.25 / half, x);
  return select(abs(x) < 1.0, near, far);
}

Expr expandCosh(Expr x) {
  Expr half = halfExpOfMagnitude(x);
  return half + 0.25 / half;
}

} // namespace mlxir::expansion
