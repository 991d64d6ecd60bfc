// Inference of the ops that make, move and rearrange elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Infer.h"

namespace mlxir {

static const Size kOne = Size::constant(1);

// (C1) axis names a dim of the result
bool inferIota(Inference &in) {
  int64_t axis = in.word();
  std::vector<Size> shape = in.sizeList();
  DType dtype = in.dtype();
  return in.requireAxis(axis, shape.size()) && in.requireClass({dtype, {}}, kUnsigned | kSigned | kFloat) &&
         in.result(dtype, shape);
}

// (C1) one axis per dim of the operand, each once; (C2) a dim of the operand is 1 or that dim of the result
bool inferBroadcast(Inference &in) {
  const TensorType &x = in.operands[0];
  std::vector<int64_t> axes = in.list();
  std::vector<Size> shape = in.sizeList();
  if (!in.requireCount("axes", axes.size(), x.dims.size()) || !in.requireAxes(axes, shape.size()))
    return false;
  for (size_t i = 0; i < axes.size(); ++i)
    if (x.dims[i] != kOne && !in.sizes.requireEqual(x.dims[i], shape[axes[i]]))
      return in.failValue("expected a shape that broadcasts to " + in.str(shape) + ", got " + in.str(x.dims));
  return in.result(x.dtype, shape);
}

// (C1) the permutation names each dim of the operand once
bool inferTranspose(Inference &in) {
  const TensorType &x = in.operands[0];
  std::vector<int64_t> permutation = in.list();
  if (!in.requireCount("axes", permutation.size(), x.dims.size()) || !in.requireAxes(permutation, x.dims.size()))
    return false;
  std::vector<Size> dims;
  for (int64_t axis : permutation)
    dims.push_back(x.dims[axis]);
  return in.result(x.dtype, dims);
}

/// True if `start + i * stride` lies in [0, dim) for each i of [0, count), as far as that can be known now.
static bool windowFits(SizeArena &sizes, Size start, int64_t stride, Size count, Size dim) {
  if (sizes.isKnown(count, 0))
    return true;
  Size last = sizes.add(start, sizes.mul(sizes.sub(count, kOne), Size::constant(stride)));
  auto isBelowZero = [](Size s) { return s.isConstant() && s.value() < 0; };
  Size low = stride < 0 ? last : start, high = stride < 0 ? start : last;
  return !isBelowZero(low) && !isBelowZero(sizes.sub(sizes.sub(dim, kOne), high));
}

static bool requireWindow(Inference &in, const std::vector<Size> &dims, const std::vector<Size> &starts,
                          const std::vector<int64_t> &strides, const std::vector<Size> &counts) {
  if (!in.requireCount("starts", starts.size(), dims.size()) ||
      !in.requireCount("strides", strides.size(), dims.size()) || !in.requireCount("sizes", counts.size(), dims.size()))
    return false;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (strides[i] == 0)
      return in.failValue("expected nonzero strides, got " + in.str(strides));
    if (!windowFits(in.sizes, starts[i], strides[i], counts[i], dims[i]))
      return in.failValue("expected a window inside " + in.str(dims) + ", got starts " + in.str(starts) + ", strides " +
                          in.str(strides) + ", sizes " + in.str(counts));
  }
  return true;
}

// (C1) one start, stride and size per dim; (C2) strides are not zero; (C3) the window lies inside the operand
bool inferSlice(Inference &in) {
  const TensorType &x = in.operands[0];
  std::vector<Size> starts = in.sizeList();
  std::vector<int64_t> strides = in.list();
  std::vector<Size> shape = in.sizeList();
  return requireWindow(in, x.dims, starts, strides, shape) && in.result(x.dtype, shape);
}

// (C1) as many elements as the operand
bool inferReshape(Inference &in) {
  const TensorType &x = in.operands[0];
  std::vector<Size> shape = in.sizeList();
  auto count = [&](const std::vector<Size> &dims) { return in.sizes.product(dims.data(), dims.data() + dims.size()); };
  Size expected = count(x.dims), got = count(shape);
  if (!in.sizes.requireEqual(expected, got))
    return in.failValue("expected a shape of " + in.sizes.str(expected) + " elements for an array of shape " +
                        in.str(x.dims) + ", got " + in.str(shape));
  return in.result(x.dtype, shape);
}

// (C1) at least one operand; (C2) dtypes, ranks and all dims but that of axis agree
bool inferConcatenate(Inference &in) {
  int64_t axis = in.word();
  if (in.operands.empty())
    return in.failValue("expected at least one array, got none");
  const TensorType &first = in.operands[0];
  if (!in.requireAxis(axis, first.dims.size()))
    return false;
  std::vector<Size> dims = first.dims;
  for (size_t k = 1; k < in.operands.size(); ++k) {
    const TensorType &x = in.operands[k];
    if (!in.requireSameDType(first, x))
      return false;
    bool fits = x.dims.size() == dims.size();
    for (size_t i = 0; fits && i < dims.size(); ++i)
      fits = static_cast<int64_t>(i) == axis || in.sizes.requireEqual(dims[i], x.dims[i]);
    if (!fits)
      return in.failValue("expected shapes that differ only along axis " + std::to_string(axis) + ", got " +
                          in.str(first.dims) + " and " + in.str(x.dims));
    dims[axis] = in.sizes.add(dims[axis], x.dims[axis]);
  }
  return in.result(first.dtype, dims);
}

// (C1) the pad value is a scalar of the operand's dtype; (C2) one low and one high count per dim, none negative
bool inferPad(Inference &in) {
  const TensorType &x = in.operands[0], &value = in.operands[1];
  std::vector<Size> low = in.sizeList(), high = in.sizeList();
  if (!in.requireSameDType(x, value))
    return false;
  if (!value.dims.empty())
    return in.failValue("expected a scalar to pad with, got an array of shape " + in.str(value.dims));
  if (!in.requireCount("low counts", low.size(), x.dims.size()) ||
      !in.requireCount("high counts", high.size(), x.dims.size()))
    return false;
  std::vector<Size> dims;
  for (size_t i = 0; i < low.size(); ++i) {
    for (Size count : {low[i], high[i]})
      if (count.isConstant() && count.value() < 0)
        return in.failValue("expected counts that are not negative, got " + in.sizes.str(count));
    dims.push_back(in.sizes.add(in.sizes.add(x.dims[i], low[i]), high[i]));
  }
  return in.result(x.dtype, dims);
}

// (C1) dtypes agree; (C2) one start and stride per dim, strides are not zero; (C3) the update lies inside the operand
bool inferSliceUpdate(Inference &in) {
  const TensorType &x = in.operands[0], &update = in.operands[1];
  std::vector<Size> starts = in.sizeList();
  std::vector<int64_t> strides = in.list();
  return in.requireSameDType(x, update) && requireWindow(in, x.dims, starts, strides, update.dims) &&
         in.result(x.dtype, x.dims);
}

} // namespace mlxir
