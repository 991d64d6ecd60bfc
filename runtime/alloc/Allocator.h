// The caching allocator behind own buffers: size classes, counters, limits. Large blocks ask for huge pages.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

#include <cstddef>

namespace mlxir {

struct MemoryInfo {
  size_t active = 0; // bytes in live buffers
  size_t peak = 0;   // highest `active` since the last reset
  size_t cached = 0; // bytes kept for reuse
  size_t limit = 0;  // an allocation that would take `active` beyond it fails
  size_t cacheLimit = 0;
};

MLXIR_API MemoryInfo memoryInfo();
MLXIR_API void resetPeakMemory();
/// Both return the former limit.
MLXIR_API size_t setMemoryLimit(size_t bytes);
MLXIR_API size_t setCacheLimit(size_t bytes);
/// Returns all cached blocks to the system.
MLXIR_API void clearMemoryCache();

/// 64-byte aligned memory of at least `bytes`; null if there is none. `capacity` must be handed back on release.
void *allocateBlock(size_t bytes, size_t &capacity);
void releaseBlock(void *block, size_t capacity);

} // namespace mlxir
