// Tapes: nodes recorded under a grad keep their operands when they are evaluated, until the outermost grad ends (D7).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/Node.h"

#include <vector>

namespace mlxir {

/// All functions need the graph lock.
class Tape {
public:
  static void open(uint32_t id);
  /// Forgets the tape; the operands that its nodes still hold are moved out for the caller to release after the lock.
  static void close(uint32_t id, std::vector<Value> &dropped);
  static bool isOpen(uint32_t id);
  /// The node was evaluated but keeps its operands: `close` takes them.
  static void defer(uint32_t id, Node *node);
};

} // namespace mlxir
