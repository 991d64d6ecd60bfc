// Promotion and the conversion of Python numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Scalar.h"

#include "runtime/record/Recorder.h"
#include "runtime/support/Half.h"

#include <cmath>
#include <cstring>
#include <string>

namespace mlxir {
namespace {

constexpr DType promotionTable[kNumDTypes][kNumDTypes] = {
#define T(n) static_cast<DType>(n)
#define ROW(a, b, c, d, e, f, g, h, i, j, k, l, m, n)                                                                  \
  {T(a), T(b), T(c), T(d), T(e), T(f), T(g), T(h), T(i), T(j), T(k), T(l), T(m), T(n)}
    // Columns as rows: bool, u8..u64, i8..i64, f16, bf16, f32, f64, c64.
    ROW(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
    ROW(1, 1, 2, 3, 4, 6, 6, 7, 8, 9, 10, 11, 12, 13),
    ROW(2, 2, 2, 3, 4, 7, 7, 7, 8, 9, 10, 11, 12, 13),
    ROW(3, 3, 3, 3, 4, 8, 8, 8, 8, 9, 10, 11, 12, 13),
    ROW(4, 4, 4, 4, 4, 11, 11, 11, 11, 9, 10, 11, 12, 13),
    ROW(5, 6, 7, 8, 11, 5, 6, 7, 8, 9, 10, 11, 12, 13),
    ROW(6, 6, 7, 8, 11, 6, 6, 7, 8, 9, 10, 11, 12, 13),
    ROW(7, 7, 7, 8, 11, 7, 7, 7, 8, 9, 10, 11, 12, 13),
    ROW(8, 8, 8, 8, 11, 8, 8, 8, 8, 9, 10, 11, 12, 13),
    ROW(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 11, 11, 12, 13),
    ROW(10, 10, 10, 10, 10, 10, 10, 10, 10, 11, 10, 11, 12, 13),
    ROW(11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 12, 13),
    ROW(12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 13),
    ROW(13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13),
#undef ROW
#undef T
};

bool isInexact(DType t) { return typeClass(t) == TypeClass::Float || typeClass(t) == TypeClass::Complex; }

double asDouble(const Scalar &s) {
  switch (s.kind) {
  case Scalar::Float:
    return s.f;
  case Scalar::UInt:
    return static_cast<double>(s.u);
  default:
    return static_cast<double>(s.i);
  }
}

/// Value range of an integer type.
bool fits(const Scalar &s, DType dtype) {
  unsigned bits = static_cast<unsigned>(itemSize(dtype)) * 8;
  if (typeClass(dtype) == TypeClass::Unsigned) {
    if (s.kind == Scalar::UInt)
      return bits == 64;
    return s.i >= 0 && (bits == 64 || (s.i >> bits) == 0);
  }
  if (s.kind == Scalar::UInt)
    return false;
  int64_t limit = bits == 64 ? INT64_MAX : (int64_t(1) << (bits - 1)) - 1;
  return s.i <= limit && s.i >= -limit - 1;
}

std::string text(const Scalar &s) {
  if (s.kind == Scalar::UInt)
    return std::to_string(s.u);
  return std::to_string(s.i);
}

uint64_t mask(uint64_t value, DType dtype) {
  size_t size = itemSize(dtype);
  return size == 8 ? value : value & ((uint64_t(1) << (size * 8)) - 1);
}

uint64_t integerBits(const Scalar &scalar, DType dtype) {
  Scalar s = scalar;
  if (s.kind == Scalar::Float) {
    // Truncates; what no integer can hold becomes 0.
    bool inRange = s.f > -9223372036854775808.0 && s.f < 9223372036854775808.0;
    return mask(inRange ? static_cast<uint64_t>(static_cast<int64_t>(s.f)) : 0, dtype);
  }
  if (!fits(s, dtype))
    raise(ErrorKind::Value, std::string("expected an integer that ") + dtypeName(dtype) + " can hold, got " + text(s));
  return mask(s.u, dtype);
}

} // namespace

DType promoteTypes(DType a, DType b) { return promotionTable[static_cast<unsigned>(a)][static_cast<unsigned>(b)]; }

DType scalarType(const Scalar &scalar) {
  switch (scalar.kind) {
  case Scalar::Bool:
    return DType::Bool;
  case Scalar::Float:
    return DType::Float32;
  case Scalar::UInt:
    return DType::UInt64;
  case Scalar::Int:
    break;
  }
  return fits(scalar, DType::Int32) ? DType::Int32 : DType::Int64;
}

DType promoteScalar(DType array, const Scalar &scalar) {
  switch (scalar.kind) {
  case Scalar::Bool:
    return array;
  case Scalar::Float:
    return isInexact(array) ? array : DType::Float32;
  case Scalar::Int:
  case Scalar::UInt:
    break;
  }
  return array == DType::Bool ? scalarType(scalar) : array;
}

namespace {

/// A weak value joins like the Python number that it stands for.
DType joinWeak(DType array, DType weak) {
  if (isInexact(weak))
    return isInexact(array) ? array : DType::Float32;
  if (weak == DType::Bool)
    return array;
  return array == DType::Bool ? weak : array;
}

/// Python numbers among themselves: bool < int < float.
DType joinWeakest(DType a, DType b) {
  if (isInexact(a) || isInexact(b))
    return DType::Float32;
  if (a == DType::Bool || b == DType::Bool)
    return a == DType::Bool ? b : a;
  return promoteTypes(a, b);
}

/// Joins the types of the arrays among `operands`. False if there are none.
bool joinArrays(Span<const Operand> operands, bool adapting, DType &type) {
  bool any = false;
  for (const Operand &o : operands)
    if (o.value && !o.value.isWeak() && o.adapts == adapting) {
      type = any ? promoteTypes(type, o.value.dtype()) : o.value.dtype();
      any = true;
    }
  return any;
}

} // namespace

DType resultType(Span<const Operand> operands) {
  DType type = DType::Bool;
  bool adapt = joinArrays(operands, false, type);
  bool anyArray = adapt || joinArrays(operands, true, type);
  for (const Operand &o : operands) {
    if (o.value && !o.value.isWeak() && !(adapt && o.adapts))
      continue;
    if (anyArray)
      type = o.value ? joinWeak(type, o.value.dtype()) : promoteScalar(type, o.scalar);
    else
      type = joinWeakest(type, o.value ? o.value.dtype() : scalarType(o.scalar));
  }
  return type;
}

DType inexactType(DType dtype) { return isInexact(dtype) ? dtype : DType::Float32; }

uint64_t scalarBits(const Scalar &scalar, DType dtype) {
  switch (typeClass(dtype)) {
  case TypeClass::Bool:
    return asDouble(scalar) != 0;
  case TypeClass::Unsigned:
  case TypeClass::Signed:
    return integerBits(scalar, dtype);
  case TypeClass::Complex:
    return floatBits(static_cast<float>(asDouble(scalar)));
  case TypeClass::Float:
    break;
  }
  double value = asDouble(scalar);
  if (dtype == DType::Float64) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
  }
  float single = static_cast<float>(value);
  if (dtype == DType::Float16)
    return toFloat16(single);
  if (dtype == DType::BFloat16)
    return toBFloat16(single);
  return floatBits(single);
}

} // namespace mlxir
