// Elementwise conversions from one dtype to another.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_CONVERT
#define MLXIR_CONVERT

include "dialect/Families.td"

class Mlxir_ConvertOp<string mnemonic> : Mlxir_ElementwiseOp<mnemonic, Unpromoted, []> {
  let publicName = "";
  let typedByResult = 1;
  let arguments = (ins Mlxir_Array:$x);
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($result)";
  Mlxir_DerivedDType dtype = DTypeOfResult;
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::mlxir::DType":$dtype), [{
    auto element = ::mlxir::getElementType($_builder.getContext(), dtype);
    build($_builder, $_state, ::mlxir::getTensorType(::mlxir::getDims(x), element), x);
  }]>];
}

def Mlxir_CastOp : Mlxir_ConvertOp<"cast"> {
  let summary = "Elementwise conversion to another dtype.";
  let description = [{
    A float becomes the nearest float, an integer the nearest float. A float becomes an integer by truncation; what lies
    beyond the range of a 32- or 64-bit integer becomes its nearest end, and NaN becomes 0. Integers keep their low bits.
    Whatever is not 0 becomes true.

    Example: `%r = mlxir.cast %x : tensor<4xi32> -> tensor<4xf32>`
  }];
  let infer = "inferCast";
  let cost = Free;
  let scalar = [Any<"convert(x, (*this)->getOperand(0).getType(), getType())">];
  let vjp = ["cast(ct, x)"];
  let jvp = Linear;
}

def Mlxir_BitcastOp : Mlxir_ConvertOp<"bitcast"> {
  let summary = "Elementwise, the same bits read as another dtype.";
  let description = [{
    (C1) both dtypes are equally wide, and neither is bool.

    Example: `%r = mlxir.bitcast %x : tensor<4xf32> -> tensor<4xui32>`
  }];
  let infer = "inferBitcast";
  let cost = Free;
  let scalar = [Number<"convertBits(x, element)">];
  let vjp = ["zero"];
}

#endif // MLXIR_CONVERT
