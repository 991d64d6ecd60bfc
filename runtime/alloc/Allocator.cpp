// Size classes with four steps to a power of two; freed blocks are kept by class until a limit or a failed allocation
// returns them. Large blocks are mapped on huge-page boundaries.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/alloc/Allocator.h"

#include "runtime/support/Fork.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mlxir {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kMapFrom = size_t(256) << 10; // blocks from here on are mapped
constexpr size_t kHugeFrom = size_t(4) << 20;
constexpr size_t kHugePage = size_t(2) << 20;
constexpr size_t kLargest = SIZE_MAX / 4;

size_t roundUp(size_t n, size_t to) { return (n + to - 1) / to * to; }

/// Class of a request: what will really be taken.
size_t classOf(size_t bytes) {
  bytes = std::max(bytes, size_t(1));
  if (bytes >= kHugeFrom)
    return roundUp(bytes, bytes >= 8 * kHugeFrom ? kHugePage : kHugePage / 4);
  size_t step = kAlignment;
  while (bytes > step * 8)
    step *= 2;
  return roundUp(bytes, step);
}

/// Number of a class below kMapFrom: multiples of 64 up to 512, then four to a power of two.
unsigned smallIndex(size_t capacity) {
  unsigned shift = 0;
  while ((capacity >> shift) > kAlignment * 8)
    ++shift;
  return shift * 4 + static_cast<unsigned>((capacity >> shift) / kAlignment);
}
constexpr unsigned kSmallClasses = 9 * 4 + 9;

void *mapBlock(size_t capacity) {
  size_t slack = capacity >= kHugeFrom ? kHugePage : 0;
  void *raw = mmap(nullptr, capacity + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED)
    return nullptr;
  if (!slack)
    return raw;
  auto begin = reinterpret_cast<uintptr_t>(raw);
  uintptr_t aligned = roundUp(begin, kHugePage);
  if (aligned != begin)
    munmap(raw, aligned - begin);
  size_t tail = begin + slack - aligned;
  if (tail)
    munmap(reinterpret_cast<void *>(aligned + capacity), tail);
  auto *block = reinterpret_cast<void *>(aligned);
  madvise(block, capacity, MADV_HUGEPAGE);
  return block;
}

void *systemAllocate(size_t capacity) {
  return capacity >= kMapFrom ? mapBlock(capacity) : std::aligned_alloc(kAlignment, capacity);
}

void systemRelease(void *block, size_t capacity) {
  if (capacity >= kMapFrom)
    munmap(block, capacity);
  else
    std::free(block);
}

size_t readNumber(const char *path) {
  size_t value = SIZE_MAX;
  if (FILE *file = std::fopen(path, "re")) {
    char text[32] = "", *end = text;
    if (std::fgets(text, sizeof(text), file)) {
      errno = 0;
      unsigned long long number = std::strtoull(text, &end, 10);
      if (end != text && errno == 0)
        value = number;
    }
    std::fclose(file);
  }
  return value;
}

/// What this machine or container may use.
size_t systemMemory() {
  size_t physical = size_t(sysconf(_SC_PHYS_PAGES)) * size_t(sysconf(_SC_PAGESIZE));
  size_t container =
      std::min(readNumber("/sys/fs/cgroup/memory.max"), readNumber("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
  return std::min(physical, container);
}

class Allocator {
public:
  Allocator() {
    size_t system = systemMemory();
    info.limit = system / 16 * 15;
    info.cacheLimit = system / 4;
  }

  void *allocate(size_t bytes, size_t &capacity) {
    if (bytes > kLargest)
      return nullptr;
    capacity = classOf(bytes);
    std::unique_lock<std::mutex> lock(mutex);
    if (capacity > info.limit || info.active > info.limit - capacity)
      return nullptr;
    void *block = takeCached(capacity);
    if (!block) {
      makeRoom(capacity);
      block = systemAllocate(capacity);
    }
    if (!block && info.cached) {
      trim(0);
      block = systemAllocate(capacity);
    }
    if (block) {
      info.active += capacity;
      info.peak = std::max(info.peak, info.active);
    }
    return block;
  }

  void release(void *block, size_t capacity) {
    std::lock_guard<std::mutex> lock(mutex);
    info.active -= capacity;
    if (capacity > info.cacheLimit) {
      systemRelease(block, capacity);
      return;
    }
    listOf(capacity).push_back(block);
    info.cached += capacity;
    if (info.cached > info.cacheLimit)
      trim(info.cacheLimit);
  }

  /// Returns cached blocks until `target` bytes are left, the largest first: they are few, and free most.
  void trim(size_t target) {
    while (info.cached > target && !large.empty()) {
      auto last = std::prev(large.end());
      returnOne(last->second, last->first);
      if (last->second.empty())
        large.erase(last);
    }
    for (unsigned i = kSmallClasses; i-- > 0;)
      while (info.cached > target && !small[i].empty())
        returnOne(small[i], smallCapacity[i]);
  }

  std::mutex mutex;
  MemoryInfo info;

private:
  std::vector<void *> &listOf(size_t capacity) {
    if (capacity >= kMapFrom)
      return large[capacity];
    unsigned i = smallIndex(capacity);
    smallCapacity[i] = capacity;
    return small[i];
  }

  /// A cached block of this class, or a large one at most an eighth larger.
  void *takeCached(size_t &capacity) {
    if (capacity < kMapFrom)
      return takeFrom(small[smallIndex(capacity)], capacity);
    auto it = large.lower_bound(capacity);
    if (it == large.end() || it->first > capacity + capacity / 8)
      return nullptr;
    capacity = it->first;
    void *block = takeFrom(it->second, capacity);
    if (it->second.empty())
      large.erase(it);
    return block;
  }

  void *takeFrom(std::vector<void *> &list, size_t capacity) {
    if (list.empty())
      return nullptr;
    void *block = list.back();
    list.pop_back();
    info.cached -= capacity;
    return block;
  }

  void returnOne(std::vector<void *> &list, size_t capacity) { systemRelease(takeFrom(list, capacity), capacity); }

  /// Keeps live and cached bytes together under the limit.
  void makeRoom(size_t capacity) {
    size_t room = info.limit - info.active - capacity;
    if (info.cached > room)
      trim(room);
  }

  std::vector<void *> small[kSmallClasses];
  size_t smallCapacity[kSmallClasses] = {};
  std::map<size_t, std::vector<void *>> large;
};

Allocator &allocator() {
  static Allocator *const instance = new Allocator;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Memory, [] { return &allocator().mutex; });

} // namespace

void *allocateBlock(size_t bytes, size_t &capacity) { return allocator().allocate(bytes, capacity); }

void releaseBlock(void *block, size_t capacity) { allocator().release(block, capacity); }

MemoryInfo memoryInfo() {
  Allocator &a = allocator();
  std::lock_guard<std::mutex> lock(a.mutex);
  return a.info;
}

void resetPeakMemory() {
  Allocator &a = allocator();
  std::lock_guard<std::mutex> lock(a.mutex);
  a.info.peak = a.info.active;
}

size_t setMemoryLimit(size_t bytes) {
  Allocator &a = allocator();
  std::lock_guard<std::mutex> lock(a.mutex);
  return std::exchange(a.info.limit, bytes);
}

size_t setCacheLimit(size_t bytes) {
  Allocator &a = allocator();
  std::lock_guard<std::mutex> lock(a.mutex);
  size_t old = std::exchange(a.info.cacheLimit, bytes);
  a.trim(bytes);
  return old;
}

void clearMemoryCache() {
  Allocator &a = allocator();
  std::lock_guard<std::mutex> lock(a.mutex);
  a.trim(0);
}

} // namespace mlxir
