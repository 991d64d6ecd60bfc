// SizeExpr: a size known now (a constant) or at run time (an expression over symbols). Shape inference is
// written once over Size, whether the recorder asks with numbers or the compiler with symbols (D5).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace mlxir {

/// One word. Even: the constant `bits / 2`. Odd: the expression number `bits / 2` of a SizeArena.
struct Size {
  int64_t bits = 0;

  static constexpr int64_t kLimit = (int64_t(1) << 62) - 1; // of a constant's magnitude; arithmetic saturates here

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
  /// equality is recorded as a guard and true is returned. Without a sample, whatever may be equal is assumed to be.
  bool requireEqual(Size a, Size b);
  bool isKnown(Size s, int64_t value) const { return s.isConstant() && s.value() == value; }

  /// The sizes that the first caller had: they decide questions that inference must answer (and guard).
  void setSample(std::vector<int64_t> values) { sample = std::move(values); }
  int64_t evaluate(Size s, const int64_t *symbols) const;
  /// Values of all expressions at once, by number: what a launch needs.
  void evaluateAll(const int64_t *symbols, std::vector<int64_t> &values) const;
  /// Value of `s` for the sample; false if a symbol of it has none.
  bool sampleValue(Size s, int64_t &value) const;
  /// A lower bound that holds for all symbol values (>= 2), or INT64_MIN.
  int64_t lowerBound(Size s) const;

  const std::vector<SizeNode> &nodes() const { return exprs; }
  const std::vector<SizeGuard> &guards() const { return assumed; }
  /// Forgets the guards from number `count` on: what a verifier assumes is nobody's business.
  void truncateGuards(size_t count) { assumed.resize(count); }
  std::vector<SizeGuard> takeGuards() { return std::move(assumed); }
  std::string str(Size s) const;

  /// Rebuilds an arena read from a trace or a Program, numbers unchanged.
  static SizeArena fromNodes(std::vector<SizeNode> nodes);
  /// What a reader must ask before that: operands are earlier nodes, symbols are below `numSymbols`, no node is
  /// nested deeper than kMaxDepth.
  static bool wellFormed(const std::vector<SizeNode> &nodes, uint32_t numSymbols);
  static constexpr unsigned kMaxDepth = 200;
  /// Makes every expression of `other` here; `map[id]` is what its expression `id` is called here.
  void adopt(const SizeArena &other, std::vector<Size> &map);
  /// The same, with `symbols[i]`, a size of this arena, in place of the other's symbol i.
  void adopt(const SizeArena &other, const std::vector<Size> &symbols, std::vector<Size> &map);
  /// `s` with `symbols[i]` in place of symbol i. `done` remembers what was made, for further calls.
  Size substitute(Size s, const std::vector<Size> &symbols, std::unordered_map<uint32_t, Size> &done);
  static Size mapped(Size s, const std::vector<Size> &map) { return s.isConstant() ? s : map[s.id()]; }

private:
  friend class Polynomial;
  Size intern(SizeKind kind, Size a, Size b);
  Size make(SizeKind kind, Size a, Size b);
  Size internSorted(SizeKind kind, Size a, Size b); // for kinds whose operands may be swapped
  std::vector<SizeNode> exprs;
  std::unordered_multimap<uint64_t, uint32_t> index; // by hash of the node
  std::vector<SizeGuard> assumed;
  std::vector<int64_t> sample;
};

} // namespace mlxir
