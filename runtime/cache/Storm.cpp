// Counts compilations by the user's line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/Storm.h"

#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"
#include "runtime/support/Location.h"

#include <unordered_map>

namespace mlxir {
namespace {

constexpr unsigned kStorm = 16; // compilations of one line

struct Line {
  unsigned compiles = 0;
  std::vector<uint32_t> text; // of the compilation before
  std::vector<int64_t> leaves;
};

struct Lines {
  std::mutex mutex;
  std::unordered_map<uint32_t, Line> lines;
};

Lines &lines() {
  static Lines *const instance = new Lines;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Storm, [] { return &lines().mutex; });

std::string whatVaried(const Line &before, const Structure &structure, const std::vector<int64_t> &leaves) {
  if (before.text.size() != structure.text.size())
    return "the number or kind of ops (" + std::to_string(before.text.size()) + " and " +
           std::to_string(structure.text.size()) + " words of structure)";
  if (before.text != structure.text)
    return "ops, dtypes, ranks, constants, or which sizes are 0 or 1";
  std::string text;
  for (size_t i = 0; i < leaves.size() && i < before.leaves.size(); ++i)
    if (leaves[i] != before.leaves[i])
      text +=
          (text.empty() ? "sizes: " : ", ") + std::to_string(before.leaves[i]) + " became " + std::to_string(leaves[i]);
  return text.empty() ? "nothing that is part of the key" : text;
}

} // namespace

void noteCompile(const Structure &structure, const std::vector<int64_t> &leaves, uint32_t location) {
  if (!location)
    return;
  std::string varied;
  unsigned count;
  {
    Lines &l = lines();
    std::lock_guard<std::mutex> lock(l.mutex);
    Line &line = l.lines[location];
    count = ++line.compiles;
    if (count == kStorm)
      varied = whatVaried(line, structure, leaves);
    line.text = structure.text;
    line.leaves = leaves;
  }
  if (count != kStorm)
    return;
  Location at;
  std::string where = resolveLocation(location, at) ? at.file + ":" + std::to_string(at.line) : "one place";
  warn(("the computation that ends at " + where + " was compiled " + std::to_string(count) +
        " times; what varied last: " + varied)
           .c_str());
}

} // namespace mlxir
