// What the inference functions of all families share: reading attribute words, and conditions with their errors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Infer.h"

namespace mlxir {

std::vector<int64_t> Inference::list() {
  std::vector<int64_t> values(static_cast<size_t>(word()));
  for (int64_t &value : values)
    value = word();
  return values;
}

std::vector<Size> Inference::sizeList() {
  std::vector<Size> values(static_cast<size_t>(word()));
  for (Size &value : values)
    value = size();
  return values;
}

bool Inference::fail(InferError::Kind kind, std::string text) {
  error.kind = kind;
  error.text = std::move(text);
  return false;
}

static std::string describe(unsigned classes) {
  struct {
    unsigned mask;
    const char *name;
  } const names[] = {{kBool, "bool"},
                     {kUnsigned | kSigned, "integer"},
                     {kUnsigned, "unsigned integer"},
                     {kSigned, "signed integer"},
                     {kFloat, "floating-point"},
                     {kComplex, "complex"}};
  std::string text;
  for (auto &[mask, name] : names)
    if ((classes & mask) == mask) {
      text += (text.empty() ? "" : " or ") + std::string(name);
      classes &= ~mask;
    }
  return text;
}

bool Inference::requireClass(const TensorType &type, unsigned classes) {
  if (classes >> static_cast<unsigned>(typeClass(type.dtype)) & 1)
    return true;
  return failType("expected " + describe(classes) + " elements, got " + dtypeName(type.dtype));
}

bool Inference::requireSameDType(const TensorType &a, const TensorType &b) {
  if (a.dtype == b.dtype)
    return true;
  return failType(std::string("expected operands of one dtype, got ") + dtypeName(a.dtype) + " and " +
                  dtypeName(b.dtype));
}

bool Inference::requireSameDims(const TensorType &a, const TensorType &b) {
  bool same = a.dims.size() == b.dims.size();
  for (size_t i = 0; same && i < a.dims.size(); ++i)
    same = sizes.requireEqual(a.dims[i], b.dims[i]);
  return same || failValue("expected operands of one shape, got " + str(a.dims) + " and " + str(b.dims));
}

bool Inference::requireAxis(int64_t axis, size_t rank) {
  if (axis >= 0 && axis < static_cast<int64_t>(rank))
    return true;
  return fail(InferError::Index,
              "expected an axis of an array with " + std::to_string(rank) + " dimensions, got " + std::to_string(axis));
}

bool Inference::requireAxes(const std::vector<int64_t> &axes, size_t rank) {
  std::vector<bool> seen(rank);
  for (int64_t axis : axes) {
    if (!requireAxis(axis, rank))
      return false;
    if (seen[axis])
      return failValue("expected each axis once, got " + str(axes));
    seen[axis] = true;
  }
  return true;
}

bool Inference::requireCount(const char *what, size_t got, size_t expected) {
  if (got == expected)
    return true;
  return failValue("expected " + std::to_string(expected) + " " + what + ", got " + std::to_string(got));
}

template <typename T, typename F> static std::string join(const std::vector<T> &list, F print) {
  std::string text = "(";
  for (size_t i = 0; i < list.size(); ++i)
    text += (i ? ", " : "") + print(list[i]);
  return text + (list.size() == 1 ? ",)" : ")");
}

std::string Inference::str(const std::vector<Size> &dims) const {
  return join(dims, [&](Size s) { return sizes.str(s); });
}

std::string Inference::str(const std::vector<int64_t> &list) const {
  return join(list, [](int64_t v) { return std::to_string(v); });
}

} // namespace mlxir
