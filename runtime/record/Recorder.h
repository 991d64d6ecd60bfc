// Recording: the only way to make a value from values. Each call infers types, raises errors at the user's line, and
// adds nodes; nothing is computed. Recorder state (location, function, scopes) belongs to the thread.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/OpTable.h"
#include "runtime/record/Scalar.h"
#include "runtime/support/Error.h"

#include <string>

namespace mlxir {

/// The op table of this library, by id.
MLXIR_API const OpInfo &opInfo(Op op);
MLXIR_API const OpInfo *findOpInfo(const char *name);
MLXIR_API unsigned opCount();

/// Location id for the nodes recorded from now on, by this thread.
MLXIR_API void setLocation(uint32_t location);
MLXIR_API uint32_t currentLocation();

/// The public function that errors name while this object lives; the outermost wins, so that `mean` is not blamed on
/// `sum`. Null: errors name the op.
class MLXIR_API FunctionName {
public:
  explicit FunctionName(const char *name);
  ~FunctionName();
  FunctionName(const FunctionName &) = delete;
  FunctionName &operator=(const FunctionName &) = delete;

private:
  const char *previous;
};
MLXIR_API const char *currentFunction(); // "" if none
/// Raises Error with the current function and location.
[[noreturn]] MLXIR_API void raise(ErrorKind kind, std::string text);

/// Attribute words of an op in schema order.
class MLXIR_API Attrs {
public:
  Attrs &integer(int64_t v) { return push(v); }
  Attrs &boolean(bool v) { return push(v); }
  MLXIR_API Attrs &real(double v);
  Attrs &dtype(DType v) { return push(static_cast<int64_t>(v)); }
  Attrs &size(int64_t v) { return push(Size::constant(v).bits); }
  MLXIR_API Attrs &integers(Span<const int64_t> list);
  MLXIR_API Attrs &sizes(Span<const int64_t> list);
  operator Span<const int64_t>() const { return {data(), count}; }

private:
  static constexpr unsigned kInline = 24;
  const int64_t *data() const { return more.empty() ? few : more.data(); }
  Attrs &push(int64_t word) {
    if (count < kInline && more.empty())
      few[count] = word;
    else
      spill(word);
    ++count;
    return *this;
  }
  void spill(int64_t word);
  int64_t few[kInline];
  std::vector<int64_t> more;
  unsigned count = 0;
};

/// Records an op on operands that already have the types it wants. The value is its first result; the others are
/// Value(node, i). Raises what inference says.
MLXIR_API Value record(Op op, Span<const Value> operands, Span<const int64_t> attrs = {});
/// The same for a region op, whose results are what the region yields. `regions[0]` is the body; more are rules.
MLXIR_API Value recordRegion(Op op, Span<const Value> operands, Span<const int64_t> attrs,
                             Span<const RegionRef> regions);

/// The public form: converts operands by the op's promotion rule, numbers to literals or constants (D6), broadcasts
/// operands of elementwise ops, then records.
MLXIR_API Value apply(Op op, Span<const Operand> operands, Span<const int64_t> attrs = {});

/// A number as a rank-0 value of `dtype`: a run-time literal, or a constant node for 0, ±1, 2 and 0.5.
MLXIR_API Value literal(const Scalar &scalar, DType dtype);
/// A run-time number that promotes weakly: a Python number given to a jitted function.
MLXIR_API Value weakLiteral(const Scalar &scalar);
MLXIR_API Value constant(DType dtype, uint64_t bits);
/// Explicit conversions, nothing if there is nothing to do.
MLXIR_API Value cast(const Value &value, DType dtype);
MLXIR_API Value broadcastTo(const Value &value, Span<const int64_t> dims);
/// Raises Error(Value) "... cannot be broadcast" if the shapes do not fit.
MLXIR_API std::vector<int64_t> broadcastShapes(Span<const Span<const int64_t>> shapes);
/// A value of `dtype` and `dims` filled with `scalar`.
MLXIR_API Value fill(const Scalar &scalar, DType dtype, Span<const int64_t> dims);

/// Operands converted and (if `broadcast`) broadcast together, as `apply` does before it records.
MLXIR_API std::vector<Value> promote(Span<const Operand> operands, Promotion promotion, bool broadcast);

} // namespace mlxir
