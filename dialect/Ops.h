// The op classes of the dialect, by family.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_OPS_H
#define MLXIR_DIALECT_OPS_H

#include "dialect/Interfaces.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DerivedAttributeOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlxir {

/// Result types of the op `name`, by the inference function of its row in the op table. With a location, what is wrong
/// is reported there. `attribute` gives an attribute of the op by its name.
llvm::LogicalResult inferFromTable(mlir::MLIRContext *context, std::optional<mlir::Location> loc, llvm::StringRef name,
                                   mlir::ValueRange operands,
                                   llvm::function_ref<mlir::Attribute(llvm::StringRef)> attribute,
                                   llvm::SmallVectorImpl<mlir::Type> &results);
/// The op's types are what its inference function says, as far as that can be known now.
llvm::LogicalResult verifyFromTable(mlir::Operation *op);

/// Trait of every op with a row in the op table.
template <typename ConcreteOp> class TypesFromTable : public mlir::OpTrait::TraitBase<ConcreteOp, TypesFromTable> {
public:
  static llvm::LogicalResult verifyTrait(mlir::Operation *op) { return verifyFromTable(op); }
};

/// What an op class answers when it is asked for its result types before there is an op.
template <typename OpT>
llvm::LogicalResult inferFromTable(mlir::MLIRContext *context, std::optional<mlir::Location> loc,
                                   mlir::ValueRange operands, mlir::OpaqueProperties properties,
                                   llvm::SmallVectorImpl<mlir::Type> &results) {
  auto attribute = [&](llvm::StringRef name) -> mlir::Attribute {
    if constexpr (OpT::hasProperties())
      if (auto attr = OpT::getInherentAttr(context, *properties.as<typename OpT::Properties *>(), name))
        return *attr;
    return {};
  };
  return inferFromTable(context, loc, OpT::getOperationName(), operands, attribute, results);
}

} // namespace mlxir

#include "dialect/ScatterMode.h.inc"

#define GET_OP_CLASSES
#include "dialect/Binary.h.inc"
#define GET_OP_CLASSES
#include "dialect/Compare.h.inc"
#define GET_OP_CLASSES
#include "dialect/Contract.h.inc"
#define GET_OP_CLASSES
#include "dialect/Convert.h.inc"
#define GET_OP_CLASSES
#include "dialect/Index.h.inc"
#define GET_OP_CLASSES
#include "dialect/Reduce.h.inc"
#define GET_OP_CLASSES
#include "dialect/Shape.h.inc"
#define GET_OP_CLASSES
#include "dialect/Structural.h.inc"
#define GET_OP_CLASSES
#include "dialect/Unary.h.inc"

#endif // MLXIR_DIALECT_OPS_H
