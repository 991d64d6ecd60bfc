// The inference functions, one per family of ops, and what they are written with. The op records name them; the
// generated op table points to them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/OpTable.h"

namespace mlxir {

/// A set of type classes: those for which an op has a scalar body.
enum Classes : unsigned {
  kBool = 1u << static_cast<unsigned>(TypeClass::Bool),
  kUnsigned = 1u << static_cast<unsigned>(TypeClass::Unsigned),
  kSigned = 1u << static_cast<unsigned>(TypeClass::Signed),
  kFloat = 1u << static_cast<unsigned>(TypeClass::Float),
  kComplex = 1u << static_cast<unsigned>(TypeClass::Complex),
};

/// What an inference function is given, and the words in which it answers. Attributes are read in schema order.
class Inference {
public:
  Inference(SizeArena &sizes, const std::vector<TensorType> &operands, const std::vector<int64_t> &attrs,
            std::vector<TensorType> &results, InferError &error)
      : sizes(sizes), operands(operands), attrs(attrs), results(results), error(error) {}

  SizeArena &sizes;
  const std::vector<TensorType> &operands;

  int64_t word() { return attrs[next++]; }
  DType dtype() { return static_cast<DType>(word()); }
  Size size() { return Size{word()}; }
  std::vector<int64_t> list();
  std::vector<Size> sizeList();

  bool result(DType dtype, std::vector<Size> dims) {
    results.push_back({dtype, std::move(dims)});
    return true;
  }
  bool fail(InferError::Kind kind, std::string text);
  bool failValue(std::string text) { return fail(InferError::Value, std::move(text)); }
  bool failType(std::string text) { return fail(InferError::Type, std::move(text)); }

  // Conditions that many families share. False: the error is set.
  bool requireClass(const TensorType &type, unsigned classes);
  bool requireSameDType(const TensorType &a, const TensorType &b);
  bool requireSameDims(const TensorType &a, const TensorType &b);
  /// `axis` is one of `rank` dims; negative axes are the caller's affair.
  bool requireAxis(int64_t axis, size_t rank);
  bool requireAxes(const std::vector<int64_t> &axes, size_t rank);
  bool requireCount(const char *what, size_t got, size_t expected);

  std::string str(const std::vector<Size> &dims) const; // "(2, s0)"
  std::string str(const std::vector<int64_t> &list) const;

private:
  const std::vector<int64_t> &attrs;
  size_t next = 0;
  std::vector<TensorType> &results;
  InferError &error;
};

/// The table holds plain functions; families are written against Inference.
template <auto Family>
bool inferWith(SizeArena &sizes, const std::vector<TensorType> &operands, const std::vector<int64_t> &attrs,
               std::vector<TensorType> &results, InferError &error) {
  Inference inference(sizes, operands, attrs, results, error);
  return Family(inference);
}

// Elementwise.cpp: all shapes equal. The mask says which type classes the op is defined for.
bool inferElementwise(Inference &in, unsigned classes);
bool inferCompare(Inference &in, unsigned classes);
bool inferSelect(Inference &in, unsigned classes);
bool inferCast(Inference &in, unsigned classes);
bool inferBitcast(Inference &in, unsigned classes);

// Shape.cpp
bool inferIota(Inference &in);
bool inferBroadcast(Inference &in);
bool inferTranspose(Inference &in);
bool inferSlice(Inference &in);
bool inferReshape(Inference &in);
bool inferConcatenate(Inference &in);
bool inferPad(Inference &in);
bool inferSliceUpdate(Inference &in);

// Reduce.cpp
bool inferReduce(Inference &in, unsigned classes);
bool inferArgReduce(Inference &in, unsigned classes);

// Index.cpp
bool inferGather(Inference &in);
bool inferTakeAlongAxis(Inference &in);
bool inferScatter(Inference &in);

// Contract.cpp
bool inferDotGeneral(Inference &in);

// Structural.cpp
bool inferConstant(Inference &in);

/// A family with its mask bound, as the table wants it.
template <bool (*Family)(Inference &, unsigned), unsigned classes> bool withClasses(Inference &in) {
  return Family(in, classes);
}

} // namespace mlxir
