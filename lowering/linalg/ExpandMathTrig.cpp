// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sin, cos and tan, with arguments of any size reduced exactly.

#include "lowering/linalg/MathExpansions.h"

#include "llvm/ADT/SmallVector.h"

#include <limits>

namespace mlxir {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// sin(r) = r + r^3 s(r^2) for |r| <= pi/2; relative error 2^-27 and 2^-61.
constexpr double sinF32[] = {-0x1.55554cp-3, 0x1.110edap-7, -0x1.9f70eap-13, 0x1.5dc84ap-19};
constexpr double sinF64[] = {-0x1.5555555555555p-3,  0x1.11111111110c8p-7,   -0x1.a01a01a014d6fp-13,
                             0x1.71de3a52a0b16p-19,  -0x1.ae6454d47469bp-26, 0x1.6123cd074c901p-33,
                             -0x1.ae438478fd6aap-41, 0x1.8832a9ea4b5bcp-49};
// The same for |r| <= pi/4; relative error 2^-28 and 2^-58.
constexpr double sinQuarterF32[] = {-0x1.555546p-3, 0x1.110776p-7, -0x1.9952fap-13};
constexpr double sinQuarterF64[] = {-0x1.5555555555548p-3, 0x1.111111110f730p-7,   -0x1.a01a019be9216p-13,
                                    0x1.71de35552b356p-19, -0x1.ae5e4b83c250ep-26, 0x1.5d8b5587b4344p-33};
// cos(r) = 1 - r^2/2 + r^4 c(r^2) for |r| <= pi/4; error 2^-31 and 2^-58.
constexpr double cosQuarterF32[] = {0x1.555552p-5, -0x1.6c1040p-10, 0x1.9aebd8p-16};
constexpr double cosQuarterF64[] = {0x1.555555555554bp-5,   -0x1.6c16c16c0fe59p-10, 0x1.a01a018fd762bp-16,
                                    -0x1.27e4eca1974dep-22, 0x1.1ee1404c1518fp-29,  -0x1.8ae3b909af208p-37};

/// What reduction by a multiple of pi needs to know of it.
struct Period {
  /// 1 / period, and the period as the sum of three floats.
  double inverse32, inverse64;
  double parts32[3], parts64[3];
  /// The bits of 1 / period in words of 32. The first bit of the first word
  /// stands for 2^8 (f32), 2^28 (f64).
  uint32_t words32[7];
  uint32_t words64[38];
};

constexpr Period piPeriod = {0x1.45f306p-2,
                             0x1.45f306dc9c883p-2,
                             {0x1.921fb6p+1, -0x1.777a5cp-24, -0x1.ee59dap-49},
                             {0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53, -0x1.f1976b7ed8fbcp-109},
                             {0x0028be60, 0xdb939105, 0x4a7f09d5, 0xf47d4d37, 0x7036d8a5, 0x664f10e4, 0x107f9458},
                             {0x00000002, 0x8be60db9, 0x391054a7, 0xf09d5f47, 0xd4d37703, 0x6d8a5664, 0xf10e4107,
                              0xf9458eaf, 0x7aef1586, 0xdc91b8e9, 0x09374b80, 0x1924bba8, 0x27464873, 0xf877ac72,
                              0xc4a69cfb, 0xa208d7d4, 0xbaed1213, 0xa671c09a, 0xd17df904, 0xe64758e6, 0x0d4ce7d2,
                              0x72117e2e, 0xf7e4a0ec, 0x7fe25fff, 0x7816603f, 0xbcbc462d, 0x6829b47d, 0xb4d9fb3c,
                              0x9f2c26dd, 0x3d18fd9a, 0x797fa8b5, 0xd49eeb1f, 0xaf97c5ec, 0xf41ce7de, 0x294a4ba9,
                              0xafed7ec4, 0x7e357421, 0x580cc11b}};

constexpr Period halfPiPeriod = {0x1.45f306p-1,
                                 0x1.45f306dc9c883p-1,
                                 {0x1.921fb6p+0, -0x1.777a5cp-25, -0x1.ee59dap-50},
                                 {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110},
                                 {0x00517cc1, 0xb727220a, 0x94fe13ab, 0xe8fa9a6e, 0xe06db14a, 0xcc9e21c8, 0x20ff28b1},
                                 {0x00000005, 0x17cc1b72, 0x7220a94f, 0xe13abe8f, 0xa9a6ee06, 0xdb14acc9, 0xe21c820f,
                                  0xf28b1d5e, 0xf5de2b0d, 0xb92371d2, 0x126e9700, 0x32497750, 0x4e8c90e7, 0xf0ef58e5,
                                  0x894d39f7, 0x4411afa9, 0x75da2427, 0x4ce38135, 0xa2fbf209, 0xcc8eb1cc, 0x1a99cfa4,
                                  0xe422fc5d, 0xefc941d8, 0xffc4bffe, 0xf02cc07f, 0x79788c5a, 0xd05368fb, 0x69b3f679,
                                  0x3e584dba, 0x7a31fb34, 0xf2ff516b, 0xa93dd63f, 0x5f2f8bd9, 0xe839cfbc, 0x52949753,
                                  0x5fdafd88, 0xfc6ae842, 0xb0198237}};

/// An argument as a multiple of the period and a rest of at most half of it.
struct Angle {
  Expr r;
  /// An integer whose lowest bit says whether the multiple is odd.
  Expr multiple;
};

/// Reduces 0 <= x < 2^16 (f32) or 2^25 (f64) by three exact steps. With
/// `shift`, x + period/2 is reduced.
Angle reduceSmall(Expr x, const Period &period, bool shift) {
  FloatLayout layout(x);
  double magic = layout.roundingMagic();
  double inverse = pick(x, period.inverse32, period.inverse64);
  Expr shifted = shift ? fma(x, inverse, 0.5) + magic : fma(x, inverse, magic);
  Expr n = shifted - magic;
  if (shift)
    n = n - 0.5;
  Expr r = x;
  for (double part : pick(x, period.parts32, period.parts64))
    r = fma(n, -part, r);
  return {r, bits(shifted)};
}

/// The `count` consecutive words from `index` on: a shifter whose stage k
/// moves by 2^k words where that bit of the index is set.
llvm::SmallVector<Expr> selectWords(llvm::SmallVector<Expr> words, Expr index, unsigned stages, unsigned count) {
  for (unsigned stage = stages; stage-- > 0;) {
    unsigned step = 1u << stage;
    Expr isSet = (index & step) != 0;
    llvm::SmallVector<Expr> moved;
    for (unsigned i = 0; i < count + step - 1; ++i)
      moved.push_back(select(isSet, words[i + step], words[i]));
    words = std::move(moved);
  }
  return words;
}

/// The high half of the product of two 32-bit integers.
Expr multiplyHigh(Expr a, Expr b) {
  Expr product = toInteger(a, 64) * toInteger(b, 64);
  return toInteger(shiftRight(product, 32), 32);
}

/// Fixed-point multiples of the period: one bit of the integer part, then the
/// fraction. high and low have the width of the float.
struct Turns {
  Expr high, low;
};

/// The mantissa of x >= 2^15 times a window of 96 bits of 1/period. Of these,
/// what lies before the window only adds multiples of two periods.
Turns multiplyTurnsF32(Expr x, const Period &period) {
  Expr xBits = bits(x);
  Expr offset = shiftRight(xBits, 23) - (127 + 15);
  llvm::SmallVector<Expr> words;
  for (uint32_t word : period.words32)
    words.push_back(xBits.constant(word));
  words = selectWords(words, shiftRight(offset, 5), 2, 4);
  Expr shift = offset & 31;
  Expr complement = 31 - shift;
  for (unsigned i = 0; i < 3; ++i)
    words[i] = shiftLeft(words[i], shift) | shiftRight(shiftRight(words[i + 1], 1), complement);
  Expr m = (xBits & 0x7fffff) | 0x800000;
  Expr carried = multiplyHigh(m, words[2]);
  Expr low = m * words[1] + carried;
  Expr carry = toInteger(below(low, carried), 32);
  return {m * words[0] + multiplyHigh(m, words[1]) + carry, low};
}

/// The same for f64, x >= 2^24: a window of 192 bits, in limbs of 32.
Turns multiplyTurnsF64(Expr x, const Period &period) {
  Expr xBits = bits(x);
  Expr offset = shiftRight(xBits, 52) - (1023 + 24);
  llvm::SmallVector<Expr> words;
  for (unsigned i = 0; i < 37; ++i)
    words.push_back(xBits.constant(uint64_t(period.words64[i]) << 32 | period.words64[i + 1]));
  words = selectWords(words, shiftRight(offset, 5), 5, 6);
  Expr shift = offset & 31;
  for (Expr &word : words)
    word = shiftRight(shiftLeft(word, shift), 32);

  uint64_t mask = 0xffffffff;
  Expr m0 = xBits & mask;
  Expr m1 = shiftRight((xBits & 0xfffffffffffff) | 0x10000000000000, 32);
  auto lowHalf = [&](Expr product) { return product & mask; };
  auto highHalf = [&](Expr product) { return shiftRight(product, 32); };
  // Column sums from the third lowest limb on; the two below it are less than
  // 2^-126 together and only their carry's larger part is kept.
  Expr sum2 = highHalf(m0 * words[4]) + highHalf(m1 * words[5]);
  Expr a = m0 * words[3], b = m1 * words[4];
  sum2 = sum2 + lowHalf(a) + lowHalf(b);
  Expr sum3 = highHalf(sum2) + highHalf(a) + highHalf(b);
  a = m0 * words[2], b = m1 * words[3];
  sum3 = sum3 + lowHalf(a) + lowHalf(b);
  Expr sum4 = highHalf(sum3) + highHalf(a) + highHalf(b);
  a = m0 * words[1], b = m1 * words[2];
  sum4 = sum4 + lowHalf(a) + lowHalf(b);
  Expr sum5 = highHalf(sum4) + highHalf(a) + highHalf(b);
  sum5 = sum5 + m0 * words[0] + m1 * words[1];
  return {shiftLeft(sum5, 32) | lowHalf(sum4), shiftLeft(sum3, 32) | lowHalf(sum2)};
}

/// A signed fixed-point fraction in [-1/2, 1/2) as a float.
Expr fractionF32(Expr high, Expr low) {
  Expr coarse = toFloat(high) * 0x1p-32;
  return fma(toFloat(shiftRight(low, 8)), 0x1p-56, coarse);
}

Expr fractionF64(Expr high, Expr low) {
  // Of the magnitude, in words of 32 bits; that -1 is taken for -0 is an error
  // in the 128th bit.
  Expr negative = high < 0;
  Expr flip = select(negative, high.constant(-1), high.constant(0));
  high = high ^ flip;
  low = low ^ flip;
  auto word = [&](Expr integer) { return fromBits(integer | FloatLayout(high).power(52)) - 0x1p52; };
  uint64_t mask = 0xffffffff;
  Expr sum = word(low & mask) * 0x1p-32;
  sum = (sum + word(shiftRight(low, 32))) * 0x1p-32;
  sum = (sum + word(high & mask)) * 0x1p-32;
  sum = (sum + word(shiftRight(high, 32))) * 0x1p-32;
  return fromBits(bits(sum) ^ (flip & (uint64_t(1) << 63)));
}

Angle reduceLarge(Expr x, const Period &period, bool shift) {
  unsigned width = x.getWidth();
  Turns turns = x.isF64() ? multiplyTurnsF64(x, period) : multiplyTurnsF32(x, period);
  uint64_t half = uint64_t(1) << (width - 2);
  Expr high = shift ? turns.high + half : turns.high;
  Expr top = shiftLeft(high, 1) | shiftRight(turns.low, width - 1);
  Expr rest = shiftLeft(turns.low, 1);
  Expr fraction = x.isF64() ? fractionF64(top, rest) : fractionF32(top, rest);
  auto parts = pick(x, period.parts32, period.parts64);
  Expr r = fma(fraction, parts[0], fraction * parts[1]);
  return {r, shiftRight(high + half, width - 1)};
}

/// x >= 0 reduced; infinity and NaN have the rest NaN.
Angle reduce(Expr x, const Period &period, bool shift, bool small) {
  Angle angle = reduceSmall(x, period, shift);
  if (small)
    return angle;
  Angle large = reduceLarge(x, period, shift);
  Expr isLarge = (x >= pick(x, 0x1p16, 0x1p25)) & (x < infinity);
  return {select(isLarge, large.r, angle.r), select(isLarge, large.multiple, angle.multiple)};
}

/// sin(r) with the sign changed where the multiple of pi is odd, and by the
/// sign bit of `sign`.
Expr sinOfAngle(Angle angle, std::optional<Expr> sign) {
  Expr r = angle.r;
  Expr z = r * r;
  Expr y = fma(polynomial(z, pick(r, sinF32, sinF64)), z * r, r);
  Expr flip = shiftLeft(angle.multiple, r.getWidth() - 1);
  if (sign)
    flip = flip ^ (bits(*sign) & (uint64_t(1) << (r.getWidth() - 1)));
  return fromBits(bits(y) ^ flip);
}

} // namespace

Expr expandSin(Expr x, bool small) { return sinOfAngle(reduce(abs(x), piPeriod, /*shift=*/false, small), x); }

Expr expandCos(Expr x, bool small) { return sinOfAngle(reduce(abs(x), piPeriod, /*shift=*/true, small), std::nullopt); }

Expr expandTan(Expr x, bool small) {
  Angle angle = reduce(abs(x), halfPiPeriod, /*shift=*/false, small);
  Expr r = angle.r;
  Expr z = r * r;
  Expr sine = fma(polynomial(z, pick(x, sinQuarterF32, sinQuarterF64)), z * r, r);
  Expr cosine = fma(z, -0.5, 1.0);
  Expr cosineTail = polynomial(z, pick(x, cosQuarterF32, cosQuarterF64));
  cosine = fma(cosineTail, z * z, cosine);
  // tan(r + pi/2) = -cos(r) / sin(r)
  Expr odd = (angle.multiple & 1) != 0;
  Expr y = select(odd, cosine, sine) / select(odd, -sine, cosine);
  Expr sign = bits(x) & (uint64_t(1) << (x.getWidth() - 1));
  return fromBits(bits(y) ^ sign);
}

} // namespace mlxir
