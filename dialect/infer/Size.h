// SizeExpr: a size known now (a constant) or at run time (an expression over symbols). Shape inference is
// written once over Size, whether the recorder asks with numbers or the compiler with symbols (D5).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mlxir {

/// One word. Even: the constant `bits / 2`. Odd: the expression number `bits / 2` of a SizeArena.
struct Size {
  int64_t bits = 0;

  static Size constant(int64_t value) { return {value * 2}; }
  static Size expr(uint32_t id) { return {static_cast<int64_t>(id) * 2 + 1}; }
  bool isConstant() const { return (bits & 1) == 0; }
  int64_t value() const { return bits >> 1; } // of a constant
  uint32_t id() const { return static_cast<uint32_t>(bits >> 1); }
  bool operator==(Size o) const { return bits == o.bits; }
  bool operator!=(Size o) const { return bits != o.bits; }
};

enum class SizeKind : uint8_t { Symbol, Add, Mul, FloorDiv, Mod, Min, Max };

/// An interior node of an expression; for Symbol, `a.bits` is the symbol's number.
struct SizeNode {
  SizeKind kind;
  Size a, b;
  bool operator==(const SizeNode &o) const { return kind == o.kind && a == o.a && b == o.b; }
};

/// A guard says what a Program's code relies on; lookup evaluates it (D5).
struct SizeGuard {
  enum Kind : uint8_t { Equal, AtLeast, DivisibleBy } kind;
  Size a, b;
};

/// Owns expressions (hash-consed, simplified as they are made) and collects the guards that inference assumed.
/// Symbols stand for sizes >= 2: which dims are 0 or 1 belongs to the structure.
class SizeArena {
public:
  Size symbol(uint32_t index);
  Size add(Size a, Size b);
  Size sub(Size a, Size b) { return add(a, mul(b, Size::constant(-1))); }
  Size mul(Size a, Size b);
  Size floorDiv(Size a, Size b);
  Size mod(Size a, Size b);
  Size min(Size a, Size b);
  Size max(Size a, Size b);
  Size product(const Size *begin, const Size *end);

  /// True if equal for all symbol values. If they can differ but are equal for the sample (see setSample) the
  /// equality is recorded as a guard and true is returned.
  bool requireEqual(Size a, Size b);
  bool isKnown(Size s, int64_t value) const { return s.isConstant() && s.value() == value; }

  /// The sizes that the first caller had: they decide questions that inference must answer (and guard).
  void setSample(std::vector<int64_t> values) { sample = std::move(values); }
  int64_t evaluate(Size s, const int64_t *symbols) const;
  int64_t sampleValue(Size s) const { return evaluate(s, sample.data()); }

  const std::vector<SizeNode> &nodes() const { return exprs; }
  const std::vector<SizeGuard> &guards() const { return assumed; }
  std::string str(Size s) const;

  /// Rebuilds an arena read from a trace or a Program; `nodes` only refer to earlier nodes (checked by the reader).
  static SizeArena fromNodes(std::vector<SizeNode> nodes);

private:
  Size intern(SizeKind kind, Size a, Size b);
  std::vector<SizeNode> exprs;
  std::vector<SizeGuard> assumed;
  std::vector<int64_t> sample;
};

} // namespace mlxir
