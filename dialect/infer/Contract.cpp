// Inference of contractions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Infer.h"

namespace mlxir {

static std::vector<int64_t> concatenated(std::vector<int64_t> a, const std::vector<int64_t> &b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

static bool requireEqualDims(Inference &in, const char *what, const std::vector<int64_t> &lhs,
                             const std::vector<int64_t> &rhs) {
  const TensorType &x = in.operands[0], &y = in.operands[1];
  if (lhs.size() != rhs.size())
    return in.failValue(std::string("expected as many ") + what + " dims on both sides, got " + in.str(lhs) + " and " +
                        in.str(rhs));
  for (size_t i = 0; i < lhs.size(); ++i)
    if (!in.sizes.requireEqual(x.dims[lhs[i]], y.dims[rhs[i]]))
      return in.failValue(std::string("expected equal ") + what + " dims, got dim " + std::to_string(lhs[i]) + " of " +
                          in.str(x.dims) + " and dim " + std::to_string(rhs[i]) + " of " + in.str(y.dims));
  return true;
}

// (C1) one dtype on both sides, numbers; (C2) batch and contracting dims name dims of their operand, each once;
// (C3) paired dims are equal; the result has the batch dims, the free dims of lhs, the free dims of rhs
bool inferDotGeneral(Inference &in) {
  const TensorType &x = in.operands[0], &y = in.operands[1];
  std::vector<int64_t> lhsBatch = in.list(), rhsBatch = in.list();
  std::vector<int64_t> lhsContracting = in.list(), rhsContracting = in.list();
  std::vector<int64_t> lhsBound = concatenated(lhsBatch, lhsContracting);
  std::vector<int64_t> rhsBound = concatenated(rhsBatch, rhsContracting);
  if (!in.requireClass(x, kUnsigned | kSigned | kFloat) || !in.requireSameDType(x, y) ||
      !in.requireAxes(lhsBound, x.dims.size()) || !in.requireAxes(rhsBound, y.dims.size()) ||
      !requireEqualDims(in, "batch", lhsBatch, rhsBatch) ||
      !requireEqualDims(in, "contracting", lhsContracting, rhsContracting))
    return false;

  std::vector<Size> dims;
  for (int64_t axis : lhsBatch)
    dims.push_back(x.dims[axis]);
  auto addFreeDims = [&](const std::vector<Size> &all, const std::vector<int64_t> &bound) {
    for (size_t i = 0; i < all.size(); ++i) {
      bool isFree = true;
      for (int64_t axis : bound)
        isFree &= axis != static_cast<int64_t>(i);
      if (isFree)
        dims.push_back(all[i]);
    }
  };
  addFreeDims(x.dims, lhsBound);
  addFreeDims(y.dims, rhsBound);
  return in.result(x.dtype, dims);
}

} // namespace mlxir
