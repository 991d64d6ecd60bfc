// Sums of products.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_CONTRACT
#define MLXIR_CONTRACT

include "dialect/Families.td"

def Mlxir_DotGeneralOp : Mlxir_Op<"dot_general", "Contract", [DeclareOpInterfaceMethods<ContractOpInterface>]> {
  let summary = "Sum of products over paired dims; what matmul and tensordot consist of.";
  let description = [{
    Batch dims are paired and stay; contracting dims are paired and summed over. The result has the batch dims, then the
    other dims of `x`, then those of `y`. Products of 16-bit floats are summed in f32.
    (C1) one dtype, numbers; (C2) batch and contracting dims name dims of their operand, each once; (C3) paired dims are equal.

    Example: `%r = mlxir.dot_general %x, %y batch [0] x [0] contract [2] x [1]
        : tensor<8x2x4xf32>, tensor<8x4x3xf32> -> tensor<8x2x3xf32>`
  }];
  let infer = "inferDotGeneral";
  let cost = NeverAgain;
  let vjp = [InCpp];
  let vmap = InCpp;
  let arguments = (ins Mlxir_Array:$x, Mlxir_Array:$y,
                       DenseI64ArrayAttr:$lhs_batch, DenseI64ArrayAttr:$rhs_batch,
                       DenseI64ArrayAttr:$lhs_contracting, DenseI64ArrayAttr:$rhs_contracting);
  let results = (outs Mlxir_Array:$result);
  let assemblyFormat = [{
    $x `,` $y `batch` $lhs_batch `x` $rhs_batch `contract` $lhs_contracting `x` $rhs_contracting attr-dict
    `:` type($x) `,` type($y) `->` type($result)
  }];
}

#endif // MLXIR_CONTRACT
