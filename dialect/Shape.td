// Ops that make, select and rearrange elements without computing them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_SHAPE
#define MLXIR_SHAPE

include "dialect/Families.td"

//===----------------------------------------------------------------------===//
// Maps: an element of the result is one element of the operand, found through an affine index
//===----------------------------------------------------------------------===//

class Mlxir_IndexMapOp<string mnemonic>
    : Mlxir_Op<mnemonic, "Map", [DeclareOpInterfaceMethods<MapOpInterface, ["getOperandIndex"]>]> {
  let cost = Free;
  let scalar = [Any<"x">];
  let vjp = [InCpp];
  let jvp = Linear;
  let vmap = InCpp;
  let results = (outs Mlxir_Array:$result);
}

def Mlxir_IotaOp : Mlxir_IndexMapOp<"iota"> {
  let summary = "An array whose elements are their index along an axis.";
  let description = [{
    (C1) axis names a dim of the result; (C2) the result has integers or floats.

    Example: `%r = mlxir.iota axis 1 : tensor<2x4xi32>` has the rows 0, 1, 2, 3.
  }];
  let infer = "inferIota";
  let typedByResult = 1;
  let scalar = [Number<"scalars.fromIndex(indices[getAxis()])">];
  let vjp = [];
  let jvp = "";
  let vmap = "";
  let arguments = (ins I64Attr:$axis);
  Mlxir_DerivedShape shape = ShapeOfResult;
  Mlxir_DerivedDType dtype = DTypeOfResult;
  let assemblyFormat = "`axis` $axis attr-dict `:` type($result)";
}

def Mlxir_BroadcastOp : Mlxir_IndexMapOp<"broadcast"> {
  let summary = "The operand repeated along new or larger dims.";
  let description = [{
    Dim `i` of the operand becomes dim `axes[i]` of the result; along other dims the result repeats.
    (C1) axes has one entry per dim of the operand, each a dim of the result, each once;
    (C2) a dim of the operand is 1, or that dim of the result.

    Example: `%r = mlxir.broadcast %x axes [1] : tensor<4xf32> -> tensor<3x4xf32>`
  }];
  let infer = "inferBroadcast";
  let typedByResult = 1;
  let arguments = (ins Mlxir_Array:$x, DenseI64ArrayAttr:$axes);
  Mlxir_DerivedShape shape = ShapeOfResult;
  let assemblyFormat = "$x `axes` $axes attr-dict `:` type($x) `->` type($result)";
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::llvm::ArrayRef<int64_t>":$axes,
                                 "::llvm::ArrayRef<::mlxir::Size>":$shape), [{
    auto element = ::mlir::getElementTypeOrSelf(x.getType());
    build($_builder, $_state, ::mlxir::getTensorType(shape, element), x, axes);
  }]>];
}

def Mlxir_TransposeOp : Mlxir_IndexMapOp<"transpose"> {
  let summary = "The operand with its dims in another order.";
  let description = [{
    Dim `i` of the result is dim `permutation[i]` of the operand. (C1) the permutation names each dim once.

    Example: `%r = mlxir.transpose %x [1, 0] : tensor<2x4xf32> -> tensor<4x2xf32>`
  }];
  let infer = "inferTranspose";
  let arguments = (ins Mlxir_Array:$x, DenseI64ArrayAttr:$permutation);
  let assemblyFormat = "$x $permutation attr-dict `:` type($x) `->` type($result)";
}

def Mlxir_SliceOp : Mlxir_IndexMapOp<"slice"> {
  let summary = "A window of the operand: every stride-th element from a start.";
  let description = [{
    Element `i` of the result is element `start + i * stride` of the operand, along each dim.
    (C1) one start and stride per dim; (C2) strides are not 0; (C3) the window lies inside the operand.

    Example: `%r = mlxir.slice %x starts [0, 7] strides [1, -2] : tensor<2x8xf32> -> tensor<2x4xf32>`
  }];
  let infer = "inferSlice";
  let typedByResult = 1;
  let arguments = (ins Mlxir_Array:$x, Mlxir_SizesAttr:$starts, DenseI64ArrayAttr:$strides);
  Mlxir_DerivedShape shape = ShapeOfResult;
  let assemblyFormat = [{
    $x `starts` custom<Sizes>($starts) `strides` $strides attr-dict `:` type($x) `->` type($result)
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::llvm::ArrayRef<::mlxir::Size>":$starts,
                                 "::llvm::ArrayRef<int64_t>":$strides, "::llvm::ArrayRef<::mlxir::Size>":$shape), [{
    auto element = ::mlir::getElementTypeOrSelf(x.getType());
    build($_builder, $_state, ::mlxir::getTensorType(shape, element), x,
          ::mlxir::SizesAttr::get($_builder.getContext(), starts), strides);
  }]>];
}

//===----------------------------------------------------------------------===//
// Moves: an element of the result has no single affine source
//===----------------------------------------------------------------------===//

class Mlxir_MoveOp<string mnemonic, list<Trait> traits = []> : Mlxir_Op<mnemonic, "Move", traits> {
  let vjp = [InCpp];
  let jvp = Linear;
  let vmap = InCpp;
  let results = (outs Mlxir_Array:$result);
}

def Mlxir_ReshapeOp : Mlxir_MoveOp<"reshape"> {
  let summary = "The same elements, in row-major order, with other dims.";
  let description = [{
    (C1) the result has as many elements as the operand.

    Example: `%r = mlxir.reshape %x : tensor<2x4xf32> -> tensor<8xf32>`
  }];
  let infer = "inferReshape";
  let cost = Free;
  let typedByResult = 1;
  let arguments = (ins Mlxir_Array:$x);
  Mlxir_DerivedShape shape = ShapeOfResult;
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($result)";
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::llvm::ArrayRef<::mlxir::Size>":$shape), [{
    auto element = ::mlir::getElementTypeOrSelf(x.getType());
    build($_builder, $_state, ::mlxir::getTensorType(shape, element), x);
  }]>];
}

class Mlxir_PieceOp<string mnemonic> : Mlxir_MoveOp<mnemonic, [DeclareOpInterfaceMethods<PieceOpInterface>]>;

def Mlxir_ConcatenateOp : Mlxir_PieceOp<"concatenate"> {
  let summary = "The operands one after the other along an axis.";
  let description = [{
    (C1) at least one operand, and axis names a dim of it; (C2) dtypes, ranks and all other dims agree.

    Example: `%r = mlxir.concatenate %x, %y axis 0 : (tensor<2xf32>, tensor<3xf32>) -> tensor<5xf32>`
  }];
  let infer = "inferConcatenate";
  let arguments = (ins Variadic<Mlxir_Array>:$inputs, I64Attr:$axis);
  let assemblyFormat = "$inputs `axis` $axis attr-dict `:` functional-type($inputs, $result)";
}

def Mlxir_PadOp : Mlxir_PieceOp<"pad"> {
  let summary = "The operand with copies of a value before and after it along each dim.";
  let description = [{
    (C1) the value is a scalar of the operand's dtype; (C2) one count per dim before and after, none negative.

    Example: `%r = mlxir.pad %x, %v low [1, 0] high [0, s0] : tensor<2x4xf32>, tensor<f32> -> tensor<3x?xf32, ...>`
  }];
  let infer = "inferPad";
  let arguments = (ins Mlxir_Array:$x, Mlxir_Array:$value, Mlxir_SizesAttr:$low, Mlxir_SizesAttr:$high);
  let assemblyFormat = [{
    $x `,` $value `low` custom<Sizes>($low) `high` custom<Sizes>($high) attr-dict
    `:` type($x) `,` type($value) `->` type($result)
  }];
}

def Mlxir_SliceUpdateOp : Mlxir_PieceOp<"slice_update"> {
  let summary = "The operand with a window of it replaced.";
  let description = [{
    Element `i` of the update replaces element `start + i * stride` of the operand, along each dim.
    (C1) dtypes agree; (C2) one start and stride per dim, strides are not 0; (C3) the window lies inside the operand.

    Example: `%r = mlxir.slice_update %x, %u starts [2] strides [1] : tensor<8xf32>, tensor<3xf32>`
  }];
  let infer = "inferSliceUpdate";
  let arguments = (ins Mlxir_Array:$x, Mlxir_Array:$update, Mlxir_SizesAttr:$starts, DenseI64ArrayAttr:$strides);
  let assemblyFormat = [{
    $x `,` $update `starts` custom<Sizes>($starts) `strides` $strides attr-dict `:` type($x) `,` type($update)
  }];
}

#endif // MLXIR_SHAPE
