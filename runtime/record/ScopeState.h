// The inside of a Scope, for the parts of the runtime that capture it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/record/Scope.h"

#include <unordered_map>

namespace mlxir {

struct ScopeState {
  ScopeKind kind;
  uint32_t id = 0;
  std::string name;
  bool open = true;
  bool keepsConstants = false;
  ScopeState *outer = nullptr;
  // The thread's state before.
  uint32_t outerScope = 0, outerJit = 0, outerTape = 0;

  std::vector<HiddenInput> hidden;
  std::vector<WrittenArray> written;
  std::unordered_map<const Array *, size_t> hiddenIndex, writtenIndex;
};

/// What an error about a placeholder says. Call without the graph lock.
[[noreturn]] void raisePlaceholder(const Node *placeholder, uint32_t userLocation);

/// The first placeholder below a value, or null. Takes the graph lock.
NodeRef placeholderBelow(const Value &value);

} // namespace mlxir
