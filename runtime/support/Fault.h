// Fault points (D15): MLXIR_FAULT=alloc:17,write:3 makes the 17th allocation and the third write fail. Free when unset.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

namespace mlxir {

namespace detail {
extern MLXIR_API bool faultsArmed;
MLXIR_API bool faultReached(const char *point);
} // namespace detail

/// True if the named step is to fail now. Points: alloc, node, map, thread, open, read, write, sync, rename, load,
/// compile, launch, pass; invalid, at which a pipeline ends with a broken pass; symbol, at which a kernel calls what
/// does not exist; warning, after which a pass warns; and miscompile, at which a kernel is made wrong instead (with
/// MLXIR_CACHE=off: it is kept as any).
inline bool fault(const char *point) {
  return __builtin_expect(detail::faultsArmed, false) && detail::faultReached(point);
}

/// Replaces what the environment said; counters restart. "point:n" fails the n-th time, "point:n+" from then on; null
/// or "" disarms.
MLXIR_API void setFaults(const char *spec);

} // namespace mlxir
