// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Powers and roots.

#include "lowering/linalg/MathExpansions.h"

#include "llvm/ADT/SmallVector.h"

#include <limits>

namespace mlxir::expansion {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

// log2((1 + s) / (1 - s)) = s (c1 + z (c3 + z t(z))) with z = s^2, c1 = 2/ln(2),
// c3 = c1/3, |s| <= 0.1716; relative error 2^-37 and 2^-66.
constexpr double log2TailF32[] = {0x1.27770ep-1, 0x1.a5bbfap-2, 0x1.59ee06p-2};
constexpr double log2TailF64[] = {0x1.2776c50ef9d24p-1, 0x1.a61762a759841p-2, 0x1.484b142199378p-2,
                                  0x1.0c9a63d6a6a87p-2, 0x1.c69f8c2493403p-3, 0x1.87b0c01e4f6e1p-3,
                                  0x1.85e92f78fdc09p-3};

// m^(-1/3) for 1 <= m <= 2; relative error 2^-14.7.
constexpr double inverseCubeRootF32[] = {0x1.ab8592p+0, -0x1.2c41e8p+0, 0x1.64165ep-1, -0x1.c5187cp-3, 0x1.d46fa2p-6};

Pair pairOf(Expr x, double high32, double low32, double high64, double low64) {
  return {x.constant(pick(x, high32, high64)), x.constant(pick(x, low32, low64))};
}

/// log2(x) for positive finite x, to about twice the precision less 12 bits.
Pair log2AsPair(Expr x) {
  SplitFloat split = splitPositive(x, sqrtHalfBits(x));
  Expr f = split.f;
  // s = f / (2 + f) as a pair, by one division.
  Pair divisor = fastTwoSum(f.constant(2.0), f);
  Expr inverse = 1.0 / divisor.high;
  Expr quotient = f * inverse;
  Expr rest = fma(-quotient, divisor.high, f);
  rest = fma(-quotient, divisor.low, rest);
  Pair s = fastTwoSum(quotient, rest * inverse);

  Pair z = s * s;
  Expr tail = polynomial(z.high, pick(x, log2TailF32, log2TailF64));
  Pair c3 = pairOf(x, 0x1.ec709ep-1, -0x1.e2fe02p-28, 0x1.ec709dc3a03fdp-1, 0x1.d27f05548af0cp-55);
  Pair sum = fastTwoSum(c3.high, fma(tail, z.high, c3.low)) * z;
  Pair c1 = pairOf(x, 0x1.715476p+1, 0x1.4ae0c0p-25, 0x1.71547652b82fep+1, 0x1.777d0ffda0d24p-55);
  sum = addSmaller(c1, sum) * s;
  return addSmaller({split.exponent, x.constant(0.0)}, sum);
}

/// What the special cases of a power ask about the exponent.
struct Exponent {
  Pair value;
  Expr isNegative, isOdd;
};

/// x^y but for NaN, y = 0, x = 1, and a negative x with a y that is no integer.
Expr powerOfFloat(Expr x, Exponent y) {
  Expr a = abs(x);
  Pair log = log2AsPair(a);
  Expr product = y.value.high * log.high;
  Expr low = fma(y.value.high, log.high, -product);
  low = low + fma(y.value.high, log.low, y.value.low * log.high);
  // Where the clamp acts the low part may be no number.
  Expr clamped = clampForExp2(product);
  low = select(clamped == product, low, 0.0);
  Expr result = exp2OfPair({clamped, low});

  Expr isZero = a == 0.0;
  Expr limit = select(isZero ^ y.isNegative, a.constant(0.0), a.constant(infinity));
  result = select(isZero | (a == infinity), limit, result);
  result = select(a == 1.0, 1.0, result);
  uint64_t signBit = uint64_t(1) << (x.getWidth() - 1);
  Expr sign = select(y.isOdd, bits(x) & signBit, bits(x).constant(0));
  return fromBits(bits(result) ^ sign);
}

/// A signed integer as the exact sum of two floats. For f32 an i64 is first
/// brought into 32 bits without changing its parity: beyond, any power of a
/// float other than 1 is 0 or infinite.
Pair pairOfInteger(Expr n, Expr x) {
  if (!x.isF64() && n.getWidth() == 64) {
    Expr limit = n.constant(0x7ffffffe) | (n & 1);
    n = select(n > limit, limit, n);
    n = select(n < -limit, -limit, n);
    n = toInteger(n, 32);
  }
  if (n.getWidth() < 32)
    n = signExtend(n, 32);
  unsigned half = n.getWidth() == 64 ? 32 : 12;
  Expr high = shiftRightSigned(n, half);
  Expr low = n & ((uint64_t(1) << half) - 1);
  auto real = [&](Expr integer) { return convertFloat(toFloat(integer), x.getElementType()); };
  return fastTwoSum(real(high) * double(uint64_t(1) << half), real(low));
}

} // namespace

Expr expandRsqrt(Expr x) { return 1.0 / sqrt(x); }

Expr expandCbrt(Expr x) {
  FloatLayout layout(x);
  // a = m 2^(3 q + s) with 1 <= m < 2; the scaling of subnormals is a cube.
  Expr a = abs(x);
  Expr subnormal = a < pick(x, 0x1p-126, 0x1p-1022);
  Expr raised = select(subnormal, a * pick(x, 0x1p24, 0x1p54), a);
  Expr mantissa = bits(raised) & layout.mantissaMask();
  // The biased exponent over 3, offset so that bias and offset are multiples.
  int offset = 3 - layout.bias % 3;
  Expr biased = shiftRight(bits(raised), layout.mantissa) + offset;
  Expr q = shiftRight(biased * 0xaaab, 17);
  Expr s = biased - q * 3;
  Expr m = fromBits(mantissa | layout.power(0));
  Expr number = fromBits(mantissa | shiftLeft(s + layout.bias, layout.mantissa));

  Expr start = select(s == 1, x.constant(0x1.965fea53d6e3dp-1), x.constant(1.0));
  start = select(s == 2, 0x1.428a2f98d728bp-1, start);
  Expr z = polynomial(m, inverseCubeRootF32) * start;
  for (unsigned step = 0; step < (x.isF64() ? 2 : 1); ++step) {
    Expr h = fma(-(number * z), z * z, 1.0);
    z = fma(z * h, fma(h, 2.0 / 9, 1.0 / 3), z);
  }
  Expr square = z * z;
  Expr y = number * square;
  Pair y2 = twoProduct(y, y);
  Expr residual = fma(-y2.low, y, fma(-y2.high, y, number));
  y = fma(residual, square * (1.0 / 3), y);

  int third = (layout.bias + offset) / 3;
  Expr scale = fromBits(shiftLeft(q + (layout.bias - third), layout.mantissa));
  y = y * scale;
  y = select(subnormal, y * pick(x, 0x1p-8, 0x1p-18), y);
  y = select((a < infinity) & (a > 0.0), y, a);
  return copySign(y, x);
}

Expr expandPow(Expr x, Expr y) {
  Expr half = y * 0.5;
  Expr isInteger = trunc(y) == y;
  Expr isOdd = isInteger & (trunc(half) != half);
  Expr zero = y.constant(0.0);
  Expr result = powerOfFloat(x, {{y, zero}, y < 0.0, isOdd});
  Expr undefined = (x < 0.0) & (x > -infinity) & ~isInteger;
  result = select(undefined, notANumber, result);
  result = select(unordered(x, y), x + y, result);
  return select((y == 0.0) | (x == 1.0), 1.0, result);
}

Expr expandFPowI(Expr x, Expr power) {
  Exponent y = {pairOfInteger(power, x), power < 0, (power & 1) != 0};
  Expr result = powerOfFloat(x, y);
  result = select(isNaN(x), x, result);
  return select((power == 0) | (x == 1.0), 1.0, result);
}

Expr expandIPowI(Expr base, Expr power) {
  unsigned width = base.getWidth();
  if (width < 32)
    return toInteger(expandIPowI(signExtend(base, 32), signExtend(power, 32)), width);
  // The low 8 bits of the exponent by squaring. Then base = b^256, which for
  // an odd b is 1 + z with z a multiple of 2^10, and (1 + z)^n is the binomial
  // series, of which only the first terms are not multiples of 2^width.
  Expr result = base.constant(1);
  Expr square = base;
  for (unsigned bit = 0; bit < 8; ++bit) {
    Expr isSet = (power & (1u << bit)) != 0;
    result = select(isSet, result * square, result);
    square = square * square;
  }
  Expr n = shiftRight(power, 8);
  Expr z = square - 1;
  Expr half = shiftRight(z, 1), third = z * 0xaaaaaaaaaaaaaaabu;
  llvm::SmallVector<Expr> quotients = {z, half, third};
  if (width == 64) {
    quotients.push_back(shiftRight(z, 2));
    quotients.push_back(z * 0xcccccccccccccccdu);
    quotients.push_back(half * 0xaaaaaaaaaaaaaaabu);
  }
  Expr series = base.constant(1);
  for (int k = int(quotients.size()) - 1; k >= 0; --k)
    series = series * ((n - k) * quotients[k]) + 1;
  // An even base to a power of at least the width has no bits left.
  Expr vanishes = ((base & 1) == 0) & (n != 0);
  Expr high = select(vanishes, base.constant(0), series);
  result = result * high;

  Expr isOdd = (power & 1) != 0;
  Expr unit = select(base == -1, select(isOdd, base, base.constant(1)), base.constant(0));
  unit = select(base == 1, base, unit);
  return select(power < 0, unit, result);
}

} // namespace mlxir::expansion
