// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The expansion of each math function on f32 and f64. docs/numerics.md states
// the error of each; all of them follow C99 for signed zeros, infinities, NaN.

#ifndef MLXIR_LOWERING_LINALG_MATHEXPANSIONS_H
#define MLXIR_LOWERING_LINALG_MATHEXPANSIONS_H

#include "lowering/linalg/MathEmitter.h"

namespace mlxir::expansion {

// ExpandMathExp.cpp
Expr expandExp(Expr x);
Expr expandExp2(Expr x);
/// 2^(x.high + x.low) for x.high within the range that clampForExp2 leaves.
Expr exp2OfPair(Pair x);
Expr clampForExp2(Expr x);
/// 2^x for |x| <= 100.
Expr exp2OfModest(Expr x);
Expr expandExpM1(Expr x);
Expr expandSinh(Expr x);
Expr expandCosh(Expr x);
Expr expandTanh(Expr x);
/// factor * e^x, both with a correction term.
Expr timesExp(Pair factor, Pair x);

// ExpandMathErf.cpp
Expr expandErf(Expr x);
Expr expandErfc(Expr x);

// ExpandMathLog.cpp
Expr expandLog(Expr x);
Expr expandLog2(Expr x);
Expr expandLog10(Expr x);
Expr expandLog1p(Expr x);
Expr expandAsinh(Expr x);
Expr expandAcosh(Expr x);
Expr expandAtanh(Expr x);

/// x = 2^exponent (1 + f); inverseScale is 2^-exponent.
struct SplitFloat {
  Expr exponent, f, inverseScale;
};
/// Splits a positive number such that 1 + f lies between a number below 1, of
/// which the bits are given, and twice that number.
SplitFloat splitNormal(Expr x, uint64_t lowest);
/// As splitNormal, for subnormal numbers too; inverseScale is not valid then.
SplitFloat splitPositive(Expr x, uint64_t lowest);
/// The bits of sqrt(1/2).
inline uint64_t sqrtHalfBits(Expr x) { return x.isF64() ? 0x3fe6a09e667f3bcd : 0x3f3504f3; }

// ExpandMathPow.cpp
Expr expandRsqrt(Expr x);
Expr expandCbrt(Expr x);
Expr expandPow(Expr x, Expr y);
/// x to an integer power: a float base, and an integer one.
Expr expandFPowI(Expr x, Expr power);
Expr expandIPowI(Expr base, Expr power);

// ExpandMathTrig.cpp; `small` promises |x| < 65536, as an f16 always is.
Expr expandSin(Expr x, bool small = false);
Expr expandCos(Expr x, bool small = false);
Expr expandTan(Expr x, bool small = false);

// ExpandMathArc.cpp
Expr expandAsin(Expr x);
Expr expandAcos(Expr x);
Expr expandAtan(Expr x);
Expr expandAtan2(Expr y, Expr x);

// ExpandMathRound.cpp
/// The nearest integer, halves away from zero.
Expr expandRound(Expr x);
/// The remainder of x / y with the sign of x, exactly.
Expr expandRemainder(Expr x, Expr y);
/// Conversions between f16, bf16, f32 and f64 that hardware has everywhere.
Expr widenFloat(Expr x, mlir::Type element);
Expr narrowFloat(Expr x, mlir::Type element);

} // namespace mlxir::expansion

#endif // MLXIR_LOWERING_LINALG_MATHEXPANSIONS_H
