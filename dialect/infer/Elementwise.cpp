// Inference of the elementwise families: operands and result have one shape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Infer.h"

namespace mlxir {

static bool requireSameTypes(Inference &in, size_t first = 0) {
  for (size_t i = first + 1; i < in.operands.size(); ++i)
    if (!in.requireSameDType(in.operands[first], in.operands[i]) ||
        !in.requireSameDims(in.operands[first], in.operands[i]))
      return false;
  return true;
}

// (C1) operands have one dtype and shape, of a class the op is defined for; the result has their type
bool inferElementwise(Inference &in, unsigned classes) {
  const TensorType &x = in.operands[0];
  return in.requireClass(x, classes) && requireSameTypes(in) && in.result(x.dtype, x.dims);
}

// (C1) as above, but the result is bool
bool inferCompare(Inference &in, unsigned classes) {
  const TensorType &x = in.operands[0];
  return in.requireClass(x, classes) && requireSameTypes(in) && in.result(DType::Bool, x.dims);
}

// (C1) the condition is bool; (C2) both choices have one type, of the condition's shape
bool inferSelect(Inference &in, unsigned classes) {
  const TensorType &condition = in.operands[0], &x = in.operands[1];
  return in.requireClass(condition, kBool) && in.requireClass(x, classes) && requireSameTypes(in, 1) &&
         in.requireSameDims(condition, x) && in.result(x.dtype, x.dims);
}

bool inferCast(Inference &in, unsigned classes) {
  return in.requireClass(in.operands[0], classes) && in.result(in.dtype(), in.operands[0].dims);
}

// (C1) both dtypes are equally wide, and neither is bool
bool inferBitcast(Inference &in, unsigned classes) {
  const TensorType &x = in.operands[0];
  DType to = in.dtype();
  if (!in.requireClass(x, classes) || !in.requireClass({to, {}}, classes))
    return false;
  if (itemSize(x.dtype) != itemSize(to))
    return in.failType(std::string("expected a dtype as wide as ") + dtypeName(x.dtype) + ", got " + dtypeName(to));
  return in.result(to, x.dims);
}

} // namespace mlxir
