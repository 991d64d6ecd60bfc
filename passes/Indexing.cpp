// Index substitution through map and move ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "passes/Indexing.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace mlxir {

static const Size kZero = Size::constant(0), kOne = Size::constant(1);

int Index::asDim() const {
  return terms.size() == 1 && terms[0].stride == kOne && offset == kZero && divisor == 1 ? terms[0].dim : -1;
}

Indices identityIndices(unsigned rank) {
  Indices indices;
  for (unsigned i = 0; i < rank; ++i)
    indices.push_back(Index::dim(i));
  return indices;
}

Index scale(SizeArena &sizes, const Index &index, Size stride, Size offset) {
  Index result;
  result.offset = sizes.add(sizes.mul(index.offset, stride), offset);
  if (stride != kZero)
    for (Index::Term term : index.terms)
      result.terms.push_back({term.dim, sizes.mul(term.stride, stride)});
  return result;
}

Index sum(SizeArena &sizes, const Index &a, const Index &b) {
  Index result = a;
  result.offset = sizes.add(a.offset, b.offset);
  for (Index::Term term : b.terms) {
    auto same = llvm::find_if(result.terms, [&](const Index::Term &t) { return t.dim == term.dim; });
    if (same == result.terms.end())
      result.terms.push_back(term);
    else if (same->stride = sizes.add(same->stride, term.stride); same->stride == kZero)
      result.terms.erase(same);
  }
  return result;
}

static Index compose(SizeArena &sizes, const DimIndex &step, const Indices &at) {
  if (step.resultDim < 0)
    return Index::constant(step.offset);
  return scale(sizes, at[step.resultDim], step.stride, step.offset);
}

bool isReshape(Operation *op) {
  auto array = dyn_cast_or_null<ArrayOpInterface>(op);
  return array && array.getOpKind() == OpKind::Move && !isa<PieceOpInterface>(op);
}

bool isRearrangement(Operation *op) {
  return op->getNumOperands() == 1 && !isa<PieceOpInterface, GatherOpInterface>(op) &&
         cast<ArrayOpInterface>(op).getCost() == 0 &&
         getElementTypeOrSelf(op->getOperand(0)) == getElementTypeOrSelf(op->getResult(0));
}

static std::optional<Indices> reshapedIndices(ArrayRef<Size> from, ArrayRef<Size> to, const Indices &at,
                                              SizeArena &sizes) {
  Indices result;
  unsigned j = 0;
  auto skipUnits = [&] {
    while (j < to.size() && to[j] == kOne)
      ++j;
  };
  for (Size extent : from) {
    if (extent == kOne) {
      result.push_back(Index::constant(kZero));
      continue;
    }
    // This dim of the operand is one or more neighbouring dims of the result.
    Index index = Index::constant(kZero);
    Size covered = kOne;
    while (covered != extent) {
      skipUnits();
      if (j == to.size())
        return std::nullopt;
      covered = sizes.mul(covered, to[j]);
      if (covered.isConstant() && extent.isConstant() && extent.value() % std::max<int64_t>(1, covered.value()) != 0)
        return std::nullopt;
      index = sum(sizes, scale(sizes, index, to[j], kZero), at[j]);
      ++j;
    }
    result.push_back(index);
  }
  skipUnits();
  return j == to.size() ? std::optional(result) : std::nullopt;
}

std::optional<Indices> operandIndices(Operation *op, unsigned operand, const Indices &at, SizeArena &sizes) {
  if (isReshape(op))
    return reshapedIndices(getDims(op->getOperand(0)), getDims(op->getResult(0)), at, sizes);
  auto map = dyn_cast<MapOpInterface>(op);
  if (!map)
    return std::nullopt;
  SmallVector<DimIndex> steps;
  map.getOperandIndex(operand, steps);
  Indices result;
  for (const DimIndex &step : steps)
    result.push_back(compose(sizes, step, at));
  return result;
}

void piecesAt(PieceOpInterface op, const Indices &at, SizeArena &sizes, SmallVectorImpl<PieceAt> &pieces) {
  SmallVector<Piece> parts;
  op.getPieces(parts);
  for (const Piece &part : parts) {
    PieceAt piece;
    piece.operand = op->getOperand(part.operand);
    SmallVector<Size> dims = getDims(piece.operand);
    for (auto [step, extent] : llvm::zip(part.index, dims)) {
      piece.index.push_back(compose(sizes, step, at));
      if (step.resultDim >= 0)
        piece.index.back().divisor = part.steps.empty() ? 1 : part.steps[step.resultDim];
      if (part.bounded &&
          (!(piece.index.back() == at[step.resultDim]) || getDims(op->getResult(0))[step.resultDim] != extent))
        piece.bounds.push_back({piece.index.back(), extent});
    }
    pieces.push_back(std::move(piece));
  }
}

} // namespace mlxir
