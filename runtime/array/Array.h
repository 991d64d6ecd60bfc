// The array handle: what one Python array object holds. In-place updates swap its value, so every reference to the
// object sees them, and no other array does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/Node.h"

namespace mlxir {

/// Counted, since jit keeps the handles it lifted to re-read them at each call (D6). Any thread may read and swap.
class MLXIR_API Array {
public:
  static Ref<Array> make(Value value);

  /// The value as it is now. Ops use `use(array)` of Scope.h instead, which lifts captured arrays.
  Value get() const;
  void set(Value value) { exchange(std::move(value)); }
  /// Sets the value and returns the one before.
  Value exchange(Value value);

  /// True if somebody else keeps this handle too.
  bool isShared() const { return refs.load(std::memory_order_acquire) > 1; }

  /// The innermost scope that was open on the thread which made this handle; 0 if none.
  uint32_t scope() const { return scopeId; }

  void retain() { refs.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

private:
  explicit Array(Value value);
  ~Array();

  mutable std::atomic<uintptr_t> word; // Node *, the lowest bit locks
  uint32_t index = 0;                  // guarded by the lock bit
  uint32_t scopeId = 0;
  std::atomic<uint32_t> refs{1};
};

using ArrayRef = Ref<Array>;

} // namespace mlxir
