// Buffers over the caching allocator or over borrowed memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/alloc/Buffer.h"

#include "runtime/alloc/Allocator.h"
#include "runtime/alloc/Guards.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"

#include <cstring>
#include <string>

namespace mlxir {
namespace {

[[noreturn]] void raiseOutOfMemory(size_t bytes) {
  MemoryInfo info = memoryInfo();
  throw Error(ErrorKind::Memory, "",
              "expected memory for an array of " + std::to_string(bytes) +
                  " bytes, got none: " + std::to_string(info.active) + " bytes are live, " +
                  std::to_string(info.cached) + " cached, the limit is " + std::to_string(info.limit));
}

} // namespace

// For own memory `context` is the block's capacity, a multiple of 64, and one more if the buffer is between guards.

BufferRef Buffer::allocate(size_t bytes) {
  bool guarded = guardsAreOn() && bytes < SIZE_MAX / 2;
  size_t capacity = 0;
  void *block = fault("alloc") ? nullptr : allocateBlock(guarded ? bytes + 2 * kGuardBytes : bytes, capacity);
  if (!block)
    raiseOutOfMemory(bytes);
  if (guarded)
    block = fillGuards(block, bytes);
  return BufferRef(new Buffer(block, bytes, nullptr, reinterpret_cast<void *>(capacity + guarded)));
}

BufferRef Buffer::borrow(void *data, size_t bytes, Release release, void *context) {
  return BufferRef(new Buffer(data, bytes, release, context));
}

BufferRef Buffer::slice(const BufferRef &whole, size_t offset, size_t bytes) {
  if (offset > whole->bytes || bytes > whole->bytes - offset)
    throw Error(ErrorKind::Value, "",
                "expected a part within " + std::to_string(whole->bytes) + " bytes, got " + std::to_string(bytes) +
                    " at " + std::to_string(offset));
  whole->retain();
  auto release = [](void *context) { static_cast<Buffer *>(context)->release(); };
  return borrow(static_cast<char *>(whole->memory) + offset, bytes, release, whole.get());
}

void Buffer::destroy() {
  auto capacity = reinterpret_cast<size_t>(context);
  if (releaseFn)
    releaseFn(context);
  else if (capacity & 1)
    releaseBlock(checkGuards(memory, bytes), capacity - 1);
  else
    releaseBlock(memory, capacity);
  delete this;
}

} // namespace mlxir
