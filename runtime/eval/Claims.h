// Claims: who is making which values. A claim covers all its nodes at once, so nobody holds one while waiting (D11).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/record/Graph.h"

namespace mlxir {

class Claims {
public:
  /// With the graph lock: a fresh claim.
  static uint32_t open();
  /// With the graph lock: the claim ends; all who wait look again.
  static void close(uint32_t claim);
  /// Waits without the lock until the claim has ended. Raises Error(Interrupted).
  static void wait(uint32_t claim, std::unique_lock<std::mutex> &lock);
};

} // namespace mlxir
