// Ops that fold the elements along axes into one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_REDUCE
#define MLXIR_REDUCE

include "dialect/Families.td"

/// `x` folded along `axes`, which the result does not have. `identity` and `combine` are expressions over
/// rules::Scalar in the accumulator's type.
class Mlxir_ReduceOp<string mnemonic>
    : Mlxir_Op<mnemonic, "Reduce", [DeclareOpInterfaceMethods<ReduceOpInterface>]> {
  let infer = "inferReduce";
  let inferByClass = 1;
  let vmap = "vmapReduce";
  let arguments = (ins Mlxir_Array:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Mlxir_Array:$result);
  let assemblyFormat = "$x `axes` $axes attr-dict `:` type($x) `->` type($result)";

  code identity = "";
  code combine = "";
  /// The type classes it folds; what `scalar` is for a map op.
  list<string> classes = [];
}

def Mlxir_SumOp : Mlxir_ReduceOp<"sum"> {
  let summary = "Sum along axes. Of no elements, 0.";
  let description = [{
    (C1) axes name dims of the operand, each once; (C2) the elements are numbers.

    Example: `%r = mlxir.sum %x axes [1] : tensor<4x8xf32> -> tensor<4xf32>`
  }];
  let classes = ["Signed", "Unsigned", "Float"];
  let identity = "0";
  let combine = "x + y";
  let vjp = [InCpp];
  let jvp = Linear;
}

def Mlxir_ProdOp : Mlxir_ReduceOp<"prod"> {
  let summary = "Product along axes. Of no elements, 1.";
  let classes = ["Signed", "Unsigned", "Float"];
  let identity = "1";
  let combine = "x * y";
  let vjp = [InCpp];
}

def Mlxir_MaxOp : Mlxir_ReduceOp<"max"> {
  let summary = "Largest element along axes, NaN if there is one. Equal elements share the derivative.";
  let classes = ["Signed", "Unsigned", "Float"];
  let identity = "lowest";
  let combine = "max(x, y)";
  let vjp = [InCpp];
}

def Mlxir_MinOp : Mlxir_ReduceOp<"min"> {
  let summary = "Smallest element along axes, NaN if there is one. Equal elements share the derivative.";
  let classes = ["Signed", "Unsigned", "Float"];
  let identity = "highest";
  let combine = "min(x, y)";
  let vjp = [InCpp];
}

def Mlxir_AnyOp : Mlxir_ReduceOp<"any"> {
  let summary = "Whether one of the bools along axes is true. Of none, false.";
  let classes = ["Bool"];
  let identity = "0";
  let combine = "x | y";
}

def Mlxir_AllOp : Mlxir_ReduceOp<"all"> {
  let summary = "Whether the bools along axes are all true. Of none, true.";
  let classes = ["Bool"];
  let identity = "1";
  let combine = "x & y";
}

/// The position along one axis of the element that `beats` all others: an expression over two elements. NaN beats what
/// is none, and of equal elements the first one is found.
class Mlxir_ArgReduceOp<string mnemonic>
    : Mlxir_Op<mnemonic, "Reduce", [DeclareOpInterfaceMethods<ReduceOpInterface>]> {
  let description = [{
    The first NaN, else the first of equal elements. (C1) axis names a dim of the operand; (C2) that dim is not empty.

    Example: `%r = mlxir.argmax %x axis 1 : tensor<4x8xf32> -> tensor<4xui32>`
  }];
  let infer = "inferArgReduce";
  let resultsInFloats = 0;
  let inferByClass = 1;
  let vmap = "vmapArgReduce";
  let arguments = (ins Mlxir_Array:$x, I64Attr:$axis);
  let results = (outs Mlxir_Array:$result);
  let assemblyFormat = "$x `axis` $axis attr-dict `:` type($x) `->` type($result)";

  code identity = "";
  code beats = "";
  list<string> classes = ["Bool", "Signed", "Unsigned", "Float"];
}

def Mlxir_ArgMaxOp : Mlxir_ArgReduceOp<"argmax"> {
  let summary = "Position of the largest element along an axis.";
  let identity = "lowest";
  let beats = "x > y";
}

def Mlxir_ArgMinOp : Mlxir_ArgReduceOp<"argmin"> {
  let summary = "Position of the smallest element along an axis.";
  let identity = "highest";
  let beats = "x < y";
}

#endif // MLXIR_REDUCE
