// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rounding to integers, and conversions between float types.

#include "lowering/linalg/MathExpansions.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace mlxir::expansion {
namespace {

Expr widenBF16(Expr x) { return fromBits(shiftLeft(toInteger(bits(x), 32), 16)); }

/// f32 to bf16: adds just under half of the last place kept, or half if that
/// place is odd; a NaN keeps its sign and becomes quiet.
Expr narrowToBF16(Expr x) {
  Expr word = bits(x);
  Expr last = shiftRight(word, 16) & 1;
  Expr rounded = shiftRight(word + last + 0x7fff, 16);
  Expr quiet = shiftRight(word, 16) | 0x40;
  Expr result = toInteger(select(isNaN(x), quiet, rounded), 16);
  return bitcastTo(result, BFloat16Type::get(x.getType().getContext()));
}

/// f64 to f32 such that rounding the result again is rounding once: an inexact
/// result is cut towards zero and its last bit set.
Expr roundToOdd(Expr x) {
  Expr y = convertFloat(x, Float32Type::get(x.getType().getContext()));
  Expr back = convertFloat(y, x.getElementType());
  Expr isAbove = abs(back) > abs(x);
  Expr isInexact = isAbove | (abs(back) < abs(x));
  Expr cut = bits(y) - toInteger(isAbove, 32);
  return fromBits(cut | toInteger(isInexact, 32));
}

} // namespace

Expr expandRound(Expr x) {
  Expr whole = trunc(x);
  // The difference is exact; adding 1 is exact where there is a fraction.
  Expr up = abs(x - whole) >= 0.5;
  Expr step = select(up, x.constant(1.0), x.constant(0.0));
  return copySign(abs(whole) + step, x);
}

Expr widenFloat(Expr x, Type element) {
  if (x.getElementType().isBF16())
    x = widenBF16(x);
  else if (x.getElementType().isF16())
    x = convertFloat(x, Float32Type::get(x.getType().getContext()));
  return convertFloat(x, element);
}

Expr narrowFloat(Expr x, Type element) {
  if (x.isF64() && element.getIntOrFloatBitWidth() == 16)
    x = roundToOdd(x);
  return element.isBF16() ? narrowToBF16(x) : convertFloat(x, element);
}

} // namespace mlxir::expansion
