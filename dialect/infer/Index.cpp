// Inference of reads and writes at computed indices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Infer.h"

namespace mlxir {

/// The common dims of index operands [first, last); they are integers of one shape, one per axis.
static bool requireIndices(Inference &in, size_t first, size_t last, const std::vector<int64_t> &axes, size_t rank,
                           std::vector<Size> &dims) {
  if (!in.requireCount("index arrays", last - first, axes.size()) || !in.requireAxes(axes, rank))
    return false;
  for (size_t i = first; i < last; ++i)
    if (!in.requireClass(in.operands[i], kUnsigned | kSigned) ||
        !in.requireSameDims(in.operands[first], in.operands[i]))
      return false;
  if (first < last)
    dims = in.operands[first].dims;
  return true;
}

static bool isAbove(SizeArena &sizes, Size a, Size b) {
  Size difference = sizes.sub(a, b);
  return difference.isConstant() && difference.value() > 0;
}

// (C1) one index array per axis, integers of one shape; (C2) axes name dims of the operand, each once;
// (C3) one slice size per dim, none larger than the dim; (C4) an indexed dim holds at least one element
bool inferGather(Inference &in) {
  if (in.operands.empty())
    return in.failValue("expected an array to index, got none");
  const TensorType &x = in.operands[0];
  std::vector<int64_t> axes = in.list();
  std::vector<Size> slices = in.sizeList(), dims;
  if (!requireIndices(in, 1, in.operands.size(), axes, x.dims.size(), dims) ||
      !in.requireCount("slice sizes", slices.size(), x.dims.size()))
    return false;
  bool readsNothing = false;
  for (Size d : dims)
    readsNothing |= in.sizes.isKnown(d, 0);
  for (int64_t axis : axes)
    if (!readsNothing && in.sizes.isKnown(x.dims[axis], 0))
      return in.fail(InferError::Index, "expected elements to index along axis " + std::to_string(axis) +
                                            ", got an array of shape " + in.str(x.dims));
  for (size_t i = 0; i < slices.size(); ++i)
    if (isAbove(in.sizes, slices[i], x.dims[i]))
      return in.failValue("expected slices no larger than " + in.str(x.dims) + ", got " + in.str(slices));
  dims.insert(dims.end(), slices.begin(), slices.end());
  return in.result(x.dtype, dims);
}

// (C1) the indices are integers of the operand's rank; (C2) their dims are the operand's, but along axis;
// (C3) that dim of the operand holds at least one element
bool inferTakeAlongAxis(Inference &in) {
  const TensorType &x = in.operands[0], &indices = in.operands[1];
  int64_t axis = in.word();
  if (!in.requireClass(indices, kUnsigned | kSigned) || !in.requireAxis(axis, x.dims.size()))
    return false;
  bool fits = indices.dims.size() == x.dims.size();
  for (size_t i = 0; fits && i < x.dims.size(); ++i)
    fits = static_cast<int64_t>(i) == axis || in.sizes.requireEqual(x.dims[i], indices.dims[i]);
  if (!fits)
    return in.failValue("expected indices of shape " + in.str(x.dims) + " but along axis " + std::to_string(axis) +
                        ", got " + in.str(indices.dims));
  if (in.sizes.isKnown(x.dims[axis], 0) && !in.sizes.isKnown(indices.dims[axis], 0))
    return in.fail(InferError::Index, "expected elements to index along axis " + std::to_string(axis) +
                                          ", got an array of shape " + in.str(x.dims));
  return in.result(x.dtype, indices.dims);
}

// (C1) one index array per axis, integers of one shape; (C2) axes name dims of the operand, each once;
// (C3) updates have the operand's dtype, and the indices' dims followed by a slice no larger than the operand
bool inferScatter(Inference &in) {
  if (in.operands.size() < 2)
    return in.failValue("expected an array and updates, got too few operands");
  const TensorType &x = in.operands[0], &updates = in.operands.back();
  std::vector<int64_t> axes = in.list();
  std::vector<Size> dims;
  if (!requireIndices(in, 1, in.operands.size() - 1, axes, x.dims.size(), dims) || !in.requireSameDType(x, updates))
    return false;
  bool fits = updates.dims.size() == dims.size() + x.dims.size();
  for (size_t i = 0; fits && i < updates.dims.size(); ++i)
    fits = i < dims.size() ? in.sizes.requireEqual(updates.dims[i], dims[i])
                           : !isAbove(in.sizes, updates.dims[i], x.dims[i - dims.size()]);
  if (!fits)
    return in.failValue("expected updates of shape " + in.str(dims) + " followed by a slice of " + in.str(x.dims) +
                        ", got " + in.str(updates.dims));
  return in.result(x.dtype, x.dims);
}

} // namespace mlxir
