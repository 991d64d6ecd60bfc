// Elementwise comparisons, and what is done with their result.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPARE
#define MLXIR_COMPARE

include "dialect/Families.td"

//===----------------------------------------------------------------------===//
// Comparisons. NaN equals nothing, and is neither less nor greater.
//===----------------------------------------------------------------------===//

def Mlxir_EqualOp : Mlxir_CompareOp<"equal"> {
  let summary = "Elementwise `x == y`.";
  let example = ["mx.equal(mx.array([1, 2]), 2)", "array([False, True], dtype=bool)"];
  let scalar = [Any<"x == y">];
}

def Mlxir_NotEqualOp : Mlxir_CompareOp<"not_equal"> {
  let summary = "Elementwise `x != y`.";
  let example = ["mx.not_equal(mx.array([1, 2]), 2)", "array([True, False], dtype=bool)"];
  let scalar = [Any<"x != y">];
}

def Mlxir_LessOp : Mlxir_CompareOp<"less"> {
  let summary = "Elementwise `x < y`.";
  let example = ["mx.less(mx.array([1, 2, 3]), 2)", "array([True, False, False], dtype=bool)"];
  let scalar = [Any<"x < y">];
}

def Mlxir_LessEqualOp : Mlxir_CompareOp<"less_equal"> {
  let summary = "Elementwise `x <= y`.";
  let example = ["mx.less_equal(mx.array([1, 2, 3]), 2)", "array([True, True, False], dtype=bool)"];
  let scalar = [Any<"x <= y">];
}

def Mlxir_GreaterOp : Mlxir_CompareOp<"greater"> {
  let summary = "Elementwise `x > y`.";
  let example = ["mx.greater(mx.array([1, 2, 3]), 2)", "array([False, False, True], dtype=bool)"];
  let scalar = [Any<"x > y">];
}

def Mlxir_GreaterEqualOp : Mlxir_CompareOp<"greater_equal"> {
  let summary = "Elementwise `x >= y`.";
  let example = ["mx.greater_equal(mx.array([1, 2, 3]), 2)", "array([False, True, True], dtype=bool)"];
  let scalar = [Any<"x >= y">];
}

//===----------------------------------------------------------------------===//
// Kinds of numbers
//===----------------------------------------------------------------------===//

def Mlxir_IsNanOp : Mlxir_ClassifyOp<"isnan"> {
  let summary = "Elementwise test for NaN.";
  let example = ["mx.isnan(mx.array([1.0, mx.inf, mx.nan]))", "array([False, False, True], dtype=bool)"];
  let scalar = [Float<"x != x">, Integer<"x != x">, Bool<"x != x">];
}

def Mlxir_IsInfOp : Mlxir_ClassifyOp<"isinf"> {
  let summary = "Elementwise test for positive or negative infinity.";
  let example = ["mx.isinf(mx.array([1.0, -mx.inf, mx.nan]))", "array([False, True, False], dtype=bool)"];
  let scalar = [Float<"abs(x) == infinity">, Integer<"x != x">, Bool<"x != x">];
}

def Mlxir_IsFiniteOp : Mlxir_ClassifyOp<"isfinite"> {
  let summary = "Elementwise test for numbers that are neither infinite nor NaN.";
  let example = ["mx.isfinite(mx.array([1.0, mx.inf, mx.nan]))", "array([True, False, False], dtype=bool)"];
  let scalar = [Float<"abs(x) < infinity">, Integer<"x == x">, Bool<"x == x">];
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

def Mlxir_SelectOp : Mlxir_ElementwiseOp<"select", Unpromoted, [AllTypesMatch<["x", "y", "result"]>]> {
  let summary = "Elementwise choice: `x` where the condition holds, `y` elsewhere.";
  let description = [{
    (C1) the condition is bool; (C2) all operands have one shape, `x` and `y` one type.

    Example: `%r = mlxir.select %c, %x, %y : tensor<4xf32>`
  }];
  let publicName = ""; // `where` brings the condition to bool and the choices to their common type
  let infer = "inferSelect";
  let arguments = (ins Mlxir_Array:$condition, Mlxir_Array:$x, Mlxir_Array:$y);
  let assemblyFormat = "$condition `,` $x `,` $y attr-dict `:` type($condition) `,` type($result)";
  let scalar = [Any<"arith::SelectOp">];
  let vjp = ["zero", "select(condition, ct, 0)", "select(condition, 0, ct)"];
  let jvp = Linear;
}

#endif // MLXIR_COMPARE
