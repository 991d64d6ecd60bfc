// Structures and what was compiled for them: leaf patterns, guards, and the steps by which sizes become symbols (D5,
// RFC 0001).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/devices/cpu/Executable.h"
#include "runtime/record/Structure.h"
#include "runtime/record/TraceTools.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mlxir {

/// What one compilation or transform made, and for which sizes it holds.
struct CacheEntry {
  LeafPattern pattern;
  std::vector<int64_t> sample; // value of each symbol when it was made
  SizeArena guardSizes;        // what the trace's inference relied on
  std::vector<SizeGuard> guards;
  std::vector<uint8_t> flat;    // Program or trace as it came from the compiler
  std::vector<uint8_t> batched; // vmap: one byte per output
  // One of the two, made from `flat`.
  std::unique_ptr<Executable> executable;
  std::unique_ptr<Trace> trace;

  /// Reads `flat`. False with `error` set if it is not what it should be.
  bool load(bool isProgram, std::string &error);
  /// True if it holds for these leaves; `symbols` are their values then.
  bool matches(const std::vector<int64_t> &leaves, std::vector<int64_t> &symbols) const;
  /// Leaves that do not fit the pattern.
  size_t countMismatches(const std::vector<int64_t> &leaves) const;
};
using CacheEntryRef = std::shared_ptr<const CacheEntry>;

/// All that is known of one structure. Entries are only added.
struct Structure {
  std::vector<uint32_t> text; // purpose, then the trace's
  Hash128 key;
  bool isProgram = true;

  std::mutex mutex;
  std::condition_variable changed;
  bool isBusy = false; // somebody compiles
  bool diskSearched = false;
  unsigned generalisations = 0;
  std::vector<CacheEntryRef> entries; // the latest match first

  /// With the mutex held.
  CacheEntryRef find(const std::vector<int64_t> &leaves, std::vector<int64_t> &symbols);
};

/// After this many generalisations every size is a symbol of its own.
inline constexpr unsigned kMaxGeneralisations = 4;

/// The pattern for the next compilation of a structure that no entry fits.
LeafPattern nextPattern(const std::vector<CacheEntryRef> &entries, const std::vector<int64_t> &leaves,
                        unsigned generalisations);
/// Every size >= 2 is a symbol of its own.
LeafPattern freePattern(const std::vector<int64_t> &leaves);

/// Applies a pattern to a constant trace. Symbols that inference needs to be equal become one, and constant where a
/// constant is needed; `pattern` says so afterwards. Falls back to constants if inference cannot go through symbols.
std::unique_ptr<Trace> generalise(const Trace &constant, LeafPattern &pattern, const std::vector<int64_t> &leaves);

/// True if all guards hold.
bool guardsHold(const SizeArena &sizes, const std::vector<SizeGuard> &guards, const std::vector<int64_t> &symbols);

} // namespace mlxir
