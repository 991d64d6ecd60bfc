// Inference of reductions: the result has the operand's dims but those reduced.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Infer.h"

namespace mlxir {

static std::vector<Size> remainingDims(const std::vector<Size> &dims, const std::vector<int64_t> &axes) {
  std::vector<bool> isReduced(dims.size());
  for (int64_t axis : axes)
    isReduced[axis] = true;
  std::vector<Size> remaining;
  for (size_t i = 0; i < dims.size(); ++i)
    if (!isReduced[i])
      remaining.push_back(dims[i]);
  return remaining;
}

// (C1) axes name dims of the operand, each once; (C2) the elements are of a class that the op is defined for
bool inferReduce(Inference &in, unsigned classes) {
  const TensorType &x = in.operands[0];
  std::vector<int64_t> axes = in.list();
  return in.requireClass(x, classes) && in.requireAxes(axes, x.dims.size()) &&
         in.result(x.dtype, remainingDims(x.dims, axes));
}

// (C1) axis names a dim of the operand; (C2) that dim is not empty
bool inferArgReduce(Inference &in, unsigned classes) {
  const TensorType &x = in.operands[0];
  int64_t axis = in.word();
  if (!in.requireClass(x, classes) || !in.requireAxis(axis, x.dims.size()))
    return false;
  if (in.sizes.isKnown(x.dims[axis], 0))
    return in.failValue("expected at least one element along axis " + std::to_string(axis) + ", got shape " +
                        in.str(x.dims));
  return in.result(DType::UInt32, remainingDims(x.dims, {axis}));
}

} // namespace mlxir
