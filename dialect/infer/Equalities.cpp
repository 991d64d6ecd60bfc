// Gaussian elimination as far as sizes go: one symbol a guard, the latest first, since later sizes tend to be made of
// earlier ones.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Equalities.h"

#include <algorithm>

namespace mlxir {

namespace {

void collectSymbols(const SizeArena &sizes, Size size, std::vector<uint32_t> &symbols) {
  if (size.isConstant())
    return;
  const SizeNode &node = sizes.nodes()[size.id()];
  if (node.kind == SizeKind::Symbol) {
    symbols.push_back(static_cast<uint32_t>(node.a.bits));
    return;
  }
  collectSymbols(sizes, node.a, symbols);
  collectSymbols(sizes, node.b, symbols);
}

class Solver {
public:
  Solver(SizeArena &sizes, uint32_t numSymbols) : sizes(sizes) {
    for (uint32_t i = 0; i < numSymbols; ++i)
      solved.push_back(sizes.symbol(i));
  }

  void use(const SizeGuard &guard) {
    std::unordered_map<uint32_t, Size> done;
    Size a = sizes.substitute(guard.a, solved, done), b = sizes.substitute(guard.b, solved, done);
    Size difference = sizes.sub(a, b);
    std::vector<uint32_t> symbols;
    collectSymbols(sizes, difference, symbols);
    std::sort(symbols.rbegin(), symbols.rend());
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
    for (uint32_t symbol : symbols)
      if (eliminate(symbol, difference))
        return;
  }

  std::vector<Size> solved;

private:
  /// If the symbol is a term of its own: what it must be for the difference to be 0.
  bool eliminate(uint32_t symbol, Size difference) {
    Size own = sizes.symbol(symbol);
    for (Size value : {sizes.sub(own, difference), sizes.add(own, difference)}) {
      std::vector<uint32_t> left;
      collectSymbols(sizes, value, left);
      if (std::find(left.begin(), left.end(), symbol) != left.end() || sizes.lowerBound(value) < 2)
        continue;
      replace(symbol, value);
      return true;
    }
    return false;
  }

  void replace(uint32_t symbol, Size value) {
    std::vector<Size> step;
    for (uint32_t i = 0; i < solved.size(); ++i)
      step.push_back(i == symbol ? value : sizes.symbol(i));
    std::unordered_map<uint32_t, Size> done;
    for (Size &size : solved)
      size = sizes.substitute(size, step, done);
  }

  SizeArena &sizes;
};

} // namespace

std::vector<Size> solveEqualities(SizeArena &sizes, const std::vector<SizeGuard> &guards, uint32_t numSymbols) {
  Solver solver(sizes, numSymbols);
  for (const SizeGuard &guard : guards)
    if (guard.kind == SizeGuard::Equal)
      solver.use(guard);
  return solver.solved;
}

} // namespace mlxir
