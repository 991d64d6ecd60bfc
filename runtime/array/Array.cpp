// The handle's value and its lock share one word, so that a read is two atomic operations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/array/Array.h"

#include "runtime/record/ThreadState.h"

#include <sched.h>
#include <utility>

namespace mlxir {
namespace {

constexpr uintptr_t kLocked = 1;

/// Takes the lock bit; returns the pointer.
uintptr_t lockWord(std::atomic<uintptr_t> &word) {
  for (unsigned spins = 0;; ++spins) {
    uintptr_t old = word.fetch_or(kLocked, std::memory_order_acquire);
    if (!(old & kLocked))
      return old;
    if (spins > 64)
      sched_yield();
  }
}

} // namespace

Array::Array(Value value) : scopeId(threadState.scope) {
  index = value.result();
  Node *node = value.takeNode();
  node->handles.fetch_add(1, std::memory_order_relaxed);
  word.store(reinterpret_cast<uintptr_t>(node), std::memory_order_relaxed);
}

Array::~Array() {
  auto *node = reinterpret_cast<Node *>(word.load(std::memory_order_relaxed));
  node->handles.fetch_sub(1, std::memory_order_relaxed);
  node->release();
}

Ref<Array> Array::make(Value value) { return Ref<Array>::adopt(new Array(std::move(value))); }

Value Array::get() const {
  uintptr_t bits = lockWord(word);
  Value value(NodeRef(reinterpret_cast<Node *>(bits)), index);
  word.store(bits, std::memory_order_release);
  return value;
}

Value Array::exchange(Value value) {
  uint32_t newIndex = value.result();
  Node *node = value.takeNode();
  node->handles.fetch_add(1, std::memory_order_relaxed);
  auto *old = reinterpret_cast<Node *>(lockWord(word));
  uint32_t oldIndex = index;
  index = newIndex;
  word.store(reinterpret_cast<uintptr_t>(node), std::memory_order_release);
  old->handles.fetch_sub(1, std::memory_order_relaxed);
  return Value(NodeRef::adopt(old), oldIndex);
}

} // namespace mlxir
