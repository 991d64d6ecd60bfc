// What recording keeps for each thread.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

namespace mlxir {

struct ScopeState;

struct ThreadState {
  uint32_t location; // of the nodes recorded from now on
  uint32_t scope;    // innermost scope, 0 if none
  uint32_t jitScope; // innermost jit scope, 0 if none
  uint32_t tape;     // outermost grad scope, 0 if none
  const char *function;
  ScopeState *scopes; // innermost first
  // Since the last evaluation of this thread (D10).
  uint32_t pendingNodes;
  uint32_t flushLocation; // where the last flush happened
  uint64_t pendingBytes;
};

// Plain data, zero at first: no constructor call hides behind an access.
extern __attribute__((tls_model("initial-exec"))) __thread ThreadState threadState;

} // namespace mlxir
