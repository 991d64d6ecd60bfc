// Reads and writes at computed indices. An index counts from the end when it is negative, and is then clamped into the
// operand: no index touches memory that is not the operand's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_INDEX
#define MLXIR_INDEX

include "dialect/Families.td"
include "mlir/IR/EnumAttr.td"

class Mlxir_GatherFamilyOp<string mnemonic>
    : Mlxir_Op<mnemonic, "Map", [DeclareOpInterfaceMethods<MapOpInterface, ["getOperandIndex"]>,
                                 DeclareOpInterfaceMethods<GatherOpInterface>]> {
  let scalar = [Any<"x">];
  let vjp = [InCpp];
  let jvp = Linear;
  let vmap = InCpp;
  let results = (outs Mlxir_Array:$result);
}

def Mlxir_GatherOp : Mlxir_GatherFamilyOp<"gather"> {
  let summary = "Slices of an array, found at computed indices.";
  let description = [{
    The result has the indices' dims, then one dim per dim of the operand, with the slice sizes. At index `d, o` it is
    the operand's element at `o`, plus `indices[k][d]` along dim `axes[k]`.
    (C1) one index array per axis, integers of one shape; (C2) axes name dims of the operand, each once;
    (C3) one slice size per dim, none larger than the dim; (C4) an indexed dim is not empty.

    Example: `%r = mlxir.gather %x[%i] axes [0] slices [1, 8] : tensor<16x8xf32>, tensor<4xi32> -> tensor<4x1x8xf32>`
  }];
  let infer = "inferGather";
  let arguments = (ins Mlxir_Array:$x, Variadic<Mlxir_Array>:$indices, DenseI64ArrayAttr:$axes,
                       Mlxir_SizesAttr:$slices);
  let assemblyFormat = [{
    $x `[` $indices `]` `axes` $axes `slices` custom<Sizes>($slices) attr-dict
    `:` type($x) (`,` type($indices)^)? `->` type($result)
  }];
}

def Mlxir_TakeAlongAxisOp : Mlxir_GatherFamilyOp<"take_along_axis"> {
  let summary = "Elements of an array, found at computed indices along one axis.";
  let description = [{
    The result has the indices' dims. At index `d` it is the operand's element at `d`, but at `indices[d]` along the axis.
    (C1) the indices are integers of the operand's rank; (C2) their dims are the operand's, but along axis;
    (C3) that dim of the operand is not empty.

    Example: `%r = mlxir.take_along_axis %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x1xi32> -> tensor<4x1xf32>`
  }];
  let infer = "inferTakeAlongAxis";
  let arguments = (ins Mlxir_Array:$x, Mlxir_Array:$indices, I64Attr:$axis);
  let assemblyFormat = [{
    $x `[` $indices `]` `axis` $axis attr-dict `:` type($x) `,` type($indices) `->` type($result)
  }];
}

/// What happens where updates meet the operand, and each other.
def Mlxir_ScatterMode : I64EnumAttr<"ScatterMode", "how an update changes an element", [
    I64EnumAttrCase<"Replace", 0, "replace">, I64EnumAttrCase<"Add", 1, "add">,
    I64EnumAttrCase<"Multiply", 2, "multiply">, I64EnumAttrCase<"Maximum", 3, "maximum">,
    I64EnumAttrCase<"Minimum", 4, "minimum">]> {
  let cppNamespace = "::mlxir";
}

def Mlxir_ScatterOp : Mlxir_Op<"scatter", "Opaque", [DeclareOpInterfaceMethods<ScatterOpInterface>]> {
  let summary = "An array changed at computed indices.";
  let description = [{
    The updates have the dims that a gather with these indices has. Each changes the element of the operand that the
    gather would read, by the mode: replace, add, multiply, maximum, minimum. Updates of one element all take part, in
    row-major order; of replacements the last one stays.
    (C1) one index array per axis, integers of one shape; (C2) axes name dims of the operand, each once;
    (C3) updates have the operand's dtype, and the indices' dims followed by a slice no larger than the operand.

    Example: `%r = mlxir.scatter add %x[%i], %u axes [0] : tensor<16x8xf32>, tensor<4x1x8xf32>, tensor<4xi32>`
  }];
  let infer = "inferScatter";
  let cost = NeverAgain;
  let vjp = [InCpp];
  let vmap = InCpp;
  let arguments = (ins Mlxir_Array:$x, Variadic<Mlxir_Array>:$indices, Mlxir_Array:$updates,
                       DenseI64ArrayAttr:$axes, Mlxir_ScatterMode:$mode);
  let results = (outs Mlxir_Array:$result);
  let assemblyFormat = [{
    $mode $x `[` $indices `]` `,` $updates `axes` $axes attr-dict
    `:` type($x) `,` type($updates) (`,` type($indices)^)?
  }];
}

#endif // MLXIR_INDEX
