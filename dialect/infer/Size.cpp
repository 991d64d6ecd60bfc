// Symbolic sizes: every expression is brought into one normal form, a sum of products with integer coefficients, so
// that sizes which are equal for all symbol values are, as far as polynomials can tell, the same word.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Size.h"

#include <algorithm>
#include <climits>
#include <map>

namespace mlxir {

//===----------------------------------------------------------------------===//
// Numbers: constants saturate instead of overflowing
//===----------------------------------------------------------------------===//

static int64_t clamp(__int128 v) {
  return static_cast<int64_t>(std::max<__int128>(-Size::kLimit, std::min<__int128>(Size::kLimit, v)));
}
static int64_t addNumbers(int64_t a, int64_t b) { return clamp(static_cast<__int128>(a) + b); }
static int64_t mulNumbers(int64_t a, int64_t b) { return clamp(static_cast<__int128>(a) * b); }

static int64_t floorDivNumbers(int64_t a, int64_t b) {
  if (b == 0)
    return 0;
  int64_t quotient = a / b;
  return quotient - ((a % b != 0) && ((a < 0) != (b < 0)));
}

static int64_t applyNumbers(SizeKind kind, int64_t a, int64_t b) {
  switch (kind) {
  case SizeKind::Add:
    return addNumbers(a, b);
  case SizeKind::Mul:
    return mulNumbers(a, b);
  case SizeKind::FloorDiv:
    return floorDivNumbers(a, b);
  case SizeKind::Mod:
    return b == 0 ? 0 : a - floorDivNumbers(a, b) * b;
  case SizeKind::Min:
    return std::min(a, b);
  case SizeKind::Max:
    return std::max(a, b);
  case SizeKind::Symbol:
    break;
  }
  return 0;
}

//===----------------------------------------------------------------------===//
// The normal form
//===----------------------------------------------------------------------===//

/// Negative, zero or positive. The order is one of structure, not of numbers in an arena: what is written must not
/// depend on what else the arena has seen. Symbols come first, then by kind.
static int compare(const SizeArena &arena, Size a, Size b) {
  if (a == b)
    return 0;
  if (a.isConstant() || b.isConstant())
    return a.isConstant() && b.isConstant() ? (a.value() < b.value() ? -1 : 1) : a.isConstant() ? 1 : -1;
  const SizeNode &x = arena.nodes()[a.id()], &y = arena.nodes()[b.id()];
  if (x.kind != y.kind)
    return x.kind < y.kind ? -1 : 1;
  if (x.kind == SizeKind::Symbol)
    return x.a.bits < y.a.bits ? -1 : 1;
  int first = compare(arena, x.a, y.a);
  return first ? first : compare(arena, x.b, y.b);
}

/// A sum of products. An atom is an expression that is neither a sum nor a product: a symbol, floordiv, mod, min, max.
class Polynomial {
public:
  using Monomial = std::vector<Size>; // sorted atoms; empty for the constant term

  explicit Polynomial(const SizeArena &arena) : terms(Before{&arena}) {}
  Polynomial(const SizeArena &arena, Size s) : Polynomial(arena) { addExpression(s, 1); }

  int64_t constant() const {
    auto it = terms.find({});
    return it == terms.end() ? 0 : it->second;
  }

  void add(const Polynomial &o, int64_t factor = 1) {
    for (auto &[monomial, coefficient] : o.terms)
      addTerm(monomial, mulNumbers(coefficient, factor));
  }

  Polynomial times(const Polynomial &o) const {
    Polynomial product(arena());
    for (auto &[a, ca] : terms)
      for (auto &[b, cb] : o.terms) {
        Monomial both;
        std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both), before());
        product.addTerm(both, mulNumbers(ca, cb));
      }
    return product;
  }

  /// The terms whose coefficient `divisor` divides, divided; they are taken out of this sum.
  Polynomial takeMultiplesOf(int64_t divisor) {
    Polynomial quotient(arena());
    for (auto it = terms.begin(); it != terms.end();) {
      if (it->second % divisor) {
        ++it;
        continue;
      }
      quotient.addTerm(it->first, it->second / divisor);
      it = terms.erase(it);
    }
    return quotient;
  }

  /// True if this is `divisor` times `quotient`, found by dividing leading terms.
  bool divideExactly(const Polynomial &divisor, Polynomial &quotient) const {
    Polynomial rest = *this;
    const auto &lead = *divisor.terms.begin();
    for (unsigned step = 0; !rest.terms.empty(); ++step) {
      const auto &top = *rest.terms.begin();
      Monomial factor;
      std::set_difference(top.first.begin(), top.first.end(), lead.first.begin(), lead.first.end(),
                          std::back_inserter(factor), before());
      if (step == kMaxTerms || factor.size() + lead.first.size() != top.first.size() || top.second % lead.second)
        return false;
      Polynomial term(arena());
      term.addTerm(factor, top.second / lead.second);
      quotient.add(term);
      rest.add(term.times(divisor), -1);
    }
    return true;
  }

  int64_t lowerBound() const {
    __int128 sum = 0;
    for (auto &[monomial, coefficient] : terms) {
      __int128 product = coefficient;
      for (Size atom : monomial) {
        int64_t bound = arena().lowerBound(atom);
        if (bound < 0 || coefficient < 0)
          return INT64_MIN;
        product = clamp(product * bound);
      }
      sum += product;
    }
    return clamp(sum);
  }

  /// The expression: `s0*4+1`. `into` is the arena of this polynomial.
  Size build(SizeArena &into) const {
    Size sum = Size::constant(0);
    for (auto &[monomial, coefficient] : terms) {
      Size term = monomial.empty() ? Size::constant(coefficient) : buildTerm(into, monomial, coefficient);
      sum = into.isKnown(sum, 0) ? term : into.intern(SizeKind::Add, sum, term);
    }
    return sum;
  }

  size_t size() const { return terms.size(); }
  /// A longer sum is not multiplied out.
  static constexpr size_t kMaxTerms = 32;

private:
  /// The order of atoms; the order of terms: those of more factors first, the constant last.
  struct Before {
    const SizeArena *arena;
    bool operator()(Size a, Size b) const { return compare(*arena, a, b) < 0; }
    bool operator()(const Monomial &a, const Monomial &b) const {
      if (a.size() != b.size())
        return a.size() > b.size();
      return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), *this);
    }
  };
  Before before() const { return terms.key_comp(); }
  const SizeArena &arena() const { return *before().arena; }

  static Size buildTerm(SizeArena &arena, const Monomial &monomial, int64_t coefficient) {
    Size product = monomial[0];
    for (size_t i = 1; i < monomial.size(); ++i)
      product = arena.intern(SizeKind::Mul, product, monomial[i]);
    return coefficient == 1 ? product : arena.intern(SizeKind::Mul, product, Size::constant(coefficient));
  }

  void addTerm(const Monomial &monomial, int64_t coefficient) {
    int64_t sum = addNumbers(terms[monomial], coefficient);
    if (sum == 0)
      terms.erase(monomial);
    else
      terms[monomial] = sum;
  }

  void addExpression(Size s, int64_t factor) {
    if (s.isConstant())
      return addTerm({}, mulNumbers(s.value(), factor));
    SizeNode node = arena().nodes()[s.id()];
    if (node.kind == SizeKind::Add) {
      addExpression(node.a, factor);
      addExpression(node.b, factor);
    } else if (node.kind == SizeKind::Mul && !isOpaque(node)) {
      add(Polynomial(arena(), node.a).times(Polynomial(arena(), node.b)), factor);
    } else {
      addTerm({s}, factor);
    }
  }

  /// A product of sums that was too long to multiply out stays an atom.
  bool isOpaque(const SizeNode &product) const {
    auto isSum = [&](Size s) { return !s.isConstant() && arena().nodes()[s.id()].kind == SizeKind::Add; };
    return isSum(product.a) || isSum(product.b);
  }

  std::map<Monomial, int64_t, Before> terms;
};

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

static uint64_t hashNode(const SizeNode &node) {
  uint64_t h = static_cast<uint64_t>(node.kind);
  for (uint64_t word : {static_cast<uint64_t>(node.a.bits), static_cast<uint64_t>(node.b.bits)})
    h = (h ^ word) * 0x9e3779b97f4a7c15ull, h ^= h >> 29;
  return h;
}

Size SizeArena::intern(SizeKind kind, Size a, Size b) {
  SizeNode node{kind, a, b};
  uint64_t hash = hashNode(node);
  auto range = index.equal_range(hash);
  for (auto it = range.first; it != range.second; ++it)
    if (exprs[it->second] == node)
      return Size::expr(it->second);
  uint32_t id = static_cast<uint32_t>(exprs.size());
  exprs.push_back(node);
  index.emplace(hash, id);
  return Size::expr(id);
}

Size SizeArena::internSorted(SizeKind kind, Size a, Size b) {
  return compare(*this, a, b) < 0 ? intern(kind, a, b) : intern(kind, b, a);
}

Size SizeArena::symbol(uint32_t number) { return intern(SizeKind::Symbol, Size{number}, Size{}); }

Size SizeArena::add(Size a, Size b) {
  if (a.isConstant() && b.isConstant())
    return Size::constant(addNumbers(a.value(), b.value()));
  Polynomial sum(*this, a);
  sum.add(Polynomial(*this, b));
  return sum.build(*this);
}

Size SizeArena::mul(Size a, Size b) {
  if (a.isConstant() && b.isConstant())
    return Size::constant(mulNumbers(a.value(), b.value()));
  Polynomial x(*this, a), y(*this, b);
  if (x.size() * y.size() > Polynomial::kMaxTerms)
    return internSorted(SizeKind::Mul, a, b);
  return x.times(y).build(*this);
}

Size SizeArena::floorDiv(Size a, Size b) {
  if (a.isConstant() && b.isConstant())
    return Size::constant(floorDivNumbers(a.value(), b.value()));
  if (isKnown(b, 1) || isKnown(a, 0))
    return a;
  Polynomial dividend(*this, a), quotient(*this);
  if (lowerBound(b) > 0 && dividend.divideExactly(Polynomial(*this, b), quotient))
    return quotient.build(*this);
  if (!b.isConstant() || b.value() <= 0)
    return intern(SizeKind::FloorDiv, a, b);
  // floor((k*q + r) / k) = q + floor(r / k)
  quotient = dividend.takeMultiplesOf(b.value());
  Size rest = dividend.build(*this);
  Size fraction = rest.isConstant() ? floorDiv(rest, b) : intern(SizeKind::FloorDiv, rest, b);
  return add(quotient.build(*this), fraction);
}

Size SizeArena::mod(Size a, Size b) {
  if (a.isConstant() && b.isConstant())
    return Size::constant(applyNumbers(SizeKind::Mod, a.value(), b.value()));
  if (isKnown(b, 1) || a == b)
    return Size::constant(0);
  Polynomial rest(*this, a), quotient(*this);
  if (lowerBound(b) > 0 && rest.divideExactly(Polynomial(*this, b), quotient))
    return Size::constant(0);
  if (b.isConstant() && b.value() > 0) {
    rest.takeMultiplesOf(b.value());
    a = rest.build(*this);
    if (a.isConstant())
      return mod(a, b);
  }
  return intern(SizeKind::Mod, a, b);
}

Size SizeArena::min(Size a, Size b) {
  if (lowerBound(sub(b, a)) >= 0)
    return a;
  if (lowerBound(sub(a, b)) >= 0)
    return b;
  return internSorted(SizeKind::Min, a, b);
}

Size SizeArena::max(Size a, Size b) {
  if (lowerBound(sub(b, a)) >= 0)
    return b;
  if (lowerBound(sub(a, b)) >= 0)
    return a;
  return internSorted(SizeKind::Max, a, b);
}

Size SizeArena::product(const Size *begin, const Size *end) {
  Size result = Size::constant(1);
  for (; begin != end; ++begin)
    result = mul(result, *begin);
  return result;
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

bool SizeArena::requireEqual(Size a, Size b) {
  if (a == b)
    return true;
  if (a.isConstant() && b.isConstant())
    return false;
  Size difference = sub(a, b);
  if (isKnown(difference, 0))
    return true;
  if (lowerBound(difference) > 0 || lowerBound(sub(b, a)) > 0)
    return false;
  int64_t x, y;
  if (sampleValue(a, x) && sampleValue(b, y) && x != y)
    return false;
  for (const SizeGuard &guard : assumed)
    if (guard.kind == SizeGuard::Equal && guard.a == a && guard.b == b)
      return true;
  assumed.push_back({SizeGuard::Equal, a, b});
  return true;
}

int64_t SizeArena::lowerBound(Size s) const {
  if (s.isConstant())
    return s.value();
  const SizeNode &node = exprs[s.id()];
  switch (node.kind) {
  case SizeKind::Symbol:
    return 2;
  case SizeKind::FloorDiv:
    return lowerBound(node.a) >= 0 && lowerBound(node.b) > 0 ? 0 : INT64_MIN;
  case SizeKind::Mod:
    return lowerBound(node.b) > 0 ? 0 : INT64_MIN;
  case SizeKind::Min:
    return std::min(lowerBound(node.a), lowerBound(node.b));
  case SizeKind::Max:
    return std::max(lowerBound(node.a), lowerBound(node.b));
  case SizeKind::Add:
    return Polynomial(*this, s).lowerBound();
  case SizeKind::Mul: {
    int64_t a = lowerBound(node.a), b = lowerBound(node.b);
    return a >= 0 && b >= 0 ? mulNumbers(a, b) : INT64_MIN;
  }
  }
  return INT64_MIN;
}

void SizeArena::evaluateAll(const int64_t *symbols, std::vector<int64_t> &values) const {
  values.resize(exprs.size());
  auto valueOf = [&](Size s) { return s.isConstant() ? s.value() : values[s.id()]; };
  for (size_t i = 0; i < exprs.size(); ++i) {
    const SizeNode &node = exprs[i];
    values[i] = node.kind == SizeKind::Symbol ? symbols[node.a.bits]
                                              : applyNumbers(node.kind, valueOf(node.a), valueOf(node.b));
  }
}

/// In the order in which expressions were made, so that neither depth nor sharing matters.
static bool tryEvaluate(const std::vector<SizeNode> &nodes, Size s, const int64_t *symbols, size_t numSymbols,
                        int64_t &value) {
  if (s.isConstant()) {
    value = s.value();
    return true;
  }
  std::vector<int64_t> values(s.id() + 1);
  std::vector<bool> known(s.id() + 1);
  auto valueOf = [&](Size o) { return o.isConstant() ? o.value() : values[o.id()]; };
  auto isKnown = [&](Size o) { return o.isConstant() || known[o.id()]; };
  for (size_t i = 0; i <= s.id(); ++i) {
    const SizeNode &node = nodes[i];
    if (node.kind == SizeKind::Symbol) {
      known[i] = static_cast<size_t>(node.a.bits) < numSymbols;
      values[i] = known[i] ? symbols[node.a.bits] : 0;
    } else {
      known[i] = isKnown(node.a) && isKnown(node.b);
      values[i] = applyNumbers(node.kind, valueOf(node.a), valueOf(node.b));
    }
  }
  value = values.back();
  return known.back();
}

int64_t SizeArena::evaluate(Size s, const int64_t *symbols) const {
  int64_t value = 0;
  tryEvaluate(exprs, s, symbols, SIZE_MAX, value);
  return value;
}

bool SizeArena::sampleValue(Size s, int64_t &value) const {
  return tryEvaluate(exprs, s, sample.data(), sample.size(), value);
}

//===----------------------------------------------------------------------===//
// Text and copies
//===----------------------------------------------------------------------===//

static std::string text(const SizeArena &arena, Size s, bool inProduct) {
  if (s.isConstant())
    return std::to_string(s.value());
  const SizeNode &node = arena.nodes()[s.id()];
  auto call = [&](const char *name) {
    return std::string(name) + "(" + text(arena, node.a, false) + ", " + text(arena, node.b, false) + ")";
  };
  switch (node.kind) {
  case SizeKind::Symbol:
    return "s" + std::to_string(node.a.bits);
  case SizeKind::Add: {
    std::string right = text(arena, node.b, false);
    std::string sum = text(arena, node.a, false) + (right[0] == '-' ? "" : "+") + right;
    return inProduct ? "(" + sum + ")" : sum;
  }
  case SizeKind::Mul: {
    if (node.b.isConstant() && node.b.value() == -1)
      return "-" + text(arena, node.a, true);
    return text(arena, node.a, true) + "*" + text(arena, node.b, true);
  }
  case SizeKind::FloorDiv:
    return call("floordiv");
  case SizeKind::Mod:
    return call("mod");
  case SizeKind::Min:
    return call("min");
  case SizeKind::Max:
    return call("max");
  }
  return "";
}

std::string SizeArena::str(Size s) const { return text(*this, s, false); }

SizeArena SizeArena::fromNodes(std::vector<SizeNode> nodes) {
  SizeArena arena;
  arena.exprs = std::move(nodes);
  for (uint32_t id = 0; id < arena.exprs.size(); ++id)
    arena.index.emplace(hashNode(arena.exprs[id]), id);
  return arena;
}

bool SizeArena::wellFormed(const std::vector<SizeNode> &nodes, uint32_t numSymbols) {
  std::vector<unsigned> depths;
  auto depthOf = [&](Size s) { return s.isConstant() ? 0 : depths[s.id()]; };
  auto isEarlier = [&](Size s) { return s.isConstant() || (s.bits > 0 && size_t(s.bits >> 1) < depths.size()); };
  for (const SizeNode &node : nodes) {
    unsigned depth = 0;
    if (node.kind == SizeKind::Symbol) {
      if (node.a.bits < 0 || node.a.bits >= static_cast<int64_t>(numSymbols))
        return false;
    } else {
      if (node.kind > SizeKind::Max || !isEarlier(node.a) || !isEarlier(node.b))
        return false;
      depth = std::max(depthOf(node.a), depthOf(node.b)) + 1;
    }
    if (depth > kMaxDepth)
      return false;
    depths.push_back(depth);
  }
  return true;
}

/// An expression of any kind but a symbol.
Size SizeArena::make(SizeKind kind, Size a, Size b) {
  switch (kind) {
  case SizeKind::Symbol:
    break;
  case SizeKind::Add:
    return add(a, b);
  case SizeKind::Mul:
    return mul(a, b);
  case SizeKind::FloorDiv:
    return floorDiv(a, b);
  case SizeKind::Mod:
    return mod(a, b);
  case SizeKind::Min:
    return min(a, b);
  case SizeKind::Max:
    return max(a, b);
  }
  return a;
}

void SizeArena::adopt(const SizeArena &other, std::vector<Size> &map) {
  std::vector<Size> symbols;
  for (const SizeNode &node : other.exprs)
    if (node.kind == SizeKind::Symbol)
      for (auto i = static_cast<int64_t>(symbols.size()); i <= node.a.bits; ++i)
        symbols.push_back(symbol(static_cast<uint32_t>(i)));
  adopt(other, symbols, map);
}

void SizeArena::adopt(const SizeArena &other, const std::vector<Size> &symbols, std::vector<Size> &map) {
  map.clear();
  for (const SizeNode &node : other.exprs)
    map.push_back(node.kind == SizeKind::Symbol ? symbols[static_cast<size_t>(node.a.bits)]
                                                : make(node.kind, mapped(node.a, map), mapped(node.b, map)));
}

Size SizeArena::substitute(Size s, const std::vector<Size> &symbols, std::unordered_map<uint32_t, Size> &done) {
  if (s.isConstant())
    return s;
  if (auto found = done.find(s.id()); found != done.end())
    return found->second;
  SizeNode node = exprs[s.id()]; // a copy: making expressions moves them
  Size made = node.kind == SizeKind::Symbol
                  ? symbols[static_cast<size_t>(node.a.bits)]
                  : make(node.kind, substitute(node.a, symbols, done), substitute(node.b, symbols, done));
  done[s.id()] = made;
  return made;
}

} // namespace mlxir
