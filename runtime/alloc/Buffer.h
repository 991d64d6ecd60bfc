// A buffer: one dense block of memory that arrays share. Own memory comes from the caching allocator; borrowed memory
// (NumPy, DLPack, memoryview, mapped files) is given back through a callback and is never donated (D10).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"
#include "runtime/support/Ref.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mlxir {

class MLXIR_API Buffer {
public:
  using Release = void (*)(void *context);

  /// Uninitialised, 64-byte aligned. Raises Error(Memory) naming size, live and cached bytes.
  static Ref<Buffer> allocate(size_t bytes);
  /// Memory of somebody else; `release(context)` is called once, from any thread, when nobody uses it any more.
  /// Kernels need no alignment beyond the element's own.
  static Ref<Buffer> borrow(void *data, size_t bytes, Release release, void *context);
  /// A part of another buffer, which stays alive with it. Counts as borrowed.
  static Ref<Buffer> slice(const Ref<Buffer> &whole, size_t offset, size_t bytes);

  void *data() const { return memory; }
  size_t size() const { return bytes; }
  bool isBorrowed() const { return releaseFn != nullptr; }
  uint32_t useCount() const { return refs.load(std::memory_order_acquire); }

  void retain() { refs.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy();
  }

private:
  Buffer(void *data, size_t size, Release fn, void *ctx) : memory(data), bytes(size), releaseFn(fn), context(ctx) {}
  void destroy();

  void *memory;
  size_t bytes;
  Release releaseFn; // null: from the allocator
  void *context;
  std::atomic<uint32_t> refs{0};
};

using BufferRef = Ref<Buffer>;

} // namespace mlxir
