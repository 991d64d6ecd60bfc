// The node pool (size classes, free lists per thread) and the iterative teardown.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/array/Node.h"

#include "runtime/array/NodeBuilder.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Fork.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

namespace mlxir {
namespace {

constexpr size_t kStep = 32;
constexpr unsigned kClasses = 33; // class i holds i * 32 bytes; 0 is malloc
constexpr size_t kSlabBytes = size_t(64) << 10;
constexpr uint32_t kKeep = 4096; // free nodes of one class that a thread keeps

struct FreeNode {
  FreeNode *next;
};

struct FreeList {
  FreeNode *head = nullptr;
  uint32_t count = 0;

  void push(void *memory) {
    auto *entry = static_cast<FreeNode *>(memory);
    entry->next = head;
    head = entry;
    ++count;
  }
  void *pop() {
    FreeNode *entry = head;
    head = entry->next;
    --count;
    return entry;
  }
};

/// What one thread has at hand; given back when the thread exits.
struct ThreadPool {
  FreeList lists[kClasses];
  Node *dead = nullptr; // waiting for teardown
  bool tearingDown = false;
  std::atomic<int64_t> live{0}; // written by its thread only
};

struct SharedPool {
  std::mutex mutex;
  std::vector<FreeList> batches[kClasses];
  std::vector<ThreadPool *> threads;
  int64_t liveOfGone = 0; // count of threads that have exited
};

SharedPool &shared() {
  static SharedPool *const instance = new SharedPool;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Nodes, [] { return &shared().mutex; });

// Initial-exec: an access is one instruction, not a call, from a shared library too.
__attribute__((tls_model("initial-exec"))) __thread ThreadPool *threadPool;

struct ReturnLists {
  ~ReturnLists() {
    ThreadPool *pool = threadPool;
    SharedPool &s = shared();
    std::lock_guard<std::mutex> lock(s.mutex);
    for (unsigned i = 0; i < kClasses; ++i)
      if (pool->lists[i].count)
        s.batches[i].push_back(pool->lists[i]);
    s.liveOfGone += pool->live;
    auto it = std::find(s.threads.begin(), s.threads.end(), pool);
    *it = s.threads.back();
    s.threads.pop_back();
    threadPool = nullptr;
    delete pool;
  }
};

ThreadPool &makePool() {
  auto *pool = new ThreadPool;
  {
    SharedPool &s = shared();
    std::lock_guard<std::mutex> lock(s.mutex);
    s.threads.push_back(pool);
  }
  threadPool = pool;
  static thread_local ReturnLists returnLists;
  (void)&returnLists;
  return *pool;
}

inline ThreadPool &currentPool() {
  ThreadPool *pool = threadPool;
  return __builtin_expect(pool != nullptr, true) ? *pool : makePool();
}

void refill(FreeList &list, unsigned sizeClass) {
  SharedPool &s = shared();
  {
    std::lock_guard<std::mutex> lock(s.mutex);
    if (!s.batches[sizeClass].empty()) {
      list = s.batches[sizeClass].back();
      s.batches[sizeClass].pop_back();
      return;
    }
  }
  size_t bytes = sizeClass * kStep;
  auto *slab = static_cast<char *>(std::aligned_alloc(64, kSlabBytes));
  if (!slab)
    throw std::bad_alloc();
  for (size_t at = kSlabBytes / bytes * bytes; at >= bytes; at -= bytes)
    list.push(slab + at - bytes);
}

void *allocateNode(size_t bytes, uint8_t &sizeClass) {
  if (fault("node"))
    throw std::bad_alloc();
  ThreadPool &pool = currentPool();
  pool.live.store(pool.live.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  if (bytes > (kClasses - 1) * kStep) {
    sizeClass = 0;
    void *memory = std::malloc(bytes);
    if (!memory)
      throw std::bad_alloc();
    return memory;
  }
  sizeClass = static_cast<uint8_t>((bytes + kStep - 1) / kStep);
  FreeList &list = pool.lists[sizeClass];
  if (!list.head)
    refill(list, sizeClass);
  return list.pop();
}

void freeNode(ThreadPool &pool, void *memory, uint8_t sizeClass) {
  pool.live.store(pool.live.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  if (sizeClass == 0) {
    std::free(memory);
    return;
  }
  FreeList &list = pool.lists[sizeClass];
  list.push(memory);
  if (list.count < kKeep)
    return;
  // A thread that only frees must not keep everything.
  SharedPool &s = shared();
  std::lock_guard<std::mutex> lock(s.mutex);
  s.batches[sizeClass].push_back(list);
  list = FreeList();
}

} // namespace

NodeBuilder::NodeBuilder(NodeKind kind, uint16_t op, const NodeShape &shape) {
  size_t fixed =
      sizeof(ResultSlot) * shape.results + sizeof(Value) * shape.operands + sizeof(RegionRef) * shape.regions;
  size_t bytes = sizeof(Node) + fixed + sizeof(int64_t) * (shape.attrs + shape.dims);
  uint8_t sizeClass;
  void *memory = allocateNode(bytes, sizeClass);
  node = new (memory) Node;
  node->nodeKind = kind;
  node->opId = op;
  node->sizeClass = sizeClass;
  node->resultCount = static_cast<uint16_t>(shape.results);
  node->operandCount = shape.operands;
  node->regionCount = static_cast<uint16_t>(shape.regions);
  node->attrCount = shape.attrs;
  // Zero bytes are null values and references: a half-filled node can be released.
  std::memset(static_cast<void *>(node + 1), 0, fixed);
  for (unsigned i = 0; i < shape.results; ++i)
    new (&node->slot(i)) ResultSlot;
}

void Node::destroy(Node *node) {
  ThreadPool &pool = currentPool();
  node->next = pool.dead;
  pool.dead = node;
  if (pool.tearingDown)
    return;
  pool.tearingDown = true;
  while (Node *dead = pool.dead) {
    pool.dead = dead->next;
    for (unsigned i = 0; i < dead->resultCount; ++i)
      if (Buffer *buffer = dead->slot(i).buffer.load(std::memory_order_relaxed))
        buffer->release();
    if (!dead->dropped)
      for (unsigned i = 0; i < dead->operandCount; ++i)
        dead->operandData()[i].~Value();
    for (RegionRef &region : dead->regions())
      region.~RegionRef();
    freeNode(pool, dead, dead->sizeClass);
  }
  pool.tearingDown = false;
}

int64_t Value::size() const {
  int64_t count = 1;
  for (int64_t dim : dims())
    count *= dim;
  return count;
}

int64_t Value::nbytes() const { return size() * static_cast<int64_t>(itemSize(dtype())); }

BufferRef Value::buffer() const { return BufferRef(ref->slot(index).buffer.load(std::memory_order_acquire)); }

Value makeBufferLeaf(BufferRef buffer, DType dtype, Span<const int64_t> dims) {
  NodeShape shape;
  shape.dims = static_cast<unsigned>(dims.size());
  NodeBuilder builder(NodeKind::Buffer, 0, shape);
  builder.result(dtype, dims);
  builder.setBuffer(std::move(buffer));
  return Value(builder.finish());
}

uint64_t liveNodes() {
  SharedPool &s = shared();
  std::lock_guard<std::mutex> lock(s.mutex);
  int64_t live = s.liveOfGone;
  for (ThreadPool *thread : s.threads)
    live += thread->live.load(std::memory_order_relaxed);
  return static_cast<uint64_t>(live);
}

namespace {

struct Names {
  std::mutex mutex;
  std::unordered_map<std::string, int64_t> numbers;
  std::vector<const std::string *> names;
};
Names &names() {
  static Names *const instance = new Names;
  return *instance;
}
const ForkLock namesLock(ForkOrder::Names, [] { return &names().mutex; });

} // namespace

int64_t internName(const char *name) {
  Names &n = names();
  std::lock_guard<std::mutex> lock(n.mutex);
  auto [it, isNew] = n.numbers.try_emplace(name, static_cast<int64_t>(n.names.size()));
  if (isNew)
    n.names.push_back(&it->first);
  return it->second;
}

const char *nameOf(int64_t number) {
  Names &n = names();
  std::lock_guard<std::mutex> lock(n.mutex);
  if (number < 0 || static_cast<size_t>(number) >= n.names.size())
    return "";
  return n.names[static_cast<size_t>(number)]->c_str();
}

} // namespace mlxir
