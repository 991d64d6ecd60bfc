// The grammar of op records. A record states all there is to know of an op; mlir-tblgen makes its C++ and Python
// classes, parser, printer and verifier from it, mlxir-tblgen its rules, its row in the op table, its public function.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   def Mlxir_SigmoidOp : Mlxir_UnaryOp<"sigmoid", Inexact> {
//     let summary = "Elementwise logistic function, `1 / (1 + exp(-x))`.";
//     let example = ["mx.sigmoid(mx.array([0.0, 2.0]))", "array([0.5, 0.880797], dtype=float32)"];
//     let cost = Transcendental;
//     let scalar = [Float<"1 / (1 + exp(-x))">];
//     let vjp = ["ct * result * (1 - result)"];
//   }
//
// The family (here Mlxir_UnaryOp) brings operands, format, inference and batching. Rules are C++ expressions over the
// op's operands by name; they read like formulas, since operators build ops:
//   scalar  one body per type class, over rules::Scalar: what one element is, as arith and math ops.
//   vjp     one expression per operand, over rules::Expr: its gradient, from the cotangent `ct`, the operands and `result`.
//           `zero` is a gradient that vanishes, and what an integer operand has. jvp follows from it.
// A rule that is no formula is written in C++ beside the family (`InCpp`).

#ifndef MLXIR_FAMILIES
#define MLXIR_FAMILIES

include "dialect/Attributes.td"
include "dialect/Dialect.td"
include "dialect/Interfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def Mlxir_Array : Type<CPred<"::mlxir::isArrayType($_self)">,
    "array of bool, integers or floats with known dims", "::mlir::RankedTensorType"> {
  let builderCall = "";
}

//===----------------------------------------------------------------------===//
// Words of the grammar
//===----------------------------------------------------------------------===//

/// What computing one element costs; kernel forming weighs it against a read from memory.
defvar Free = 0;
defvar Cheap = 1;
defvar Transcendental = 8;
defvar NeverAgain = 255;

/// A rule that is written in C++, as the method of the op that the interface declares.
defvar InCpp = "C++";

/// jvp of an op that is linear in its float operands: the op, applied to tangents. Other operands stay as they are.
defvar Linear = "jvpLinear";

/// To which type the public function brings the operands: none, their common one, a float one, bool.
class Promotion<string enumerator> { string name = enumerator; }
def Unpromoted : Promotion<"None">;
def Same : Promotion<"Same">;
def Inexact : Promotion<"Inexact">;
def Logical : Promotion<"Bool">;

/// A scalar body and the type classes it serves. A body is an expression, the name of the one op that it consists of,
/// or statements that return.
class ScalarBody<list<string> typeClasses, code expression> {
  list<string> classes = typeClasses;
  code body = expression;
}
class Float<code body> : ScalarBody<["Float"], body>;
class Signed<code body> : ScalarBody<["Signed"], body>;
class Unsigned<code body> : ScalarBody<["Unsigned"], body>;
class Bool<code body> : ScalarBody<["Bool"], body>;
class Integer<code body> : ScalarBody<["Signed", "Unsigned"], body>;
class Number<code body> : ScalarBody<["Signed", "Unsigned", "Float"], body>;
class Any<code body> : ScalarBody<["Bool", "Signed", "Unsigned", "Float"], body>;

//===----------------------------------------------------------------------===//
// Every op
//===----------------------------------------------------------------------===//

/// Types are verified by the op's inference function.
def TypesFromTable : NativeOpTrait<"TypesFromTable"> { let cppNamespace = "::mlxir"; }

class Mlxir_Op<string mnemonic, string opKind, list<Trait> familyTraits = []>
    : Op<Mlxir_Dialect, mnemonic> {
  /// How kernel forming sees it (OpKind), and what an element costs.
  string kind = opKind;
  int cost = Cheap;

  /// Its inference function (infer/Infer.h). One that takes a mask of type classes gets those with a scalar body.
  string infer = "";
  bit inferByClass = 0;
  /// The result type does not follow from operands and attributes, but is itself an attribute (`shape`, `dtype`).
  bit typedByResult = 0;

  /// Its public function: name, further names, what operands are converted to, and in which operands a Python number
  /// changes the code that is generated.
  string publicName = "";
  list<string> aliases = [];
  list<string> example = []; // a call of it and what Python prints: executed by the tests, shown in the docstring
  bit namesOperands = 0; // they may be given by keyword (a, b), and a stream by position: MLX's older functions
  Promotion promotion = Unpromoted;
  list<int> codeOperands = [];

  /// Rules. What may result in floats must have derivatives, what has operands must have batches: else nothing builds.
  list<ScalarBody> scalar = [];
  list<code> vjp = [];
  string jvp = "";
  string vmap = "";
  bit resultsInFloats = 1; // where it is defined for them

  let traits = !listconcat(
    [Pure, DeclareOpInterfaceMethods<ArrayOpInterface>, TypesFromTable], familyTraits,
    !if(typedByResult, []<Trait>,
        [DeclareOpInterfaceMethods<InferTypeOpInterface, ["refineReturnTypes"]>]<Trait>),
    !if(!empty(vjp), []<Trait>, [DeclareOpInterfaceMethods<DifferentiableOpInterface>]<Trait>),
    !if(!empty(vmap), []<Trait>, [DeclareOpInterfaceMethods<BatchableOpInterface>]<Trait>));
}

/// A dim list or a dtype that is read off the result type: an attribute of the op table, but none of the IR.
class Mlxir_DerivedShape : DerivedAttr<"::llvm::SmallVector<::mlxir::Size>",
    [{ return ::mlxir::getDims((*this)->getResult(0)); }],
    [{ ::mlxir::SizesAttr::get($_ctxt, $_self) }]>;
class Mlxir_DerivedDType : DerivedAttr<"::mlxir::DType",
    [{ return ::mlxir::getDType((*this)->getResult(0).getType()); }],
    [{ $_builder.getI64IntegerAttr(static_cast<int64_t>($_self)) }]>;
def ShapeOfResult : Mlxir_DerivedShape;
def DTypeOfResult : Mlxir_DerivedDType;

//===----------------------------------------------------------------------===//
// Elementwise families
//===----------------------------------------------------------------------===//

/// One element of the result from one element of each operand, at the same index.
class Mlxir_ElementwiseOp<string mnemonic, Promotion rule, list<Trait> traits>
    : Mlxir_Op<mnemonic, "Map", !listconcat(traits, [DeclareOpInterfaceMethods<MapOpInterface>])> {
  let promotion = rule;
  let publicName = mnemonic;
  let infer = "inferElementwise";
  let inferByClass = 1;
  let vmap = "vmapElementwise";
  let results = (outs Mlxir_Array:$result);
}

class Mlxir_UnaryOp<string mnemonic, Promotion rule>
    : Mlxir_ElementwiseOp<mnemonic, rule, [AllTypesMatch<["x", "result"]>]> {
  let arguments = (ins Mlxir_Array:$x);
  let assemblyFormat = "$x attr-dict `:` type($result)";
}

class Mlxir_BinaryOp<string mnemonic, Promotion rule>
    : Mlxir_ElementwiseOp<mnemonic, rule, [AllTypesMatch<["x", "y", "result"]>]> {
  let arguments = (ins Mlxir_Array:$x, Mlxir_Array:$y);
  let assemblyFormat = "$x `,` $y attr-dict `:` type($result)";
}

/// Two operands of one type, a bool for each pair of elements.
class Mlxir_CompareOp<string mnemonic>
    : Mlxir_ElementwiseOp<mnemonic, Same, [AllTypesMatch<["x", "y"]>]> {
  let infer = "inferCompare";
  let namesOperands = 1;
  let resultsInFloats = 0;
  let arguments = (ins Mlxir_Array:$x, Mlxir_Array:$y);
  let assemblyFormat = "$x `,` $y attr-dict `:` type($x)";
}

/// A bool for each element: is it a number of some kind?
class Mlxir_ClassifyOp<string mnemonic> : Mlxir_ElementwiseOp<mnemonic, Unpromoted, []> {
  let infer = "inferCompare";
  let namesOperands = 1;
  let resultsInFloats = 0;
  let arguments = (ins Mlxir_Array:$x);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

#endif // MLXIR_FAMILIES
