// Matching leaves with patterns, and generalising patterns.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/Structure.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace mlxir {
namespace {

constexpr int64_t kUnbound = INT64_MIN;

/// Numbers symbols by first use, so that equal partitions are equal patterns.
class SymbolGroups {
public:
  int64_t symbol(std::pair<int64_t, int64_t> group) {
    auto [it, isNew] = numbers.try_emplace(group, static_cast<int64_t>(numbers.size()));
    return patternSymbol(it->second);
  }

private:
  std::map<std::pair<int64_t, int64_t>, int64_t> numbers;
};

std::vector<int64_t> sampleOf(const LeafPattern &pattern, const std::vector<int64_t> &leaves) {
  std::vector<int64_t> sample;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (!isPatternSymbol(pattern[i]))
      continue;
    auto number = static_cast<size_t>(pattern[i] >> 1);
    if (number >= sample.size())
      sample.resize(number + 1);
    sample[number] = leaves[i];
  }
  return sample;
}

/// What equality guards between symbols, or a symbol and a constant, say of the pattern itself.
class Unifier {
public:
  explicit Unifier(size_t count) : parent(count), fixed(count, kUnbound) { std::iota(parent.begin(), parent.end(), 0); }

  /// Returns true if a guard could be moved into the pattern.
  bool absorb(const Trace &trace) {
    bool changed = false;
    for (const SizeGuard &g : trace.guards) {
      if (g.kind != SizeGuard::Equal)
        continue;
      int64_t a = symbolNumber(trace.sizes, g.a), b = symbolNumber(trace.sizes, g.b);
      if (a >= 0 && b >= 0)
        changed |= join(root(size_t(a)), root(size_t(b)));
      else if (a >= 0 && g.b.isConstant())
        changed |= fix(root(size_t(a)), g.b.value());
      else if (b >= 0 && g.a.isConstant())
        changed |= fix(root(size_t(b)), g.a.value());
    }
    return changed;
  }

  void apply(LeafPattern &pattern) {
    SymbolGroups groups;
    for (int64_t &word : pattern) {
      if (!isPatternSymbol(word))
        continue;
      size_t r = root(static_cast<size_t>(word >> 1));
      word = fixed[r] != kUnbound ? patternConstant(fixed[r]) : groups.symbol({static_cast<int64_t>(r), 0});
    }
  }

private:
  static int64_t symbolNumber(const SizeArena &sizes, Size s) {
    if (s.isConstant() || sizes.nodes()[s.id()].kind != SizeKind::Symbol)
      return -1;
    return sizes.nodes()[s.id()].a.bits;
  }
  size_t root(size_t i) {
    while (parent[i] != i)
      i = parent[i] = parent[parent[i]];
    return i;
  }
  bool join(size_t a, size_t b) {
    if (a == b)
      return false;
    parent[std::max(a, b)] = std::min(a, b);
    if (fixed[std::max(a, b)] != kUnbound)
      fixed[std::min(a, b)] = fixed[std::max(a, b)];
    return true;
  }
  bool fix(size_t a, int64_t value) { return std::exchange(fixed[a], value) != value; }

  std::vector<size_t> parent;
  std::vector<int64_t> fixed;
};

LeafPattern constantPattern(const std::vector<int64_t> &leaves) {
  LeafPattern pattern;
  for (int64_t leaf : leaves)
    pattern.push_back(patternConstant(leaf));
  return pattern;
}

} // namespace

bool guardsHold(const SizeArena &sizes, const std::vector<SizeGuard> &guards, const std::vector<int64_t> &symbols) {
  if (guards.empty())
    return true;
  std::vector<int64_t> values;
  sizes.evaluateAll(symbols.data(), values);
  auto valueOf = [&](Size s) { return s.isConstant() ? s.value() : values[s.id()]; };
  for (const SizeGuard &g : guards) {
    int64_t a = valueOf(g.a), b = valueOf(g.b);
    bool holds = g.kind == SizeGuard::Equal ? a == b : g.kind == SizeGuard::AtLeast ? a >= b : b != 0 && a % b == 0;
    if (!holds)
      return false;
  }
  return true;
}

bool CacheEntry::load(bool isProgram, std::string &error) {
  if (!isProgram) {
    trace = readTrace(flat.data(), flat.size(), error);
    return trace && trace->numSymbols <= sample.size();
  }
  std::unique_ptr<Program> program = readProgram(flat.data(), flat.size(), error);
  if (!program)
    return false;
  if (program->numSymbols != sample.size()) {
    error = "expected a Program of " + std::to_string(sample.size()) + " symbols, got " +
            std::to_string(program->numSymbols);
    return false;
  }
  executable = Executable::load(std::move(program));
  return true;
}

bool CacheEntry::matches(const std::vector<int64_t> &leaves, std::vector<int64_t> &symbols) const {
  if (leaves.size() != pattern.size())
    return false;
  symbols.assign(sample.size(), kUnbound);
  for (size_t i = 0; i < leaves.size(); ++i) {
    int64_t word = pattern[i], leaf = leaves[i];
    if (!isPatternSymbol(word)) {
      if (word != patternConstant(leaf))
        return false;
      continue;
    }
    int64_t &bound = symbols[static_cast<size_t>(word >> 1)];
    if (bound == kUnbound)
      bound = leaf;
    else if (bound != leaf)
      return false;
  }
  if (!guardsHold(guardSizes, guards, symbols))
    return false;
  if (executable)
    return guardsHold(executable->program().sizes, executable->program().guards, symbols);
  return !trace || guardsHold(trace->sizes, trace->guards, symbols);
}

size_t CacheEntry::countMismatches(const std::vector<int64_t> &leaves) const {
  std::vector<int64_t> bound(sample.size(), kUnbound);
  size_t count = 0;
  for (size_t i = 0; i < leaves.size(); ++i) {
    int64_t word = pattern[i];
    if (!isPatternSymbol(word)) {
      count += word != patternConstant(leaves[i]);
      continue;
    }
    int64_t &value = bound[static_cast<size_t>(word >> 1)];
    if (value == kUnbound)
      value = leaves[i];
    count += value != leaves[i];
  }
  return count;
}

CacheEntryRef Structure::find(const std::vector<int64_t> &leaves, std::vector<int64_t> &symbols) {
  for (size_t i = 0; i < entries.size(); ++i)
    if (entries[i]->matches(leaves, symbols)) {
      std::swap(entries[0], entries[i]);
      return entries[0];
    }
  return nullptr;
}

LeafPattern freePattern(const std::vector<int64_t> &leaves) {
  LeafPattern pattern;
  int64_t next = 0;
  for (int64_t leaf : leaves)
    pattern.push_back(leaf < 2 ? patternConstant(leaf) : patternSymbol(next++));
  return pattern;
}

LeafPattern nextPattern(const std::vector<CacheEntryRef> &entries, const std::vector<int64_t> &leaves,
                        unsigned generalisations) {
  if (entries.empty())
    return constantPattern(leaves);
  if (generalisations >= kMaxGeneralisations)
    return freePattern(leaves);
  const CacheEntry *closest = nullptr;
  size_t fewest = SIZE_MAX;
  for (const CacheEntryRef &entry : entries) {
    size_t count = entry->countMismatches(leaves);
    if (count < fewest) {
      fewest = count;
      closest = entry.get();
    }
  }
  // A constant that differs becomes a symbol, together with those that had and have the same value; a symbol is split
  // by the values that it would have to have.
  LeafPattern pattern;
  SymbolGroups groups;
  for (size_t i = 0; i < leaves.size(); ++i) {
    int64_t word = closest->pattern[i];
    bool stays = leaves[i] < 2 || word == patternConstant(leaves[i]);
    pattern.push_back(stays ? patternConstant(leaves[i]) : groups.symbol({word, leaves[i]}));
  }
  return pattern;
}

std::unique_ptr<Trace> generalise(const Trace &constant, LeafPattern &pattern, const std::vector<int64_t> &leaves) {
  for (;;) {
    std::unique_ptr<Trace> trace = cloneTrace(constant);
    std::vector<int64_t> sample = sampleOf(pattern, leaves);
    if (sample.empty())
      return trace;
    std::string error;
    if (!makeSymbolic(*trace, pattern, sample, error)) {
      pattern = constantPattern(leaves);
      continue;
    }
    Unifier unifier(sample.size());
    if (!unifier.absorb(*trace))
      return trace;
    unifier.apply(pattern);
  }
}

} // namespace mlxir
