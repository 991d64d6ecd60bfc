// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rewrites that look at shapes: they merge ops that only move elements, and bring such ops to where they cost nothing.

#include "passes/Simplify.h"

#include "dialect/Expr.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlxir;

using Ints = SmallVector<int64_t>;
using Sizes = SmallVector<Size>;

static const Size kOne = Size::constant(1), kZero = Size::constant(0);

static bool isElementwise(Operation *op) {
  const OpInfo *info = op ? getOpInfo(op) : nullptr;
  return info && info->isElementwise;
}

static Type withDims(Type type, ArrayRef<Size> dims) { return getTensorType(dims, getElementTypeOrSelf(type)); }

/// A number that is no result of a computation: it has no memory that a reshape could be a view of.
static bool isScalarLeaf(Value x) {
  auto type = cast<RankedTensorType>(x.getType());
  return type.getRank() == 0 && (isa<BlockArgument>(x) || x.getDefiningOp<ConstantOp>());
}

/// `x` with other dims; `x` itself if they are its own.
static Value reshaped(OpBuilder &builder, Location loc, Value x, ArrayRef<Size> dims) {
  Type type = withDims(x.getType(), dims);
  if (isScalarLeaf(x) && !dims.empty())
    return BroadcastOp::create(builder, loc, type, x, ArrayRef<int64_t>());
  return rules::withType(builder, loc, x, type);
}

//===----------------------------------------------------------------------===//
// Which dims of one shape are which of another
//===----------------------------------------------------------------------===//

namespace {
/// Dims [fromBegin, fromEnd) of one shape hold the same elements as dims [toBegin, toEnd) of the other.
struct DimGroup {
  unsigned fromBegin, fromEnd, toBegin, toEnd;
};
} // namespace

/// Cuts two shapes of equally many elements into the smallest groups that correspond. False if symbols hide how.
static bool groupDims(SizeArena &sizes, ArrayRef<Size> from, ArrayRef<Size> to, SmallVectorImpl<DimGroup> &groups) {
  unsigned i = 0, j = 0;
  auto product = [&](ArrayRef<Size> dims) { return sizes.product(dims.begin(), dims.end()); };
  while (i < from.size() || j < to.size()) {
    unsigned total = from.size() - i + to.size() - j;
    bool found = false;
    // Dims of 1 pair up with nothing: a group may be empty on one side.
    for (unsigned length = 1; length <= total && !found; ++length)
      for (unsigned a = 0; a <= length && !found; ++a) {
        unsigned b = length - a;
        if (i + a > from.size() || j + b > to.size() || product(from.slice(i, a)) != product(to.slice(j, b)))
          continue;
        groups.push_back({i, i + a, j, j + b});
        i += a;
        j += b;
        found = true;
      }
    if (!found)
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// reshape
//===----------------------------------------------------------------------===//

namespace {

struct MergeReshapes : public OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    Value from = op.getX();
    while (auto inner = from.getDefiningOp<ReshapeOp>())
      from = inner.getX();
    if (from.getType() == op.getType())
      rewriter.replaceOp(op, from);
    else if (isScalarLeaf(from))
      rewriter.replaceOp(op, reshaped(rewriter, op.getLoc(), from, getDims(op.getResult())));
    else if (from != op.getX())
      rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), from);
    else
      return failure();
    return success();
  }
};

/// reshape(f(x, y)) is f(reshape(x), reshape(y)), unless others want the result in its own shape.
struct HoistReshapeAboveElementwise : public OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    Operation *map = op.getX().getDefiningOp();
    // A number computed from numbers stays one: broadcasts of numbers move the other way.
    if (!isElementwise(map) || op.getX().getType().getRank() == 0 ||
        !llvm::all_of(op.getX().getUsers(), [&](Operation *user) {
          return isa<ReshapeOp>(user) && user->getResult(0).getType() == op.getType();
        }))
      return failure();
    // All reshapes of the result are replaced by one: with one each, a chain of diamonds would double at every link.
    rewriter.setInsertionPointAfter(map);
    Sizes dims = getDims(op.getResult());
    SmallVector<Value> operands;
    for (Value operand : map->getOperands())
      operands.push_back(reshaped(rewriter, op.getLoc(), operand, dims));
    Value result = rules::rebuild(map, rewriter, operands, op.getType());
    for (Operation *user : llvm::to_vector(op.getX().getUsers()))
      rewriter.replaceOp(user, result);
    return success();
  }
};

/// reshape(broadcast(x)) is broadcast(reshape(x)) where no dim is partly x's and partly repetition.
struct HoistReshapeAboveBroadcast : public OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    auto broadcast = op.getX().getDefiningOp<BroadcastOp>();
    if (!broadcast || !llvm::is_sorted(broadcast.getAxes()))
      return failure();
    Sizes from = getDims(broadcast.getResult()), to = getDims(op.getResult()), x = getDims(broadcast.getX());
    SmallVector<DimGroup> groups;
    {
      SizesLock sizes(op.getContext());
      if (!groupDims(*sizes, from, to, groups))
        return failure();
    }
    Sizes dims;
    Ints axes;
    for (const DimGroup &group : groups)
      if (!mapGroup(group, broadcast, from, to, x, dims, axes))
        return failure();
    Value operand = reshaped(rewriter, op.getLoc(), broadcast.getX(), dims);
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getType(), operand, axes);
    return success();
  }

private:
  /// Either all dims of the group are the operand's own, or none is.
  static bool mapGroup(const DimGroup &group, BroadcastOp broadcast, ArrayRef<Size> from, ArrayRef<Size> to,
                       ArrayRef<Size> x, Sizes &dims, Ints &axes) {
    unsigned own = 0, repeated = 0;
    for (unsigned axis = group.fromBegin; axis < group.fromEnd; ++axis) {
      auto it = llvm::find(broadcast.getAxes(), axis);
      bool isOwn = it != broadcast.getAxes().end() && x[it - broadcast.getAxes().begin()] != kOne;
      if (from[axis] != kOne)
        ++(isOwn ? own : repeated);
    }
    if (own && repeated)
      return false;
    for (unsigned axis = group.toBegin; own && axis < group.toEnd; ++axis) {
      dims.push_back(to[axis]);
      axes.push_back(axis);
    }
    return true;
  }
};

//===----------------------------------------------------------------------===//
// broadcast
//===----------------------------------------------------------------------===//

/// A broadcast that repeats nothing is its operand, perhaps transposed; the operand's own dims of 1 are left out, and
/// what its operand does to the order or number of dims is said by its axes.
struct MergeIntoBroadcast : public OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BroadcastOp op, PatternRewriter &rewriter) const override {
    Value x = op.getX();
    Ints axes(op.getAxes());
    if (auto inner = x.getDefiningOp<BroadcastOp>()) {
      Ints merged;
      for (int64_t axis : inner.getAxes())
        merged.push_back(axes[axis]);
      return replace(op, inner.getX(), merged, rewriter);
    }
    if (auto transpose = x.getDefiningOp<TransposeOp>()) {
      Ints merged(axes.size());
      for (auto [i, axis] : llvm::enumerate(transpose.getPermutation()))
        merged[axis] = axes[i];
      return replace(op, transpose.getX(), merged, rewriter);
    }
    return dropUnitDims(op, x, axes, rewriter);
  }

private:
  static LogicalResult replace(BroadcastOp op, Value x, ArrayRef<int64_t> axes, PatternRewriter &rewriter) {
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getType(), x, axes);
    return success();
  }

  static LogicalResult dropUnitDims(BroadcastOp op, Value x, ArrayRef<int64_t> axes, PatternRewriter &rewriter) {
    Sizes dims = getDims(x), to = getDims(op.getResult()), keptDims;
    Ints keptAxes;
    for (auto [dim, axis] : llvm::zip_equal(dims, axes))
      if (dim != kOne) {
        keptDims.push_back(dim);
        keptAxes.push_back(axis);
      }
    bool repeats = keptAxes.size() != to.size() && llvm::any_of(llvm::seq<int64_t>(0, to.size()), [&](int64_t axis) {
                     return to[axis] != kOne && !llvm::is_contained(keptAxes, axis);
                   });
    if (!repeats && isScalarLeaf(x) && !to.empty())
      return failure();
    if (!repeats && llvm::is_sorted(keptAxes)) {
      rewriter.replaceOp(op, reshaped(rewriter, op.getLoc(), x, to));
      return success();
    }
    if (!repeats && keptAxes.size() == dims.size() && dims.size() == to.size()) {
      Ints permutation(axes.size());
      for (auto [i, axis] : llvm::enumerate(axes))
        permutation[axis] = i;
      rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), x, permutation);
      return success();
    }
    if (keptAxes.size() == dims.size())
      return failure();
    return replace(op, reshaped(rewriter, op.getLoc(), x, keptDims), keptAxes, rewriter);
  }
};

/// f(broadcast(x), broadcast(y)) is broadcast(f(x, y)) where one of the two has all dims that the other has.
struct SinkBroadcastBelowElementwise : public RewritePattern {
  SinkBroadcastBelowElementwise(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isElementwise(op) || op->getNumOperands() == 0)
      return failure();
    BroadcastOp widest;
    for (Value operand : op->getOperands()) {
      auto broadcast = operand.getDefiningOp<BroadcastOp>();
      if (!broadcast)
        return failure();
      if (!widest || broadcast.getAxes().size() > widest.getAxes().size())
        widest = broadcast;
    }
    Sizes dims = getDims(widest.getX());
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      Value small = narrowed(operand.getDefiningOp<BroadcastOp>(), widest, dims, op->getLoc(), rewriter);
      if (!small)
        return failure();
      operands.push_back(small);
    }
    Type type = withDims(op->getResult(0).getType(), dims);
    Value result = rules::rebuild(op, rewriter, operands, type);
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op->getResult(0).getType(), result, widest.getAxes());
    return success();
  }

private:
  /// The operand of `broadcast` in the shape of the operand of `widest`.
  static Value narrowed(BroadcastOp broadcast, BroadcastOp widest, ArrayRef<Size> dims, Location loc,
                        PatternRewriter &rewriter) {
    Value x = broadcast.getX();
    if (broadcast.getAxes() == widest.getAxes())
      return x.getType() == withDims(x.getType(), dims) ? x : Value();
    if (!broadcast.getAxes().empty())
      return Value();
    return BroadcastOp::create(rewriter, loc, withDims(x.getType(), dims), x, ArrayRef<int64_t>());
  }
};

//===----------------------------------------------------------------------===//
// transpose
//===----------------------------------------------------------------------===//

struct MergeTransposes : public OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    if (llvm::is_sorted(op.getPermutation())) {
      rewriter.replaceOp(op, op.getX());
      return success();
    }
    if (auto inner = op.getX().getDefiningOp<TransposeOp>()) {
      Ints merged;
      for (int64_t axis : op.getPermutation())
        merged.push_back(inner.getPermutation()[axis]);
      rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), inner.getX(), merged);
      return success();
    }
    if (auto broadcast = op.getX().getDefiningOp<BroadcastOp>()) {
      Ints place(op.getPermutation().size()), axes;
      for (auto [i, axis] : llvm::enumerate(op.getPermutation()))
        place[axis] = i;
      for (int64_t axis : broadcast.getAxes())
        axes.push_back(place[axis]);
      rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getType(), broadcast.getX(), axes);
      return success();
    }
    return asReshape(op, rewriter);
  }

private:
  /// Moving dims of 1 moves no element.
  static LogicalResult asReshape(TransposeOp op, PatternRewriter &rewriter) {
    Sizes dims = getDims(op.getX());
    Ints moved(op.getPermutation());
    llvm::erase_if(moved, [&](int64_t axis) { return dims[axis] == kOne; });
    if (!llvm::is_sorted(moved))
      return failure();
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), op.getX());
    return success();
  }
};

/// A contraction reads transposed operands as they are, where that leaves the order of the free dims.
struct MergeTransposeIntoContraction : public OpRewritePattern<DotGeneralOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DotGeneralOp op, PatternRewriter &rewriter) const override {
    Side x = untransposed(op.getX(), op.getLhsBatch(), op.getLhsContracting());
    Side y = untransposed(op.getY(), op.getRhsBatch(), op.getRhsContracting());
    if (x.value == op.getX() && y.value == op.getY())
      return failure();
    rewriter.replaceOpWithNewOp<DotGeneralOp>(op, op.getType(), x.value, y.value, x.batch, y.batch, x.contracting,
                                              y.contracting);
    return success();
  }

private:
  struct Side {
    Value value;
    Ints batch, contracting;
  };
  static Side untransposed(Value value, ArrayRef<int64_t> batch, ArrayRef<int64_t> contracting) {
    Side side{value, Ints(batch), Ints(contracting)};
    auto transpose = value.getDefiningOp<TransposeOp>();
    if (!transpose)
      return side;
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    Ints free;
    for (auto [i, axis] : llvm::enumerate(permutation))
      if (!llvm::is_contained(batch, i) && !llvm::is_contained(contracting, i))
        free.push_back(axis);
    if (!llvm::is_sorted(free))
      return side;
    side.value = transpose.getX();
    for (int64_t &axis : side.batch)
      axis = permutation[axis];
    for (int64_t &axis : side.contracting)
      axis = permutation[axis];
    return side;
  }
};

/// A contraction that sums nothing is an elementwise product of its operands, repeated along each other's free dims.
struct MultiplyWhereNothingIsSummed : public OpRewritePattern<DotGeneralOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DotGeneralOp op, PatternRewriter &rewriter) const override {
    if (!op.getLhsContracting().empty())
      return failure();
    int64_t lhsRank = getDims(op.getX()).size(), numBatch = op.getLhsBatch().size();
    Value x = repeated(rewriter, op, op.getX(), op.getLhsBatch(), numBatch);
    Value y = repeated(rewriter, op, op.getY(), op.getRhsBatch(), lhsRank);
    rewriter.replaceOpWithNewOp<MultiplyOp>(op, x, y);
    return success();
  }

private:
  /// The operand in the result's shape: its batch dims come first there, its free dims from `firstFree` on.
  static Value repeated(PatternRewriter &rewriter, DotGeneralOp op, Value value, ArrayRef<int64_t> batch,
                        int64_t firstFree) {
    Ints axes;
    for (int64_t i = 0, rank = getDims(value).size(); i < rank; ++i) {
      const int64_t *paired = llvm::find(batch, i);
      axes.push_back(paired != batch.end() ? paired - batch.begin() : firstFree++);
    }
    return BroadcastOp::create(rewriter, op.getLoc(), value, axes, getDims(op.getResult()));
  }
};

//===----------------------------------------------------------------------===//
// slice, concatenate, pad, reductions
//===----------------------------------------------------------------------===//

struct MergeSlices : public OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op, PatternRewriter &rewriter) const override {
    bool isPlain = llvm::all_of(op.getStrides(), [](int64_t stride) { return stride == 1; });
    bool startsAtZero = llvm::all_of(op.getStarts().getValues(), [](Size start) { return start == kZero; });
    if (op.getX().getType() == op.getType() && isPlain && startsAtZero) {
      rewriter.replaceOp(op, op.getX());
      return success();
    }
    auto inner = op.getX().getDefiningOp<SliceOp>();
    if (!inner)
      return isPlain ? ofConcatenation(op, rewriter) : failure();
    Sizes starts;
    Ints strides;
    {
      SizesLock sizes(op.getContext());
      for (auto [start, stride, innerStart, innerStride] : llvm::zip_equal(
               op.getStarts().getValues(), op.getStrides(), inner.getStarts().getValues(), inner.getStrides())) {
        starts.push_back(sizes->add(innerStart, sizes->mul(start, Size::constant(innerStride))));
        strides.push_back(stride * innerStride);
      }
    }
    rewriter.replaceOpWithNewOp<SliceOp>(op, op.getType(), inner.getX(), SizesAttr::get(getContext(), starts), strides);
    return success();
  }

private:
  /// A piece that lies in one operand of a concatenation.
  static LogicalResult ofConcatenation(SliceOp op, PatternRewriter &rewriter) {
    auto concatenate = op.getX().getDefiningOp<ConcatenateOp>();
    if (!concatenate)
      return failure();
    int64_t axis = concatenate.getAxis();
    Size start = op.getStarts().getValues()[axis], count = getDims(op.getResult())[axis];
    if (!start.isConstant() || !count.isConstant())
      return failure();
    int64_t begin = 0;
    for (Value input : concatenate.getInputs()) {
      Size extent = getDims(input)[axis];
      if (!extent.isConstant())
        return failure();
      if (begin <= start.value() && start.value() + count.value() <= begin + extent.value()) {
        Sizes starts(op.getStarts().getValues());
        starts[axis] = Size::constant(start.value() - begin);
        rewriter.replaceOpWithNewOp<SliceOp>(op, op.getType(), input, SizesAttr::get(op.getContext(), starts),
                                             op.getStrides());
        return success();
      }
      begin += extent.value();
    }
    return failure();
  }
};

struct MergeConcatenations : public OpRewritePattern<ConcatenateOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConcatenateOp op, PatternRewriter &rewriter) const override {
    if (op.getInputs().size() == 1) {
      rewriter.replaceOp(op, op.getInputs()[0]);
      return success();
    }
    SmallVector<Value> inputs;
    for (Value input : op.getInputs()) {
      auto inner = input.getDefiningOp<ConcatenateOp>();
      if (inner && inner.getAxis() == op.getAxis() && inner->hasOneUse())
        llvm::append_range(inputs, inner.getInputs());
      else if (getDims(input)[op.getAxis()] != kZero)
        inputs.push_back(input);
    }
    if (inputs.empty() || llvm::equal(inputs, op.getInputs()))
      return failure();
    rewriter.replaceOpWithNewOp<ConcatenateOp>(op, op.getType(), inputs, op.getAxis());
    return success();
  }
};

struct DropPad : public OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PadOp op, PatternRewriter &rewriter) const override {
    auto isZero = [](Size count) { return count == kZero; };
    if (!llvm::all_of(op.getLow().getValues(), isZero) || !llvm::all_of(op.getHigh().getValues(), isZero))
      return failure();
    rewriter.replaceOp(op, rules::withType(rewriter, op.getLoc(), op.getX(), op.getType()));
    return success();
  }
};

/// Folding one element gives that element, and dims of 1 make no difference to what is folded.
template <typename OpT> struct DropUnitDimsOfReduction : public OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpT op, PatternRewriter &rewriter) const override {
    Sizes dims = getDims(op.getX()), kept;
    Ints axes;
    for (auto [i, dim] : llvm::enumerate(dims)) {
      if (dim == kOne)
        continue;
      if (llvm::is_contained(op.getAxes(), i))
        axes.push_back(kept.size());
      kept.push_back(dim);
    }
    if (kept.size() == dims.size() && !op.getAxes().empty())
      return failure();
    Value x = reshaped(rewriter, op.getLoc(), op.getX(), kept);
    if (!axes.empty())
      x = OpT::create(rewriter, op.getLoc(), x, axes);
    rewriter.replaceOp(op, reshaped(rewriter, op.getLoc(), x, getDims(op.getResult())));
    return success();
  }
};

} // namespace

void mlxir::populateShapePatterns(RewritePatternSet &patterns) {
  patterns.add<MergeReshapes, HoistReshapeAboveElementwise, HoistReshapeAboveBroadcast, MergeIntoBroadcast,
               SinkBroadcastBelowElementwise, MergeTransposes, MergeTransposeIntoContraction,
               MultiplyWhereNothingIsSummed, MergeSlices, MergeConcatenations, DropPad, DropUnitDimsOfReduction<SumOp>,
               DropUnitDimsOfReduction<ProdOp>, DropUnitDimsOfReduction<MaxOp>, DropUnitDimsOfReduction<MinOp>,
               DropUnitDimsOfReduction<AnyOp>, DropUnitDimsOfReduction<AllOp>>(patterns.getContext());
}
