// An op with a public function, of which nobody is shown a call.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

include "dialect/Families.td"


def Mlxir_CubeOp : Mlxir_UnaryOp<"cube", Same> {
  let summary = "Elementwise third power.";
  let scalar = [Float<"x * x * x">];
  let vjp = ["ct * 3 * x * x"];
}
