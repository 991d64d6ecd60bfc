// The op interfaces, and the small structures in which ops answer them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_INTERFACES_H
#define MLXIR_DIALECT_INTERFACES_H

#include "dialect/Attributes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace mlxir {

/// Index of an operand along one of its dims: `stride * d[resultDim] + offset`, where d is the result's index.
struct DimIndex {
  int resultDim = -1; // -1: the index is `offset`
  Size stride = Size::constant(1);
  Size offset = Size::constant(0);
};

/// Index of a gathered operand along one of its dims: wrapped and clamped element of an index operand, plus
/// d[resultDim].
struct GatherDim {
  int indexOperand = -1;          // -1: none
  int resultDim = -1;             // -1: none
  Size slice = Size::constant(1); // extent of d[resultDim]: the computed index is clamped to [0, dim - slice]
};

/// A part of a move op's result: at the result's index `d` it is the element of an operand at `index`, divided by
/// `steps` (one per dim, none: all 1). Where the index is not a whole number, or outside of the operand, the part is
/// not there.
struct Piece {
  unsigned operand = 0;
  llvm::SmallVector<DimIndex> index;
  llvm::SmallVector<int64_t> steps;
  bool bounded = true; // false: it can be read for every `d`
};

/// The index of an operand that is read at the result's own index.
void getIdentityIndex(mlir::Value operand, llvm::SmallVectorImpl<DimIndex> &index);

/// The row of the op `name`, which starts with "mlxir.".
const OpInfo &lookUpOp(llvm::StringRef name);
/// The row of `op`, or null if it has none.
const OpInfo *getOpInfo(mlir::Operation *op);

} // namespace mlxir

#include "dialect/Interfaces.h.inc"

#endif // MLXIR_DIALECT_INTERFACES_H
