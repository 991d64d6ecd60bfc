// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The inverse trigonometric functions.

#include "lowering/linalg/MathExpansions.h"

#include <limits>

namespace mlxir::expansion {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// asin(x) = x + x^3 a(x^2) for |x| <= 1/2; relative error 2^-27.6 and 2^-60.
constexpr double asinF32[] = {0x1.5555c8p-3, 0x1.330204p-4, 0x1.747bbap-5, 0x1.8c3e2ap-6, 0x1.595c8cp-5};
constexpr double asinF64[] = {0x1.5555555555577p-3, 0x1.333333332e131p-4, 0x1.6db6db7212683p-5, 0x1.f1c71a94f2aedp-6,
                              0x1.6e8bdee04b06bp-6, 0x1.1c49f05bc30cdp-6, 0x1.ca1f8d9269962p-7, 0x1.758588560667bp-7,
                              0x1.613c94d41db35p-7, 0x1.e5f50030cdb0bp-9, 0x1.639c9cc856ae7p-6, -0x1.57fdb83e7c1dep-6,
                              0x1.0b46cfcf43a22p-5};

// atan(x) = x + x^3 a(x^2) for |x| <= 1; relative error 2^-28 and 2^-57.
constexpr double atanF32[] = {-0x1.55553ep-2, 0x1.9991e4p-3,  -0x1.242086p-3, 0x1.c08c50p-4,  -0x1.580932p-4,
                              0x1.da2ac2p-5,  -0x1.fd80cap-6, 0x1.6429bcp-7,  -0x1.d3679ap-10};
constexpr double atanF64[] = {
    -0x1.5555555555526p-2, 0x1.99999999955b1p-3,  -0x1.249249237f4aep-3, 0x1.c71c717fcc87fp-4,   -0x1.745d11ae443c3p-4,
    0x1.3b13669820a53p-4,  -0x1.110e5117bce65p-4, 0x1.e1bba5c58c29bp-5,  -0x1.ae5e7015b7b30p-5,  0x1.82dacf3a48fc7p-5,
    -0x1.59a3eaba09c90p-5, 0x1.2c2e35e92daf2p-5,  -0x1.e9f999e64790ap-6, 0x1.683c437b6258ep-6,   -0x1.c78ede5b23501p-7,
    0x1.d7b7e62fed327p-8,  -0x1.7a385f1c3b586p-9, 0x1.b3f920f99862dp-11, -0x1.3f34ea364733bp-13, 0x1.bbeb7b760d363p-17};

/// multiple (pi/2) - x, with pi/2 as a pair.
Expr fromQuarterTurns(double multiple, Expr x) {
  double high = pick(x, 0x1.921fb6p+0, 0x1.921fb54442d18p+0);
  double low = pick(x, -0x1.777a5cp-25, 0x1.1a62633145c07p-54);
  return multiple * high - (x - multiple * low);
}

/// asin of the magnitude on which both asin and acos are built: for a > 1/2,
/// asin(sqrt((1 - a) / 2)), which is (pi/2 - asin(a)) / 2.
struct ArcSine {
  Expr isLarge, y;
};
ArcSine arcSineOfMagnitude(Expr a) {
  Expr isLarge = a > 0.5;
  Expr z = select(isLarge, (1.0 - a) * 0.5, a * a);
  Expr s = select(isLarge, sqrt(z), a);
  Expr tail = polynomial(z, pick(a, asinF32, asinF64));
  return {isLarge, fma(tail, z * s, s)};
}

/// atan(a) for 0 <= a <= 1.
Expr arcTangentOfFraction(Expr a) {
  Expr z = a * a;
  return fma(polynomial(z, pick(a, atanF32, atanF64)), z * a, a);
}

} // namespace

Expr expandAsin(Expr x) {
  ArcSine arc = arcSineOfMagnitude(abs(x));
  Expr large = fromQuarterTurns(1, arc.y + arc.y);
  return copySign(select(arc.isLarge, large, arc.y), x);
}

Expr expandAcos(Expr x) {
  ArcSine arc = arcSineOfMagnitude(abs(x));
  Expr twice = arc.y + arc.y;
  Expr large = select(x < 0.0, fromQuarterTurns(2, twice), twice);
  return select(arc.isLarge, large, fromQuarterTurns(1, copySign(arc.y, x)));
}

Expr expandAtan(Expr x) {
  Expr a = abs(x);
  Expr inverted = a > 1.0;
  Expr one = x.constant(1.0);
  Expr y = arcTangentOfFraction(select(inverted, one / a, a));
  return copySign(select(inverted, fromQuarterTurns(1, y), y), x);
}

Expr expandAtan2(Expr y, Expr x) {
  Expr ay = abs(y), ax = abs(x);
  Expr steep = ay > ax;
  Expr larger = select(steep, ay, ax), smaller = select(steep, ax, ay);
  Expr t = smaller / larger;
  t = select(larger == 0.0, 0.0, t);
  t = select(smaller == infinity, 1.0, t);
  Expr angle = arcTangentOfFraction(t);
  angle = select(steep, fromQuarterTurns(1, angle), angle);
  // The sign bit, since x may be -0.
  angle = select(bits(x) < 0, fromQuarterTurns(2, angle), angle);
  return select(unordered(x, y), x + y, copySign(angle, y));
}

} // namespace mlxir::expansion
