// An op that results in floats and cannot be differentiated.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

include "dialect/Families.td"


def Mlxir_CubeOp : Mlxir_UnaryOp<"cube", Same> {
  let summary = "Elementwise third power.";
  let scalar = [Float<"x * x * x">];
}
