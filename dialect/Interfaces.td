// What passes and lowerings ask of an op. None of them names an op: an op takes part in kernel forming, lowering,
// differentiation and batching through these interfaces alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_INTERFACES
#define MLXIR_INTERFACES

include "mlir/IR/Interfaces.td"

def ArrayOpInterface : OpInterface<"ArrayOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{Every op of the dialect that has a row in the op table.}];
  let methods = [
    InterfaceMethod<"The op's row of the op table.",
      "const ::mlxir::OpInfo &", "getOpInfo", (ins), [{
        static const ::mlxir::OpInfo &info = ::mlxir::lookUpOp(ConcreteOp::getOperationName());
        return info;
      }]>,
  ];
  let extraSharedClassDeclaration = [{
    /// How kernel forming sees the op.
    ::mlxir::OpKind getOpKind() { return $_op.getOpInfo().kind; }
    /// Of computing one element: 0 free, 1 cheap, 8 transcendental, 255 never recomputed.
    unsigned getCost() { return $_op.getOpInfo().cost; }
  }];
}

def MapOpInterface : OpInterface<"MapOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{
    An op whose result element at index `d` is a function of one element of each operand (OpKind::Map).
  }];
  let methods = [
    InterfaceMethod<[{
        Which element of `operand` is read: one entry per dim of the operand. The default reads the element at the
        result's own index. Not asked of the indexed operand of a GatherOpInterface.
      }],
      "void", "getOperandIndex",
      (ins "unsigned":$operand, "::llvm::SmallVectorImpl<::mlxir::DimIndex> &":$index), "",
      [{ ::mlxir::getIdentityIndex($_op.getOperation()->getOperand(operand), index); }]>,
    InterfaceMethod<[{
        Emits the element as arith and math ops. `operands` holds one scalar per operand of the op, `indices` one value
        of type index per dim of the result. Integers have no sign here, bool is i1; the op's own types say which it is.
      }],
      "::mlir::Value", "buildScalar",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::ValueRange":$operands,
           "::mlir::ValueRange":$indices, "::mlir::Type":$element)>,
  ];
}

def GatherOpInterface : OpInterface<"GatherOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{
    A map op that reads one operand at computed indices. An index counts from the end when negative, and is then clamped
    into the operand, so that no value of an index reads beyond it. The index operands are read as a map op reads
    (`getOperandIndex`), `buildScalar` is given the element that was found.
  }];
  let methods = [
    InterfaceMethod<"The operand that is read at computed indices.",
      "unsigned", "getIndexedOperand", (ins), "", "return 0;">,
    InterfaceMethod<"How its element is found: one entry per dim of it.",
      "void", "getGatherIndex", (ins "::llvm::SmallVectorImpl<::mlxir::GatherDim> &":$index)>,
  ];
}

def PieceOpInterface : OpInterface<"PieceOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{A move op whose result is put together from parts of its operands.}];
  let methods = [
    InterfaceMethod<"The parts, of which the first that is there counts; where no other is, the last one is.",
      "void", "getPieces", (ins "::llvm::SmallVectorImpl<::mlxir::Piece> &":$pieces)>,
  ];
}

def ScatterOpInterface : OpInterface<"ScatterOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{
    An op that changes an array at computed indices: windows of updates, in row-major order of the indices. Indices wrap and clamp
    as those of a gather do.
  }];
  let methods = [
    InterfaceMethod<"The operand that is changed.", "unsigned", "getDestinationOperand", (ins), "", "return 0;">,
    InterfaceMethod<"The operand that holds the updates.", "unsigned", "getUpdatesOperand", (ins)>,
    InterfaceMethod<"The operands that hold indices.", "::mlir::OperandRange", "getIndexOperands", (ins)>,
    InterfaceMethod<"The dim of the destination that each of them is for.",
      "::llvm::ArrayRef<int64_t>", "getIndexedAxes", (ins)>,
    InterfaceMethod<"What becomes of an element when an update meets it; scalars as in MapOpInterface.",
      "::mlir::Value", "buildUpdate",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Value":$old, "::mlir::Value":$update)>,
  ];
}

def ReduceOpInterface : OpInterface<"ReduceOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{
    An op that folds elements of its operand along axes which the result does not have (OpKind::Reduce). A fold works on
    accumulators: `identity`, then `combine(accumulators, lift(x, i))` for each element, then `finish`. `combine` is
    associative and commutative up to rounding, so partial folds may be combined too.
  }];
  let methods = [
    InterfaceMethod<"The axes of the operand that are reduced, ascending.",
      "::llvm::SmallVector<int64_t>", "getReducedAxes", (ins)>,
    InterfaceMethod<"Scalar types of the accumulators; f32 where 16-bit floats are folded.",
      "void", "getAccumulatorTypes", (ins "::llvm::SmallVectorImpl<::mlir::Type> &":$types)>,
    InterfaceMethod<"The accumulators of no elements.",
      "void", "buildIdentity",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$accumulators)>,
    InterfaceMethod<[{
        The accumulators of one element `x`. `index` (of type index) is its row-major position among the reduced elements.
      }],
      "void", "buildLift",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Value":$x, "::mlir::Value":$index,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$accumulators)>,
    InterfaceMethod<"The accumulators of two disjoint sets of elements.",
      "void", "buildCombine",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::ValueRange":$a, "::mlir::ValueRange":$b,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$accumulators)>,
    InterfaceMethod<"The result element.",
      "::mlir::Value", "buildFinish",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::ValueRange":$accumulators,
           "::mlir::Type":$element)>,
  ];
  let extraSharedClassDeclaration = [{
    unsigned getNumAccumulators() {
      ::llvm::SmallVector<::mlir::Type, 2> types;
      $_op.getAccumulatorTypes(types);
      return types.size();
    }
  }];
}

def ContractOpInterface : OpInterface<"ContractOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{
    A sum of products over paired dims of two operands (OpKind::Contract). The result has the batch dims, the free dims
    of the left operand, the free dims of the right one. Sums of 16-bit floats are accumulated in f32.
  }];
  let methods = [
    InterfaceMethod<"Dims of the left operand that are batch dims.",
      "::llvm::ArrayRef<int64_t>", "getLhsBatch", (ins)>,
    InterfaceMethod<"Dims of the right operand paired with them.",
      "::llvm::ArrayRef<int64_t>", "getRhsBatch", (ins)>,
    InterfaceMethod<"Dims of the left operand that are summed over.",
      "::llvm::ArrayRef<int64_t>", "getLhsContracting", (ins)>,
    InterfaceMethod<"Dims of the right operand paired with them.",
      "::llvm::ArrayRef<int64_t>", "getRhsContracting", (ins)>,
  ];
}

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{
    An op with derivative rules. An op with a float result and without this interface has no derivative, which is an
    error and never a zero. A null value stands for zero everywhere here.
  }];
  let methods = [
    InterfaceMethod<[{
        Reverse mode: from one cotangent per result, one gradient per operand, of the operand's type. Only the wanted ones are built;
        the others are null. Gradients of integer operands are null.
      }],
      "::llvm::LogicalResult", "vjp",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$cotangents, "::llvm::ArrayRef<bool>":$wanted,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$gradients)>,
    InterfaceMethod<"Forward mode: from one tangent per operand, one per result.",
      "::llvm::LogicalResult", "jvp",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$tangents,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$results)>,
  ];
}

def BatchableOpInterface : OpInterface<"BatchableOpInterface"> {
  let cppNamespace = "::mlxir";
  let description = [{
    An op that can be applied to a batch. Batched operands have the batch as their first dim, others are as the op's own;
    at least one is batched. Every result is batched. Unbatched operands are broadcast only where the op needs it.
  }];
  let methods = [
    InterfaceMethod<"The op applied to each element of the batch.",
      "::llvm::LogicalResult", "vmap",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands, "::llvm::ArrayRef<bool>":$batched,
           "::mlxir::Size":$batch, "::llvm::SmallVectorImpl<::mlir::Value> &":$results)>,
  ];
}

#endif // MLXIR_INTERFACES
