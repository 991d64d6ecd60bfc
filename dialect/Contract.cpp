// The ops of Contract.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

using namespace mlir;
using namespace mlxir;

#define GET_OP_CLASSES
#include "dialect/Contract.cpp.inc"

#include "dialect/Contract.rules.inc"

//===----------------------------------------------------------------------===//
// Rules, written with a label per dim: equal labels are one dim of the sum of products
//===----------------------------------------------------------------------===//

namespace {
using Labels = SmallVector<int64_t>;

struct Labeled {
  Value value;
  Labels labels;
};

/// The labels of a contraction's operands and result. The new dim of a batch has a label of its own.
struct Labeling {
  static constexpr int64_t kBatch = -1;
  Labels x, y, result;

  explicit Labeling(DotGeneralOp op) {
    int64_t next = 0;
    x = llvm::to_vector(llvm::seq<int64_t>(0, op.getX().getType().getRank()));
    next = x.size();
    for (int64_t i = 0, rank = op.getY().getType().getRank(); i < rank; ++i)
      y.push_back(next++);
    for (auto [i, j] : llvm::zip_equal(op.getLhsBatch(), op.getRhsBatch()))
      y[j] = x[i];
    for (auto [i, j] : llvm::zip_equal(op.getLhsContracting(), op.getRhsContracting()))
      y[j] = x[i];
    for (int64_t axis : op.getLhsBatch())
      result.push_back(x[axis]);
    for (int64_t label : x)
      if (!llvm::is_contained(y, label))
        result.push_back(label);
    for (int64_t label : y)
      if (!llvm::is_contained(x, label))
        result.push_back(label);
  }
};
} // namespace

static int64_t placeOf(int64_t label, ArrayRef<int64_t> labels) { return llvm::find(labels, label) - labels.begin(); }

/// The order in which dot_general leaves the dims of a product of `x` and `y`.
static Labels productLabels(ArrayRef<int64_t> x, ArrayRef<int64_t> y, ArrayRef<int64_t> result) {
  Labels labels;
  auto append = [&](ArrayRef<int64_t> from, ArrayRef<int64_t> other, bool isShared) {
    for (int64_t label : from)
      if (llvm::is_contained(result, label) && llvm::is_contained(other, label) == isShared)
        labels.push_back(label);
  };
  append(x, y, true);
  append(x, y, false);
  append(y, x, false);
  return labels;
}

/// `x` with its dims in the places that `result` gives their labels, repeated along the others.
static rules::Expr spread(OpBuilder &builder, Location loc, const Labeled &x, ArrayRef<int64_t> result,
                          ArrayRef<Size> dims) {
  Labels axes = llvm::map_to_vector(x.labels, [&](int64_t label) { return placeOf(label, result); });
  return rules::Expr(builder, loc, BroadcastOp::create(builder, loc, x.value, axes, dims));
}

/// Nothing is summed: a product of elements, which kernels fuse with what is around it.
static Value buildOuterProduct(OpBuilder &builder, Location loc, const Labeled &x, const Labeled &y,
                               ArrayRef<int64_t> result) {
  SmallVector<Size> dims = llvm::map_to_vector(result, [&](int64_t label) {
    const Labeled &owner = llvm::is_contained(x.labels, label) ? x : y;
    return getDims(owner.value)[placeOf(label, owner.labels)];
  });
  return (spread(builder, loc, x, result, dims) * spread(builder, loc, y, result, dims)).get();
}

/// The sum of products of `x` and `y` over the labels that `result` lacks, with the result's dims in its order. Of the
/// two orders of the operands, one may leave the dims as they are wanted.
static Value buildProduct(OpBuilder &builder, Location loc, Labeled x, Labeled y, ArrayRef<int64_t> result) {
  bool anySum = llvm::any_of(x.labels, [&](int64_t label) { return !llvm::is_contained(result, label); });
  if (!anySum)
    return buildOuterProduct(builder, loc, x, y, result);
  if (productLabels(x.labels, y.labels, result) != result && productLabels(y.labels, x.labels, result) == result)
    std::swap(x, y);
  Labels lhsBatch, rhsBatch, lhsContracting, rhsContracting;
  for (auto [i, label] : llvm::enumerate(x.labels)) {
    if (!llvm::is_contained(y.labels, label))
      continue;
    bool isBatch = llvm::is_contained(result, label);
    (isBatch ? lhsBatch : lhsContracting).push_back(i);
    (isBatch ? rhsBatch : rhsContracting).push_back(placeOf(label, y.labels));
  }
  Value product =
      DotGeneralOp::create(builder, loc, x.value, y.value, lhsBatch, rhsBatch, lhsContracting, rhsContracting);
  Labels got = productLabels(x.labels, y.labels, result);
  Labels permutation = llvm::map_to_vector(result, [&](int64_t label) { return placeOf(label, got); });
  return rules::buildTranspose(builder, loc, product, permutation);
}

LogicalResult DotGeneralOp::vjp(OpBuilder &builder, ValueRange cotangents, ArrayRef<bool> wanted,
                                SmallVectorImpl<Value> &gradients) {
  Labeling labels(*this);
  Labeled x{getX(), labels.x}, y{getY(), labels.y}, ct{cotangents[0], labels.result};
  auto gradient = [&](const Labeled &other, const Labeled &of) {
    return rules::withType(builder, getLoc(), buildProduct(builder, getLoc(), ct, other, of.labels),
                           of.value.getType());
  };
  gradients.push_back(wanted[0] ? gradient(y, x) : Value());
  gradients.push_back(wanted[1] ? gradient(x, y) : Value());
  return success();
}

// A product is linear in each operand.
LogicalResult DotGeneralOp::jvp(OpBuilder &builder, ValueRange tangents, SmallVectorImpl<Value> &results) {
  rules::Expr sum;
  for (unsigned i : {0u, 1u}) {
    if (!tangents[i])
      continue;
    SmallVector<Value> operands{getX(), getY()};
    operands[i] = tangents[i];
    sum = sum + rules::Expr(builder, getLoc(), rules::rebuild(*this, builder, operands, getType()));
  }
  results.push_back(sum.get());
  return success();
}

LogicalResult DotGeneralOp::vmap(OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched, Size,
                                 SmallVectorImpl<Value> &results) {
  Labeling labels(*this);
  auto withBatch = [](Labels list, bool isBatched) {
    if (isBatched)
      list.insert(list.begin(), Labeling::kBatch);
    return list;
  };
  Labeled x{operands[0], withBatch(labels.x, batched[0])}, y{operands[1], withBatch(labels.y, batched[1])};
  results.push_back(buildProduct(builder, getLoc(), x, y, withBatch(labels.result, true)));
  return success();
}
