// A Python number on its way into an op, and MLX's promotion rules.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/Node.h"

namespace mlxir {

/// A Python bool, int or float. Ints beyond 64 bits are refused by whoever parses them.
struct Scalar {
  enum Kind : uint8_t { Bool, Int, UInt, Float } kind = Int; // UInt: >= 2^63
  union {
    int64_t i;
    uint64_t u;
    double f;
  };

  static Scalar of(bool v) { return make(Bool, v); }
  static Scalar of(int64_t v) { return make(Int, v); }
  static Scalar of(int v) { return make(Int, v); }
  static Scalar of(uint64_t v) { return make(v >> 63 ? UInt : Int, static_cast<int64_t>(v)); }
  static Scalar of(double v) {
    Scalar s;
    s.kind = Float;
    s.f = v;
    return s;
  }

private:
  static Scalar make(Kind kind, int64_t v) {
    Scalar s;
    s.kind = kind;
    s.i = v;
    return s;
  }
};

/// An operand of a public function: a value, or a number that takes its dtype from the others.
struct Operand {
  Value value; // null: `scalar`
  Scalar scalar = Scalar::of(0);
  bool adapts = false; // an array of another library: beside arrays it promotes as a number of its kind does
  Operand(Value v) : value(std::move(v)) {}
  Operand(Scalar s) : scalar(s) {}
};

/// What two arrays become together.
MLXIR_API DType promoteTypes(DType a, DType b);
/// dtype of a number alone: bool, int32 (int64, uint64 if it needs to be), float32.
MLXIR_API DType scalarType(const Scalar &scalar);
/// What an array of type `array` and a number become together.
MLXIR_API DType promoteScalar(DType array, const Scalar &scalar);
/// The common type of operands; all weak: the type that the widest number has alone. Operands that adapt count as
/// arrays where there are no others.
MLXIR_API DType resultType(Span<const Operand> operands);
/// Integers and bool become float32.
MLXIR_API DType inexactType(DType dtype);

/// The bits of `scalar` in `dtype`, in the low bytes. Raises Error(Value) if an integer does not fit (`i8 + 300`).
MLXIR_API uint64_t scalarBits(const Scalar &scalar, DType dtype);

} // namespace mlxir
