// An op with two operands and one formula.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

include "dialect/Families.td"


def Mlxir_CubeOp : Mlxir_BinaryOp<"cube", Same> {
  let summary = "Elementwise product of three.";
  let scalar = [Float<"x * x * y">];
  let vjp = ["ct * 2 * x * y"];
}
