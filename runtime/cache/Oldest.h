// What a full cache forgets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlxir {

/// The last use of the youngest among the oldest part, 1 in `parts`, of a map's entries: those used no later go.
template <typename Map> uint64_t lastUseOfOldest(const Map &entries, size_t parts) {
  std::vector<uint64_t> uses;
  for (const auto &entry : entries)
    uses.push_back(entry.second.used);
  auto limit = uses.begin() + static_cast<ptrdiff_t>(uses.size() / parts);
  std::nth_element(uses.begin(), limit, uses.end());
  return *limit;
}

} // namespace mlxir
