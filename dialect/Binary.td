// Elementwise ops of two operands of one type.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_BINARY
#define MLXIR_BINARY

include "dialect/Families.td"

//===----------------------------------------------------------------------===//
// Arithmetic. Integers wrap around; bools add as `or`, multiply as `and`.
//===----------------------------------------------------------------------===//

let namesOperands = 1 in {

def Mlxir_AddOp : Mlxir_BinaryOp<"add", Same> {
  let summary = "Elementwise sum.";
  let example = ["mx.add(mx.array([1, 2]), 0.5)", "array([1.5, 2.5], dtype=float32)"];
  let scalar = [Number<"x + y">, Bool<"x | y">];
  let vjp = ["ct", "ct"];
}

def Mlxir_SubtractOp : Mlxir_BinaryOp<"subtract", Same> {
  let summary = "Elementwise difference. Of bools: whether they differ.";
  let example = ["mx.subtract(mx.array([5, 3]), 1)", "array([4, 2], dtype=int32)"];
  let scalar = [Number<"x - y">, Bool<"x ^ y">];
  let vjp = ["ct", "-ct"];
}

def Mlxir_MultiplyOp : Mlxir_BinaryOp<"multiply", Same> {
  let summary = "Elementwise product.";
  let example = ["mx.multiply(mx.array([[1, 2]]), mx.array([3, 4]))", "array([[3, 8]], dtype=int32)"];
  let scalar = [Number<"x * y">, Bool<"x & y">];
  let vjp = ["ct * y", "ct * x"];
}

def Mlxir_DivideOp : Mlxir_BinaryOp<"divide", Inexact> {
  let summary = "Elementwise quotient; of integers, as floats.";
  let example = ["mx.divide(mx.array([1, 2]), 2)", "array([0.5, 1], dtype=float32)"];
  let scalar = [Float<"x / y">];
  let vjp = ["ct / y", "-(ct * result / y)"];
}

def Mlxir_FloorDivideOp : Mlxir_BinaryOp<"floor_divide", Same> {
  let summary = "Elementwise quotient, rounded down. An integer divided by 0 is 0.";
  let example = ["mx.floor_divide(mx.array([-7, 7]), 2)", "array([-4, 3], dtype=int32)"];
  let codeOperands = [1];
  let scalar = [
    Float<"floor(x / y)">,
    Signed<[{
      Scalar quotient = truncatedQuotient(x, y);
      Scalar rest = x - quotient * y;
      return select(y != 0 && rest != 0 && (rest < 0) != (y < 0), quotient - 1, quotient);
    }]>,
    Unsigned<"truncatedQuotient(x, y)">,
    Bool<"x & y">];
  let vjp = ["zero", "zero"];
}

def Mlxir_RemainderOp : Mlxir_BinaryOp<"remainder", Same> {
  let summary = "Elementwise remainder with the sign of the divisor. Of an integer and 0, the integer.";
  let example = ["mx.remainder(mx.array([-7, 7]), 3)", "array([2, 1], dtype=int32)"];
  let codeOperands = [1];
  let scalar = [
    Float<[{
      Scalar rest = x.apply<arith::RemFOp>(y);
      return select(rest != 0 && (rest < 0) != (y < 0), rest + y, rest);
    }]>,
    Signed<[{
      Scalar rest = x - truncatedQuotient(x, y) * y;
      return select(y != 0 && rest != 0 && (rest < 0) != (y < 0), rest + y, rest);
    }]>,
    Unsigned<"x - truncatedQuotient(x, y) * y">,
    Bool<"x & !y">];
  let vjp = ["ct", "-(ct * floor_divide(x, y))"];
}

} // namesOperands

def Mlxir_PowerOp : Mlxir_BinaryOp<"power", Same> {
  let summary = "Elementwise power. Integers wrap around; a negative power of an integer is rounded towards zero.";
  let example = ["mx.power(mx.array([2, 3]), 2)", "array([4, 9], dtype=int32)"];
  let aliases = ["pow"];
  let codeOperands = [1];
  let cost = Transcendental;
  let scalar = [Float<"math::PowFOp">, Integer<"integerPower(x, y)">, Bool<"x | !y">];
  // A constant factor x**0 has no slope, and neither has 0**y where it is defined.
  let vjp = ["select(y == 0, 0, ct * y * power(x, y - 1))",
             "select(x == 0, 0, ct * result * log(x))"];
}

def Mlxir_Arctan2Op : Mlxir_BinaryOp<"arctan2", Inexact> {
  let summary = "Elementwise angle of the point `(y, x)`: the inverse of the tangent of `x / y`, in all quadrants.";
  let example = ["mx.arctan2(mx.array([1.0, -1.0]), mx.array([1.0, -1.0]))",
                 "array([0.785398, -2.35619], dtype=float32)"];
  let aliases = ["atan2"];
  let cost = Transcendental;
  let scalar = [Float<"math::Atan2Op">];
  let vjp = ["ct * y / (x * x + y * y)", "-(ct * x / (x * x + y * y))"];
}

def Mlxir_LogAddExpOp : Mlxir_BinaryOp<"logaddexp", Inexact> {
  let summary = "Elementwise `log(exp(x) + exp(y))`, without overflow.";
  let example = ["mx.logaddexp(mx.array([0.0, 1000.0]), mx.array([0.0, 1000.0]))",
                 "array([0.693147, 1000.69], dtype=float32)"];
  let cost = Transcendental;
  let scalar = [Float<[{
    Scalar distance = select(x == y, 0, -abs(x - y)); // 0 for equal infinities
    return max(x, y) + log1p(exp(distance));
  }]>];
  let vjp = ["select(x == y, ct * 0.5, ct * sigmoid(x - y))",
             "select(x == y, ct * 0.5, ct * sigmoid(y - x))"];
}

//===----------------------------------------------------------------------===//
// Extremes. NaN wins; of equal operands the second has the derivative.
//===----------------------------------------------------------------------===//

def Mlxir_MaximumOp : Mlxir_BinaryOp<"maximum", Same> {
  let summary = "Elementwise larger operand, NaN if one is NaN.";
  let example = ["mx.maximum(mx.array([1, 5]), 3)", "array([3, 5], dtype=int32)"];
  let scalar = [Number<"max(x, y)">, Bool<"x | y">];
  let vjp = ["select(x > y, ct, 0)", "select(x > y, 0, ct)"];
}

def Mlxir_MinimumOp : Mlxir_BinaryOp<"minimum", Same> {
  let summary = "Elementwise smaller operand, NaN if one is NaN.";
  let example = ["mx.minimum(mx.array([1, 5]), 3)", "array([1, 3], dtype=int32)"];
  let scalar = [Number<"min(x, y)">, Bool<"x & y">];
  let vjp = ["select(x < y, ct, 0)", "select(x < y, 0, ct)"];
}

//===----------------------------------------------------------------------===//
// Bits and truth
//===----------------------------------------------------------------------===//

let namesOperands = 1 in {

def Mlxir_BitwiseAndOp : Mlxir_BinaryOp<"bitwise_and", Same> {
  let summary = "Elementwise `and` of all bits.";
  let example = ["mx.bitwise_and(mx.array([6, 5]), 3)", "array([2, 1], dtype=int32)"];
  let scalar = [Integer<"x & y">, Bool<"x & y">];
}

def Mlxir_BitwiseOrOp : Mlxir_BinaryOp<"bitwise_or", Same> {
  let summary = "Elementwise `or` of all bits.";
  let example = ["mx.bitwise_or(mx.array([6, 5]), 3)", "array([7, 7], dtype=int32)"];
  let scalar = [Integer<"x | y">, Bool<"x | y">];
}

def Mlxir_BitwiseXorOp : Mlxir_BinaryOp<"bitwise_xor", Same> {
  let summary = "Elementwise exclusive `or` of all bits.";
  let example = ["mx.bitwise_xor(mx.array([6, 5]), 3)", "array([5, 6], dtype=int32)"];
  let scalar = [Integer<"x ^ y">, Bool<"x ^ y">];
}

def Mlxir_LeftShiftOp : Mlxir_BinaryOp<"left_shift", Same> {
  let summary = "Elementwise shift towards higher bits. A count beyond the width leaves 0.";
  let example = ["mx.left_shift(mx.array([1, 3]), 4)", "array([16, 48], dtype=int32)"];
  let aliases = ["bitwise_left_shift"];
  let codeOperands = [1];
  let scalar = [Integer<"select(isShiftCount(y), x.apply<arith::ShLIOp>(shiftCount(y)), 0)">];
}

def Mlxir_RightShiftOp : Mlxir_BinaryOp<"right_shift", Same> {
  let summary = "Elementwise shift towards lower bits, keeping the sign. A count beyond the width leaves only the sign.";
  let example = ["mx.right_shift(mx.array([-16, 16]), 2)", "array([-4, 4], dtype=int32)"];
  let aliases = ["bitwise_right_shift"];
  let codeOperands = [1];
  let scalar = [
    Signed<"x.apply<arith::ShRSIOp>(select(isShiftCount(y), y, lastShiftCount(y)))">,
    Unsigned<"select(isShiftCount(y), x.apply<arith::ShRUIOp>(shiftCount(y)), 0)">];
}

} // namesOperands

def Mlxir_LogicalAndOp : Mlxir_BinaryOp<"logical_and", Logical> {
  let summary = "Elementwise truth of both.";
  let example = ["mx.logical_and(mx.array([0, 2]), mx.array([1, 3]))", "array([False, True], dtype=bool)"];
  let scalar = [Bool<"x & y">];
}

def Mlxir_LogicalOrOp : Mlxir_BinaryOp<"logical_or", Logical> {
  let summary = "Elementwise truth of either.";
  let example = ["mx.logical_or(mx.array([0, 2]), mx.array([0, 3]))", "array([False, True], dtype=bool)"];
  let scalar = [Bool<"x | y">];
}

#endif // MLXIR_BINARY
