// Elementwise ops of one operand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_UNARY
#define MLXIR_UNARY

include "dialect/Families.td"

//===----------------------------------------------------------------------===//
// Signs and magnitudes
//===----------------------------------------------------------------------===//

def Mlxir_NegativeOp : Mlxir_UnaryOp<"negative", Same> {
  let summary = "Elementwise negation. Integers wrap around.";
  let example = ["mx.negative(mx.array([1, -2]))", "array([-1, 2], dtype=int32)"];
  let scalar = [Number<"-x">];
  let vjp = ["-ct"];
}

def Mlxir_AbsOp : Mlxir_UnaryOp<"abs", Same> {
  let summary = "Elementwise absolute value. The most negative integer stays as it is.";
  let example = ["mx.abs(mx.array([-1.5, 2.0]))", "array([1.5, 2], dtype=float32)"];
  let scalar = [Float<"math::AbsFOp">, Signed<"select(x < 0, -x, x)">, Unsigned<"x">, Bool<"x">];
  let vjp = ["ct * sign(x)"];
}

def Mlxir_SignOp : Mlxir_UnaryOp<"sign", Same> {
  let summary = "Elementwise sign: -1, 0 or 1, and NaN for NaN.";
  let example = ["mx.sign(mx.array([-3, 0, 5]))", "array([-1, 0, 1], dtype=int32)"];
  let scalar = [Number<"select(x > 0, 1, select(x < 0, -1, x))">, Bool<"x">];
  let vjp = ["zero"];
}

//===----------------------------------------------------------------------===//
// Rounding. Integers are whole already.
//===----------------------------------------------------------------------===//

def Mlxir_FloorOp : Mlxir_UnaryOp<"floor", Same> {
  let summary = "Elementwise largest whole number that is not greater.";
  let example = ["mx.floor(mx.array([-1.5, 1.5]))", "array([-2, 1], dtype=float32)"];
  let scalar = [Float<"math::FloorOp">, Integer<"x">, Bool<"x">];
  let vjp = ["zero"];
}

def Mlxir_CeilOp : Mlxir_UnaryOp<"ceil", Same> {
  let summary = "Elementwise smallest whole number that is not less.";
  let example = ["mx.ceil(mx.array([-1.5, 1.5]))", "array([-1, 2], dtype=float32)"];
  let scalar = [Float<"math::CeilOp">, Integer<"x">, Bool<"x">];
  let vjp = ["zero"];
}

def Mlxir_RoundOp : Mlxir_UnaryOp<"round", Same> {
  let summary = "Elementwise nearest whole number, halves to the even one.";
  let publicName = ""; // the public function also takes a number of decimals
  let scalar = [Float<"math::RoundEvenOp">, Integer<"x">, Bool<"x">];
  let vjp = ["zero"];
}

def Mlxir_TruncOp : Mlxir_UnaryOp<"trunc", Same> {
  let summary = "Elementwise nearest whole number towards zero.";
  let example = ["mx.trunc(mx.array([-1.5, 1.5]))", "array([-1, 1], dtype=float32)"];
  let scalar = [Float<"math::TruncOp">, Integer<"x">, Bool<"x">];
  let vjp = ["zero"];
}

//===----------------------------------------------------------------------===//
// Powers, exponentials and logarithms
//===----------------------------------------------------------------------===//

def Mlxir_SqrtOp : Mlxir_UnaryOp<"sqrt", Inexact> {
  let summary = "Elementwise square root.";
  let example = ["mx.sqrt(mx.array([4, 9]))", "array([2, 3], dtype=float32)"];
  let scalar = [Float<"math::SqrtOp">];
  let vjp = ["ct * 0.5 / result"];
}

def Mlxir_RsqrtOp : Mlxir_UnaryOp<"rsqrt", Inexact> {
  let summary = "Elementwise reciprocal of the square root.";
  let example = ["mx.rsqrt(mx.array([1.0, 4.0]))", "array([1, 0.5], dtype=float32)"];
  let scalar = [Float<"math::RsqrtOp">];
  let vjp = ["ct * -0.5 * result / x"];
}

def Mlxir_ExpOp : Mlxir_UnaryOp<"exp", Inexact> {
  let summary = "Elementwise exponential.";
  let example = ["mx.exp(mx.array([0.0, 1.0]))", "array([1, 2.71828], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::ExpOp">];
  let vjp = ["ct * result"];
}

def Mlxir_Expm1Op : Mlxir_UnaryOp<"expm1", Inexact> {
  let summary = "Elementwise exponential less one, accurate near zero.";
  let example = ["mx.expm1(mx.array([0.0, 1e-06]))", "array([0, 1e-06], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::ExpM1Op">];
  let vjp = ["ct * (result + 1)"];
}

def Mlxir_LogOp : Mlxir_UnaryOp<"log", Inexact> {
  let summary = "Elementwise natural logarithm.";
  let example = ["mx.log(mx.array([1.0, 10.0]))", "array([0, 2.30259], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::LogOp">];
  let vjp = ["ct / x"];
}

def Mlxir_Log1pOp : Mlxir_UnaryOp<"log1p", Inexact> {
  let summary = "Elementwise natural logarithm of one more, accurate near zero.";
  let example = ["mx.log1p(mx.array([0.0, 1e-06]))", "array([0, 1e-06], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::Log1pOp">];
  let vjp = ["ct / (x + 1)"];
}

def Mlxir_Log2Op : Mlxir_UnaryOp<"log2", Inexact> {
  let summary = "Elementwise logarithm to the base 2.";
  let example = ["mx.log2(mx.array([1.0, 8.0]))", "array([0, 3], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::Log2Op">];
  let vjp = ["ct / (x * 0.6931471805599453)"]; // log(2)
}

def Mlxir_Log10Op : Mlxir_UnaryOp<"log10", Inexact> {
  let summary = "Elementwise logarithm to the base 10.";
  let example = ["mx.log10(mx.array([1.0, 100.0]))", "array([0, 2], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::Log10Op">];
  let vjp = ["ct / (x * 2.302585092994046)"]; // log(10)
}

def Mlxir_SigmoidOp : Mlxir_UnaryOp<"sigmoid", Inexact> {
  let summary = "Elementwise logistic function, `1 / (1 + exp(-x))`.";
  let example = ["mx.sigmoid(mx.array([0.0, 2.0]))", "array([0.5, 0.880797], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"1 / (1 + exp(-x))">];
  let vjp = ["ct * result * (1 - result)"];
}

def Mlxir_ErfOp : Mlxir_UnaryOp<"erf", Inexact> {
  let summary = "Elementwise error function.";
  let example = ["mx.erf(mx.array([0.0, 1.0]))", "array([0, 0.842701], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::ErfOp">];
  let vjp = ["ct * 1.1283791670955126 * exp(-(x * x))"]; // 2 / sqrt(pi)
}

//===----------------------------------------------------------------------===//
// Trigonometric and hyperbolic functions
//===----------------------------------------------------------------------===//

def Mlxir_SinOp : Mlxir_UnaryOp<"sin", Inexact> {
  let summary = "Elementwise sine.";
  let example = ["mx.sin(mx.array([0.0, 1.0]))", "array([0, 0.841471], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::SinOp">];
  let vjp = ["ct * cos(x)"];
}

def Mlxir_CosOp : Mlxir_UnaryOp<"cos", Inexact> {
  let summary = "Elementwise cosine.";
  let example = ["mx.cos(mx.array([0.0, 1.0]))", "array([1, 0.540302], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::CosOp">];
  let vjp = ["-(ct * sin(x))"];
}

def Mlxir_TanOp : Mlxir_UnaryOp<"tan", Inexact> {
  let summary = "Elementwise tangent.";
  let example = ["mx.tan(mx.array([0.0, 1.0]))", "array([0, 1.55741], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::TanOp">];
  let vjp = ["ct * (result * result + 1)"];
}

def Mlxir_ArcsinOp : Mlxir_UnaryOp<"arcsin", Inexact> {
  let summary = "Elementwise inverse of the sine.";
  let example = ["mx.arcsin(mx.array([0.0, 1.0]))", "array([0, 1.5708], dtype=float32)"];
  let aliases = ["asin"];
  let cost = Transcendental;
  let scalar = [Float<"math::AsinOp">];
  let vjp = ["ct * rsqrt((1 - x) * (1 + x))"];
}

def Mlxir_ArccosOp : Mlxir_UnaryOp<"arccos", Inexact> {
  let summary = "Elementwise inverse of the cosine.";
  let example = ["mx.arccos(mx.array([-1.0, 1.0]))", "array([3.14159, 0], dtype=float32)"];
  let aliases = ["acos"];
  let cost = Transcendental;
  let scalar = [Float<"math::AcosOp">];
  let vjp = ["-(ct * rsqrt((1 - x) * (1 + x)))"];
}

def Mlxir_ArctanOp : Mlxir_UnaryOp<"arctan", Inexact> {
  let summary = "Elementwise inverse of the tangent.";
  let example = ["mx.arctan(mx.array([0.0, 1.0]))", "array([0, 0.785398], dtype=float32)"];
  let aliases = ["atan"];
  let cost = Transcendental;
  let scalar = [Float<"math::AtanOp">];
  let vjp = ["ct / (x * x + 1)"];
}

def Mlxir_SinhOp : Mlxir_UnaryOp<"sinh", Inexact> {
  let summary = "Elementwise hyperbolic sine.";
  let example = ["mx.sinh(mx.array([0.0, 1.0]))", "array([0, 1.1752], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::SinhOp">];
  let vjp = ["ct * cosh(x)"];
}

def Mlxir_CoshOp : Mlxir_UnaryOp<"cosh", Inexact> {
  let summary = "Elementwise hyperbolic cosine.";
  let example = ["mx.cosh(mx.array([0.0, 1.0]))", "array([1, 1.54308], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::CoshOp">];
  let vjp = ["ct * sinh(x)"];
}

def Mlxir_TanhOp : Mlxir_UnaryOp<"tanh", Inexact> {
  let summary = "Elementwise hyperbolic tangent.";
  let example = ["mx.tanh(mx.array([0.0, 1.0]))", "array([0, 0.761594], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<"math::TanhOp">];
  let vjp = ["ct * (1 - result * result)"];
}

def Mlxir_ArcsinhOp : Mlxir_UnaryOp<"arcsinh", Inexact> {
  let summary = "Elementwise inverse of the hyperbolic sine.";
  let example = ["mx.arcsinh(mx.array([0.0, 1.0]))", "array([0, 0.881374], dtype=float32)"];
  let aliases = ["asinh"];
  let cost = Transcendental;
  let scalar = [Float<"math::AsinhOp">];
  let vjp = ["ct * rsqrt(x * x + 1)"];
}

def Mlxir_ArccoshOp : Mlxir_UnaryOp<"arccosh", Inexact> {
  let summary = "Elementwise inverse of the hyperbolic cosine.";
  let example = ["mx.arccosh(mx.array([1.0, 2.0]))", "array([0, 1.31696], dtype=float32)"];
  let aliases = ["acosh"];
  let cost = Transcendental;
  let scalar = [Float<"math::AcoshOp">];
  let vjp = ["ct * rsqrt((x - 1) * (x + 1))"];
}

def Mlxir_ArctanhOp : Mlxir_UnaryOp<"arctanh", Inexact> {
  let summary = "Elementwise inverse of the hyperbolic tangent.";
  let example = ["mx.arctanh(mx.array([0.0, 0.5]))", "array([0, 0.549306], dtype=float32)"];
  let aliases = ["atanh"];
  let cost = Transcendental;
  let scalar = [Float<"math::AtanhOp">];
  let vjp = ["ct / ((1 - x) * (1 + x))"];
}

//===----------------------------------------------------------------------===//
// Bits and truth
//===----------------------------------------------------------------------===//

def Mlxir_BitwiseInvertOp : Mlxir_UnaryOp<"bitwise_invert", Same> {
  let summary = "Elementwise complement of all bits; of bool, negation.";
  let example = ["mx.bitwise_invert(mx.array([0, 5]))", "array([-1, -6], dtype=int32)"];
  let namesOperands = 1;
  let scalar = [Integer<"x ^ -1">, Bool<"!x">];
}

def Mlxir_LogicalNotOp : Mlxir_UnaryOp<"logical_not", Logical> {
  let summary = "Elementwise negation of truth.";
  let example = ["mx.logical_not(mx.array([0, 3]))", "array([True, False], dtype=bool)"];
  let scalar = [Bool<"!x">];
}

//===----------------------------------------------------------------------===//
// Identities
//===----------------------------------------------------------------------===//

def Mlxir_CopyOp : Mlxir_UnaryOp<"copy", Unpromoted> {
  let summary = "The same elements as a value of its own.";
  let description = [{
    Transforms wrap their inputs in copies, so that a value which reaches a function both as an argument and through a
    closure is differentiated as the argument only. Simplification removes copies.
  }];
  let publicName = "";
  let cost = Free;
  let scalar = [Any<"x">];
  let vjp = ["ct"];
}

def Mlxir_StopGradientOp : Mlxir_UnaryOp<"stop_gradient", Unpromoted> {
  let summary = "The same elements, which derivatives take for constants.";
  let example = ["mx.grad(lambda x: x * mx.stop_gradient(x))(mx.array(3.0))", "array(3, dtype=float32)"];
  let cost = Free;
  let scalar = [Any<"x">];
  let vjp = ["zero"];
}

#endif // MLXIR_UNARY
