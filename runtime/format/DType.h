// Element types, their sizes and classes: shared by recorder, trace, Program and compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

namespace mlxir {

/// The numeric values are part of the trace and Program formats: append only.
enum class DType : uint8_t {
  Bool = 0,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Int8,
  Int16,
  Int32,
  Int64,
  Float16,
  BFloat16,
  Float32,
  Float64,
  Complex64,
};
inline constexpr unsigned kNumDTypes = 14;

/// The class picks an op's scalar body (D2): one small DAG per class.
enum class TypeClass : uint8_t { Bool, Unsigned, Signed, Float, Complex };

/// Bytes of one element in memory. Bool is stored as one byte (D9).
inline constexpr size_t itemSize(DType t) {
  constexpr uint8_t sizes[kNumDTypes] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 8};
  return sizes[static_cast<unsigned>(t)];
}

inline constexpr TypeClass typeClass(DType t) {
  if (t == DType::Bool)
    return TypeClass::Bool;
  if (t <= DType::UInt64)
    return TypeClass::Unsigned;
  if (t <= DType::Int64)
    return TypeClass::Signed;
  return t == DType::Complex64 ? TypeClass::Complex : TypeClass::Float;
}

inline constexpr bool isFloat(DType t) { return typeClass(t) == TypeClass::Float; }

/// NumPy's and MLX's name: "float32", "bool", ...
inline constexpr const char *dtypeName(DType t) {
  constexpr const char *names[kNumDTypes] = {"bool",     "uint8",   "uint16",  "uint32",   "uint64",
                                             "int8",     "int16",   "int32",   "int64",    "float16",
                                             "bfloat16", "float32", "float64", "complex64"};
  return names[static_cast<unsigned>(t)];
}

} // namespace mlxir
