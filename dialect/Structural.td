// Constants, and the ops that hold or call other ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_STRUCTURAL
#define MLXIR_STRUCTURAL

include "dialect/Families.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Mlxir_ConstantOp : Mlxir_Op<"constant", "Leaf", [ConstantLike]> {
  let summary = "A number.";
  let description = [{
    Larger constant arrays are broadcasts of it, or inputs of the program. (C1) the value is a number of the result's
    dtype.

    Example: `%r = mlxir.constant 0.5 : f32` is a `tensor<f32>`.
  }];
  let infer = "inferConstant";
  let cost = Free;
  let typedByResult = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs Mlxir_Array:$result);
  Mlxir_DerivedDType dtype = DTypeOfResult;
  let hasCustomAssemblyFormat = 1;
  let builders = [OpBuilder<(ins "::mlir::TypedAttr":$value), [{
    build($_builder, $_state, ::mlir::RankedTensorType::get({}, value.getType()), value);
  }]>];
}

def Mlxir_CompositeOp : Mlxir_Op<"composite", "Region", [IsolatedFromAbove, SingleBlock]> {
  let summary = "A function of the array API: its name, and the ops that it consists of.";
  let description = [{
    The first region is the decomposition: its arguments are the operands, it yields the results. Further regions are
    rules that replace the derivative of the decomposition, in the order of `rules`: 0 is vjp, 1 is jvp. A vjp rule has
    the operands and one cotangent per result as arguments and yields one gradient per operand. A jvp rule has the
    operands and one tangent per operand, and yields one tangent per result.
    (C1) each region is one block whose arguments have the types named here; (C2) yields have the types named here;
    (C3) each rule is there once.

    Example:
    ```mlir
    %r = mlxir.composite "silu" (%x) : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %s = mlxir.sigmoid %a : tensor<4xf32>
      %p = mlxir.multiply %a, %s : tensor<4xf32>
      mlxir.yield %p : tensor<4xf32>
    }
    ```
  }];
  let typedByResult = 1;
  let arguments = (ins Variadic<Mlxir_Array>:$inputs, StrAttr:$function, DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$rules);
  let results = (outs Variadic<Mlxir_Array>:$outputs);
  let regions = (region VariadicRegion<SizedRegion<1>>:$bodies);
  let hasRegionVerifier = 1;
  let assemblyFormat = [{
    $function `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs) $bodies
  }];
  let extraClassDeclaration = [{
    /// What `rules` says of a region.
    static constexpr int64_t kVjpRule = 0, kJvpRule = 1;
  }];
}

/// Ops that arrange other ops: no row of the op table, since a trace never holds them.
class Mlxir_ProgramOp<string mnemonic, list<Trait> traits> : Op<Mlxir_Dialect, mnemonic, traits>;

def Mlxir_YieldOp : Mlxir_ProgramOp<"yield", [Pure, ReturnLike, Terminator, ParentOneOf<["CompositeOp"]>]> {
  let summary = "The results of the region that it ends.";
  let arguments = (ins Variadic<Mlxir_Array>:$results);
  let assemblyFormat = "($results^ `:` type($results))? attr-dict";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange());">];
}

def Mlxir_LaunchOp : Mlxir_ProgramOp<"launch", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A kernel, applied to arrays.";
  let description = [{
    The kernel is a function of the module. Its symbols `s0`, `s1`... are its own: `symbols` gives them their sizes here.
    (C1) the kernel exists; (C2) it has as many arguments and results as the launch, of the same dtypes and ranks.

    Example: `%r = mlxir.launch @kernel(%x) symbols [s3*4] : (tensor<?xf32, #mlxir.dims<s3*4>>) -> tensor<f32>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Mlxir_Array>:$inputs, Mlxir_SizesAttr:$symbols);
  let results = (outs Variadic<Mlxir_Array>:$outputs);
  let assemblyFormat = [{
    $kernel `(` $inputs `)` `symbols` custom<Sizes>($symbols) attr-dict `:` functional-type($inputs, $outputs)
  }];
}

#endif // MLXIR_STRUCTURAL
