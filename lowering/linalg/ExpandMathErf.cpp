// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The error function and its complement.

#include "lowering/linalg/MathExpansions.h"

#include <limits>

namespace mlxir::expansion {
namespace {

// erf(x) = x + x p(x^2) for |x| <= 0.82 (f32) and 1 (f64); relative error
// 2^-27.8 and 2^-56.
constexpr double erfF32[] = {0x1.06eba8p-3,  -0x1.81272ep-2, 0x1.ce277cp-4,
                             -0x1.b75f26p-6, 0x1.4cb374p-8,  -0x1.535410p-11};
constexpr double erfF64[] = {0x1.06eba8214db68p-3,   -0x1.812746b03799dp-2,  0x1.ce2f21a03f8b9p-4,
                             -0x1.b82ce311a97d7p-6,  0x1.565bcceeda3f8p-8,   -0x1.c02daeb705fb3p-11,
                             0x1.f9a296b4c9831p-14,  -0x1.f4c82f09a3a05p-17, 0x1.b96b57d49ea55p-20,
                             -0x1.5b8c70031b966p-23, 0x1.d3ddc93d0230ep-27,  -0x1.a23e84c326c61p-31};

// erf(x) = 1 - 2^(x g(x)) for 0.78 <= x <= 4; error 2^-28 of erf(x).
constexpr double erfLargeF32[] = {-0x1.a0cd38p+0, -0x1.d58726p-1, -0x1.3749a4p-3,
                                  0x1.0f3f44p-5,  -0x1.31cab2p-8, 0x1.474ac6p-12};

// erfc(x) = e^(-x^2) h(q) / (x + c) with q = (x - c) / (x + c) for x >= 0;
// c = 3 for f32, error 2^-26.7; c = 4 for f64, error 2^-53.5.
constexpr double erfcF32[] = {0x1.12f21ep+0,  -0x1.c44c4ap-1,  0x1.2e3254p-1, -0x1.3dea76p-2,  0x1.e99f02p-4,
                              -0x1.b7d73ap-6, -0x1.49e0d6p-10, 0x1.93900ap-9, -0x1.ca7ea8p-12, -0x1.39022ep-12};
constexpr double erfcF64[] = {
    0x1.18932bf08e154p+0,   -0x1.f3fe31ecb49cep-1,  0x1.8be202d26c7c0p-1,   -0x1.14eacb1acfd25p-1,
    0x1.52cac2370adf2p-2,   -0x1.645fd8a4ecff8p-3,  0x1.38dbd2caa3c6fp-4,   -0x1.b00c0514dbf6bp-6,
    0x1.908f45f781db4p-8,   -0x1.269b84ec8fb23p-12, -0x1.dd27d43215509p-12, 0x1.72cfcc488941ap-13,
    -0x1.e8b1e04a06d38p-19, -0x1.3caa63c67aeb9p-16, 0x1.3bda62f2c153ap-18,  0x1.86a3254dcc570p-20,
    -0x1.cd40172aeb9dcp-21, -0x1.fe36f71a7ebc0p-24, 0x1.10d58825b4f48p-23,  0x1.2c044322da969p-25,
    -0x1.2c22939f10c78p-27, -0x1.885bb2195164ap-27, -0x1.ef3d304686186p-29};

/// erfc(a) for a >= 0.
Expr complementOfMagnitude(Expr a) {
  // Beyond the clamp the result is zero.
  a = clampAbove(a, pick(a, 10.25, 27.3));
  double center = pick(a, 3.0, 4.0);
  Expr divisor = a + center;
  Expr inverse = 1.0 / divisor;
  // Quotients by the inverse, with what their rounding lost.
  auto divide = [&](Expr x) -> Pair {
    Expr quotient = x * inverse;
    return {quotient, fma(-quotient, divisor, x) * inverse};
  };
  Pair q = divide(a - center);
  // The last step of the polynomial keeps what its rounding loses.
  llvm::ArrayRef<double> coefficients = pick(a, erfcF32, erfcF64);
  Expr slope = polynomial(q.high, coefficients.drop_front());
  Expr first = a.constant(coefficients.front());
  Expr h = fma(q.high, slope, first);
  Expr hLow = fma(q.high, slope, first - h) + q.low * slope;
  Pair factor = divide(h);
  factor.low = fma(hLow, inverse, factor.low);
  Pair square = twoProduct(a, a);
  return timesExp(factor, {-square.high, -square.low});
}

/// Up to where erf(x) = x + x p(x^2) serves.
double smallLimit(Expr x) { return pick(x, 0.8, 1.0); }
Expr smallTail(Expr x) { return polynomial(x * x, pick(x, erfF32, erfF64)); }

/// 1 - erfc(a) for a not small.
Expr erfOfLargeMagnitude(Expr a) {
  if (a.isF64())
    return 1.0 - complementOfMagnitude(a);
  a = clampAbove(a, 4.0);
  return 1.0 - exp2OfModest(a * polynomial(a, erfLargeF32));
}

} // namespace

Expr expandErf(Expr x) {
  Expr a = abs(x);
  Expr large = copySign(erfOfLargeMagnitude(a), x);
  return select(a < smallLimit(x), fma(smallTail(x), x, x), large);
}

Expr expandErfc(Expr x) {
  Expr a = abs(x);
  Expr y = complementOfMagnitude(a);
  y = select(x < 0.0, 2.0 - y, y);
  // Here 1 - x is exact where the result is smaller than x.
  return select(a < smallLimit(x), fma(smallTail(x), -x, 1.0 - x), y);
}

} // namespace mlxir::expansion
