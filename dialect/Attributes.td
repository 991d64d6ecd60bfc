// Attributes that hold sizes: numbers, or expressions of symbols such as `s0*4+1`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_ATTRIBUTES
#define MLXIR_ATTRIBUTES

include "dialect/Dialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/TensorEncoding.td"

class Mlxir_SizeListAttr<string name, string mnemonicName, list<Trait> traits = []>
    : AttrDef<Mlxir_Dialect, name, traits> {
  let mnemonic = mnemonicName;
  let parameters = (ins ArrayRefParameter<"::mlxir::Size">:$values);
  let hasCustomAssemblyFormat = 1;
}

def Mlxir_DimsAttr : Mlxir_SizeListAttr<"Dims", "dims",
    [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "The dims of a tensor type, some of them symbolic.";
  let description = [{
    Encoding of a ranked tensor type with dims that are known at run time: one size per dim. A type whose dims are all
    numbers has no encoding. Equal types have equal sizes, for all values of the symbols.

    Example: `tensor<?x4xf32, #mlxir.dims<s0, 4>>`
  }];
}

def Mlxir_SizesAttr : Mlxir_SizeListAttr<"Sizes", "sizes"> {
  let summary = "A list of sizes: starts of a slice, counts of a padding.";
  let description = [{
    Ops print it in brackets.

    Example: `mlxir.slice %x starts [0, s0*4+1] ...`, and in the generic form `#mlxir.sizes<0, s0*4+1>`
  }];
}

#endif // MLXIR_ATTRIBUTES
