// Index substitution: where the elements come from that an element of a value is computed from. Kernel forming asks
// which memory a kernel would read and how; lowering builds the reads. Both see ops only through their interfaces.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/Interfaces.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace mlxir {

/// `(offset + sum(stride * d[dim])) / divisor` over the dims of some domain. A divisor other than 1 stems from a piece
/// with steps; it divides exactly wherever the piece's bounds hold.
struct Index {
  struct Term {
    int dim;
    Size stride;
    bool operator==(const Term &o) const { return dim == o.dim && stride == o.stride; }
  };
  llvm::SmallVector<Term, 2> terms;
  Size offset = Size::constant(0);
  int64_t divisor = 1;

  static Index dim(int d) { return {{{d, Size::constant(1)}}, Size::constant(0)}; }
  static Index constant(Size value) { return {{}, value}; }
  bool operator==(const Index &o) const { return terms == o.terms && offset == o.offset && divisor == o.divisor; }
  /// The dim if the index is exactly that dim, else -1.
  int asDim() const;
};
using Indices = llvm::SmallVector<Index, 4>;

/// index[i] = d[i]
Indices identityIndices(unsigned rank);
Index scale(SizeArena &sizes, const Index &index, Size stride, Size offset);
Index sum(SizeArena &sizes, const Index &a, const Index &b);

/// An op whose result is the operand's memory in another shape.
bool isReshape(mlir::Operation *op);

/// An op that only puts the elements of its one operand elsewhere.
bool isRearrangement(mlir::Operation *op);

/// The index at which a map op or a reshape reads `operand` when its result is wanted at `at`. None for other ops, and
/// where it is no affine function of `at` (several dims of a reshape's operand are one of the result).
std::optional<Indices> operandIndices(mlir::Operation *op, unsigned operand, const Indices &at, SizeArena &sizes);

/// A part of the result of a move op: at `index` of `operand` where every bound holds for the result's own index.
struct PieceAt {
  mlir::Value operand;
  Indices index;
  struct Bound {
    Index position; // 0 <= position < extent, and the position is a whole number
    Size extent;
  };
  llvm::SmallVector<Bound, 2> bounds;
};
/// The pieces of a move op's result at `at`, tried in order. Outside of its bounds a piece must not be read.
void piecesAt(PieceOpInterface op, const Indices &at, SizeArena &sizes, llvm::SmallVectorImpl<PieceAt> &pieces);

} // namespace mlxir
