// One job at a time; whoever finds the pool busy runs its grid alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/cpu/ThreadPool.h"

#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <new>
#include <sched.h>
#include <string>
#include <system_error>
#include <thread>

namespace mlxir {
namespace {

constexpr unsigned kMaxThreads = 1024;
constexpr unsigned kSpins = 4000; // about 20 µs: a chain of kernels finds its threads awake
constexpr int64_t kChunksPerThread = 32;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Memory of one thread, grown to the largest request.
class Scratch {
public:
  ~Scratch() { std::free(memory); }
  void *get(size_t bytes) {
    if (bytes <= capacity)
      return memory;
    std::free(memory);
    capacity = (bytes + 4095) / 4096 * 4096;
    memory = std::aligned_alloc(64, capacity);
    if (!memory)
      capacity = 0;
    return memory;
  }

private:
  void *memory = nullptr;
  size_t capacity = 0;
};

void *threadScratch(size_t bytes) {
  static thread_local Scratch scratch;
  return bytes ? scratch.get(bytes) : nullptr;
}

/// Generated code has no type signature in front of it, which the sanitizer of indirect calls would read.
#if defined(__clang__)
__attribute__((no_sanitize("function")))
#endif
inline void runItems(const GridTask &task, int64_t begin, int64_t end, void *scratch) {
  task.run(task.args, begin, end, scratch);
}

struct Job {
  GridTask task;
  int64_t chunk = 1;
  std::atomic<unsigned> maxHelpers{0};
  std::atomic<int64_t> next{0};
  std::atomic<bool> cancelled{false};

  /// Takes chunks until none is left.
  void work(void *scratch, bool isCaller) {
    for (;;) {
      int64_t begin = next.fetch_add(chunk, std::memory_order_relaxed);
      if (begin >= task.items || cancelled.load(std::memory_order_relaxed))
        return;
      runItems(task, begin, std::min(begin + chunk, task.items), scratch);
      if (isCaller && task.interruptible && interruptRequested())
        cancelled.store(true, std::memory_order_relaxed);
    }
  }
};

class Pool {
public:
  std::mutex owner; // whoever runs a job; fork drains the pool by taking it

  unsigned threads() const { return wanted; }
  void setThreads(unsigned count) {
    std::lock_guard<std::mutex> lock(owner);
    wanted = std::min(std::max(count, 1u), kMaxThreads);
  }

  /// With `owner` held. False if cancelled.
  bool run(const GridTask &task, void *scratch) {
    startThreads();
    unsigned helpers = std::min(started, wanted - 1);
    job.task = task;
    job.chunk = std::max<int64_t>(task.grain, task.items / ((helpers + 1) * kChunksPerThread));
    job.maxHelpers.store(helpers, std::memory_order_relaxed);
    job.next.store(0, std::memory_order_relaxed);
    job.cancelled.store(false, std::memory_order_relaxed);
    // Opens the job: from here on a helper may enter by counting itself.
    uint64_t opened = (++number << 32) | kOpen;
    state.store(opened, std::memory_order_seq_cst);
    if (sleepers.load(std::memory_order_seq_cst)) {
      std::lock_guard<std::mutex> lock(sleepMutex);
      wake.notify_all();
    }
    job.work(scratch, true);
    // Closes it; those inside finish their chunk, those still asleep are not waited for.
    state.fetch_and(~uint64_t(kOpen), std::memory_order_acq_rel);
    while (state.load(std::memory_order_acquire) & kCountMask)
      pause();
    return !job.cancelled.load(std::memory_order_relaxed);
  }

  void forgetThreads() {
    started = 0;
    sleepers = 0;
    state = 0;
    new (&sleepMutex) std::mutex;
    new (&wake) std::condition_variable;
  }

private:
  // state: number of the job, open bit, helpers inside.
  static constexpr uint64_t kOpen = uint64_t(1) << 31;
  static constexpr uint64_t kCountMask = kOpen - 1;

  void startThreads() {
    while (started < wanted - 1 && !startFailed) {
      try {
        if (fault("thread"))
          throw std::system_error(EAGAIN, std::generic_category());
        std::thread([this] { loop(); }).detach();
        ++started;
      } catch (const std::system_error &) {
        startFailed = true; // fewer threads give the same results
      }
    }
  }

  /// Counts this helper into the open job, unless that job was seen already or has enough helpers.
  bool enter(uint64_t &seen) {
    uint64_t s = state.load(std::memory_order_acquire);
    while ((s & kOpen) && (s >> 32) != seen) {
      if ((s & kCountMask) >= job.maxHelpers.load(std::memory_order_relaxed))
        return false;
      if (state.compare_exchange_weak(s, s + 1, std::memory_order_acq_rel)) {
        seen = s >> 32;
        return true;
      }
    }
    return false;
  }

  void loop() {
    uint64_t seen = 0;
    for (unsigned idle = 0;;) {
      if (enter(seen)) {
        // Without scratch this helper leaves the work to the others.
        void *scratch = threadScratch(job.task.scratch);
        if (scratch || !job.task.scratch)
          job.work(scratch, false);
        state.fetch_sub(1, std::memory_order_acq_rel);
        idle = 0;
      } else if (++idle < kSpins) {
        pause();
      } else {
        sleep(seen);
        idle = 0;
      }
    }
  }

  void sleep(uint64_t seen) {
    std::unique_lock<std::mutex> lock(sleepMutex);
    sleepers.fetch_add(1, std::memory_order_seq_cst);
    wake.wait(lock, [&] {
      uint64_t s = state.load(std::memory_order_seq_cst);
      return (s & kOpen) && (s >> 32) != seen;
    });
    sleepers.fetch_sub(1, std::memory_order_seq_cst);
  }

  static unsigned defaultThreads() {
    if (const char *text = std::getenv("MLXIR_NUM_THREADS")) {
      long count = std::strtol(text, nullptr, 10);
      if (count > 0)
        return static_cast<unsigned>(std::min<long>(count, static_cast<long>(kMaxThreads)));
    }
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
      return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
    return std::max(std::thread::hardware_concurrency(), 1u);
  }

  std::atomic<unsigned> wanted{defaultThreads()};
  unsigned started = 0;
  bool startFailed = false;
  uint64_t number = 0;
  Job job;
  alignas(64) std::atomic<uint64_t> state{0};
  alignas(64) std::atomic<unsigned> sleepers{0};
  std::mutex sleepMutex;
  std::condition_variable wake;
};

Pool &pool() {
  static Pool *const instance = new Pool;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Pool, [] { return &pool().owner; });
const ForkHooks forkHooks(ForkOrder::Pool, nullptr, nullptr, [] { pool().forgetThreads(); });

bool runAlone(const GridTask &task, void *scratch) {
  if (task.items <= task.grain) {
    runItems(task, 0, task.items, scratch);
    return true;
  }
  int64_t chunk = std::max(task.grain, task.items / kChunksPerThread);
  for (int64_t at = 0; at < task.items; at += chunk) {
    runItems(task, at, std::min(at + chunk, task.items), scratch);
    if (task.interruptible && interruptRequested())
      return false;
  }
  return true;
}

} // namespace

void reserveScratch(size_t bytes) {
  if (bytes && !threadScratch(bytes))
    throw Error(ErrorKind::Memory, "",
                "expected " + std::to_string(bytes) + " bytes of scratch memory for a kernel, got none");
}

bool runGrid(const GridTask &task) {
  if (task.items <= 0)
    return true;
  reserveScratch(task.scratch);
  void *scratch = threadScratch(task.scratch);
  if (task.items <= task.grain)
    return runAlone(task, scratch);
  Pool &p = pool();
  if (p.threads() > 1) {
    std::unique_lock<std::mutex> lock(p.owner, std::try_to_lock);
    if (lock.owns_lock())
      return p.run(task, scratch);
  }
  return runAlone(task, scratch);
}

unsigned poolThreads() { return pool().threads(); }
void setPoolThreads(unsigned count) { pool().setThreads(count); }

} // namespace mlxir
