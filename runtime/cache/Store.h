// The cache of structures: memory first, then disk, then the compiler. One structure is compiled by one thread at a
// time; others wait for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/cache/Structure.h"

namespace mlxir {

/// What is wanted of a structure: its Program, or a transform of it.
struct CachePurpose {
  std::string transform; // "" compiles
  std::string options;   // of the transform: key=value lines
};

struct CacheMatch {
  CacheEntryRef entry;
  std::vector<int64_t> symbols;
  explicit operator bool() const { return entry != nullptr; }
};

/// Finds or makes the structure of a text, in memory.
std::shared_ptr<Structure> structureOf(const CachePurpose &purpose, const std::vector<uint32_t> &text);

/// Memory only, and fast.
CacheMatch findInMemory(Structure &structure, const std::vector<int64_t> &leaves);

/// Which sizes a compilation makes symbols: those that have changed, all, or none.
enum class SizeMode : uint8_t { Changed, Dynamic, Static };

/// What a miss needs.
struct CacheRequest {
  CachePurpose purpose;
  std::vector<int64_t> leaves;    // of the trace, then vmap's batch size if there is one
  const Trace *trace;             // with constant sizes
  Span<const uint32_t> locations; // the user's, of each node
  SizeMode sizes = SizeMode::Changed;
};

/// Finds or makes an entry. Raises what the compiler says, at the user's line. Call without locks and without the GIL.
CacheMatch obtain(Structure &structure, const CacheRequest &request);

/// key=value lines that every call of the compiler gets and every key contains.
std::string compileOptions();

} // namespace mlxir
