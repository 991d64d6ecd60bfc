// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sin, cos and tan, with arguments of any size reduced exactly.

#include "lowering/linalg/MathExpansions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SmallVector.h"

#include <limits>

using namespace mlir;

namespace mlxir::expansion {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// sin(r) = r + r^3 s(r^2) for |r| <= pi/4; relative error 2^-28 and 2^-58.
constexpr double sinF32[] = {-0x1.555546p-3, 0x1.110776p-7, -0x1.9952fap-13};
constexpr double sinF64[] = {-0x1.5555555555548p-3, 0x1.111111110f730p-7,   -0x1.a01a019be9216p-13,
                             0x1.71de35552b356p-19, -0x1.ae5e4b83c03edp-26, 0x1.5d8b5585efd05p-33};
// cos(r) = 1 - r^2/2 + r^4 c(r^2) on the same range; relative error 2^-31 and 2^-63.
constexpr double cosF32[] = {0x1.555552p-5, -0x1.6c1040p-10, 0x1.9aebd8p-16};
constexpr double cosF64[] = {0x1.555555555554bp-5,   -0x1.6c16c16c14f6cp-10, 0x1.a01a019c735b9p-16,
                             -0x1.27e4f7d77d756p-22, 0x1.1ee9c6ebfe6fbp-29,  -0x1.8f9a630ed893cp-37};
// tan(r) = r + r^3 t(r^2) on the same range; relative error 2^-29 and 2^-56.
constexpr double tanF32[] = {0x1.555560p-2, 0x1.110d9cp-3,  0x1.bada50p-5, 0x1.5cb9b6p-6,
                             0x1.62f568p-7, 0x1.7ea684p-14, 0x1.1ed006p-8};
constexpr double tanF64[] = {
    0x1.55555555554f0p-2,   0x1.11111111184c0p-3,  0x1.ba1ba1b455e22p-5,   0x1.664f49ac4d034p-6,  0x1.226e11efff096p-7,
    0x1.d6d9427f57795p-9,   0x1.7d5aaa9a43491p-10, 0x1.38005dd269cbep-11,  0x1.d22c36bdeb121p-13, 0x1.1eb66459243dap-13,
    -0x1.bf34d3731b82dp-16, 0x1.783cb2e53d409p-14, -0x1.7997499806e92p-15, 0x1.5e945a406942dp-16};

// pi/2 as the sum of three floats.
constexpr double halfPiF32[] = {0x1.921fb6p+0, -0x1.777a5cp-25, -0x1.ee59dap-50};
constexpr double halfPiF64[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110};

// The bits of 1/pi in words of 32. The first bit of the first word stands for 2^8 (f32), 2^28 (f64).
constexpr uint32_t inversePiF32[] = {0x0028be60, 0xdb939105, 0x4a7f09d5, 0xf47d4d37,
                                     0x7036d8a5, 0x664f10e4, 0x107f9458};
constexpr uint32_t inversePiF64[] = {0x00000002, 0x8be60db9, 0x391054a7, 0xf09d5f47, 0xd4d37703, 0x6d8a5664, 0xf10e4107,
                                     0xf9458eaf, 0x7aef1586, 0xdc91b8e9, 0x09374b80, 0x1924bba8, 0x27464873, 0xf877ac72,
                                     0xc4a69cfb, 0xa208d7d4, 0xbaed1213, 0xa671c09a, 0xd17df904, 0xe64758e6, 0x0d4ce7d2,
                                     0x72117e2e, 0xf7e4a0ec, 0x7fe25fff, 0x7816603f, 0xbcbc462d, 0x6829b47d, 0xb4d9fb3c,
                                     0x9f2c26dd, 0x3d18fd9a, 0x797fa8b5, 0xd49eeb1f, 0xaf97c5ec, 0xf41ce7de, 0x294a4ba9,
                                     0xafed7ec4, 0x7e357421, 0x580cc11b};

/// An argument as a number of quarter turns and a rest of at most pi/4. Of the number, the two lowest bits count.
struct Angle {
  Expr r, quarters;
};

/// Reduces 0 <= x < 2^16 (f32) or 2^25 (f64) by three exact steps.
Angle reduceSmall(Expr x) {
  double magic = FloatLayout(x).roundingMagic();
  Expr shifted = fma(x, pick(x, 0x1.45f306p-1, 0x1.45f306dc9c883p-1), magic);
  Expr n = shifted - magic;
  Expr r = x;
  for (double part : pick(x, halfPiF32, halfPiF64))
    r = fma(n, -part, r);
  return {r, bits(shifted)};
}

/// The `count` consecutive words from `index` on: a shifter whose stage k
/// moves by 2^k words where that bit of the index is set.
SmallVector<Expr> selectWords(SmallVector<Expr> words, Expr index, unsigned stages, unsigned count) {
  for (unsigned stage = stages; stage-- > 0;) {
    unsigned step = 1u << stage;
    Expr isSet = (index & step) != 0;
    SmallVector<Expr> moved;
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

/// A fixed-point multiple of pi: one bit of the integer part, then the fraction,
/// in two words of the float's width.
struct Turns {
  Expr high, low;
};

/// The mantissa of x >= 2^15 times a window of 96 bits of 1/pi. What lies before the window adds whole turns.
Turns multiplyTurnsF32(Expr x) {
  Expr xBits = bits(x);
  Expr offset = shiftRight(xBits, 23) - (127 + 15);
  SmallVector<Expr> words;
  for (uint32_t word : inversePiF32)
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
Turns multiplyTurnsF64(Expr x) {
  Expr xBits = bits(x);
  Expr offset = shiftRight(xBits, 52) - (1023 + 24);
  SmallVector<Expr> words;
  for (unsigned i = 0; i < 37; ++i)
    words.push_back(xBits.constant(uint64_t(inversePiF64[i]) << 32 | inversePiF64[i + 1]));
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

/// A signed fixed-point fraction in [-1/2, 1/2) as a pair. `high` and `low` are its words.
Pair fractionF32(Expr high, Expr low) {
  // Three floats that are exact; where the first two cancel or vanish the third is what counts.
  Expr coarse = toFloat(high & 0xffffff00) * 0x1p-32;
  Expr middle = toFloat(high & 0xff) * 0x1p-32;
  Expr fine = toFloat(shiftRight(low, 8)) * 0x1p-56;
  Pair first = fastTwoSum(coarse, middle);
  Pair sum = fastTwoSum(first.high, fine);
  return {sum.high, sum.low + first.low};
}

Pair fractionF64(Expr high, Expr low) {
  // Of the magnitude, in words of 32 bits; that -1 is taken for -0 is an error in the 128th bit.
  Expr flip = select(high < 0, high.constant(-1), high.constant(0));
  high = high ^ flip;
  low = low ^ flip;
  uint64_t mask = 0xffffffff, signBit = uint64_t(1) << 63;
  auto word = [&](Expr integer, double scale) {
    Expr magnitude = fromBits(integer | FloatLayout(high).power(52)) - 0x1p52;
    return fromBits(bits(magnitude * scale) ^ (flip & signBit));
  };
  Pair sum = fastTwoSum(word(shiftRight(high, 32), 0x1p-32), word(high & mask, 0x1p-64));
  Expr rest = word(shiftRight(low, 32), 0x1p-96) + word(low & mask, 0x1p-128);
  return fastTwoSum(sum.high, sum.low + rest);
}

Angle reduceLarge(Expr x) {
  unsigned width = x.getWidth();
  Turns turns = x.isF64() ? multiplyTurnsF64(x) : multiplyTurnsF32(x);
  // Two bits count quarter turns; the rest is a fraction of one, signed.
  Expr high = shiftLeft(turns.high, 2) | shiftRight(turns.low, width - 2);
  Expr low = shiftLeft(turns.low, 2);
  Pair fraction = x.isF64() ? fractionF64(high, low) : fractionF32(high, low);
  auto parts = pick(x, halfPiF32, halfPiF64);
  Expr small = fma(fraction.low, parts[0], fraction.high * parts[1]);
  Expr rounded = turns.high + (uint64_t(1) << (width - 3));
  return {fma(fraction.high, parts[0], small), shiftRight(rounded, width - 2)};
}

/// x >= 0 reduced; infinity and NaN have the rest NaN. The long way is gone only
/// where a lane of the vector needs it, and changes no other lane.
Angle reduce(Expr x, bool small) {
  Angle angle = reduceSmall(x);
  if (small)
    return angle;
  Expr isLarge = (x >= pick(x, 0x1p16, 0x1p25)) & (x < infinity);
  auto guarded = scf::IfOp::create(
      x.getBuilder(), anyLane(isLarge),
      [&](OpBuilder &builder, Location loc) {
        Angle large = reduceLarge(x);
        Expr r = select(isLarge, large.r, angle.r);
        Expr quarters = select(isLarge, large.quarters, angle.quarters);
        scf::YieldOp::create(builder, loc, {r.get(), quarters.get()});
      },
      [&](OpBuilder &builder, Location loc) {
        scf::YieldOp::create(builder, loc, {angle.r.get(), angle.quarters.get()});
      });
  return {x.wrap(guarded.getResult(0)), x.wrap(guarded.getResult(1))};
}

/// sin(r + quarters pi/2).
Expr sinOfAngle(Angle angle) {
  Expr r = angle.r;
  Expr z = r * r;
  Expr sine = fma(polynomial(z, pick(r, sinF32, sinF64)), z * r, r);
  Expr cosine = fma(polynomial(z, pick(r, cosF32, cosF64)), z * z, fma(z, -0.5, 1.0));
  Expr y = select((angle.quarters & 1) != 0, cosine, sine);
  return fromBits(bits(y) ^ shiftLeft(angle.quarters & 2, r.getWidth() - 2));
}

Expr signBit(Expr x) { return bits(x) & (uint64_t(1) << (x.getWidth() - 1)); }

} // namespace

Expr expandSin(Expr x, bool small) {
  Expr y = sinOfAngle(reduce(abs(x), small));
  return fromBits(bits(y) ^ signBit(x));
}

Expr expandCos(Expr x, bool small) {
  Angle angle = reduce(abs(x), small);
  return sinOfAngle({angle.r, angle.quarters + 1});
}

Expr expandTan(Expr x, bool small) {
  Angle angle = reduce(abs(x), small);
  Expr r = angle.r;
  Expr z = r * r;
  Expr t = fma(polynomial(z, pick(x, tanF32, tanF64)), z * r, r);
  // tan(r + pi/2) = -1 / tan(r)
  Expr isOdd = (angle.quarters & 1) != 0;
  Expr y = select(isOdd, -1.0, t) / select(isOdd, t, 1.0);
  return fromBits(bits(y) ^ signBit(x));
}

} // namespace mlxir::expansion
