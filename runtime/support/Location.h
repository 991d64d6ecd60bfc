// Where in the user's program an op was recorded. An id is opaque here: whoever records interns and resolves them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

#include <cstdint>
#include <string>

namespace mlxir {

struct Location {
  std::string file;
  uint32_t line = 0;
};

/// Called only when a location is shown or a trace is built on a miss, from any thread. Returns false if unknown.
using LocationResolver = bool (*)(uint32_t id, Location &location);
MLXIR_API void setLocationResolver(LocationResolver resolver);
MLXIR_API bool resolveLocation(uint32_t id, Location &location);

/// A table for those who have no better one (C API, tests): interns (file, line). Ids start at 1.
MLXIR_API uint32_t internLocation(const char *file, uint32_t line);

} // namespace mlxir
