// Background evaluation: one thread that evaluates lists of values in order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/eval/Eval.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"

#include <condition_variable>
#include <deque>
#include <system_error>
#include <thread>
#include <vector>

namespace mlxir {
namespace {

struct Worker {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::vector<Value>> jobs;
  bool isRunning = false; // the thread exists
  bool isIdle = true;     // and evaluates nothing
};

Worker &worker() {
  static Worker *const instance = new Worker;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Async, [] { return &worker().mutex; });
const ForkHooks forkHooks(ForkOrder::Async, nullptr, nullptr, [] {
  // What was queued stays recorded, and is evaluated when it is read.
  Worker &w = worker();
  new (&w.changed) std::condition_variable;
  w.isRunning = false;
  w.isIdle = true;
  new (&w.jobs) std::deque<std::vector<Value>>;
});

void work() {
  Worker &w = worker();
  std::unique_lock<std::mutex> lock(w.mutex);
  for (;;) {
    w.changed.wait(lock, [&] { return !w.jobs.empty(); });
    {
      std::vector<Value> values = std::move(w.jobs.front());
      w.jobs.pop_front();
      w.isIdle = false;
      lock.unlock();
      try {
        evaluate(values);
      } catch (const std::exception &) { // NOLINT(bugprone-empty-catch)
        // The values stay recorded: whoever reads them gets the error.
      }
    }
    lock.lock();
    w.isIdle = true;
    w.changed.notify_all();
  }
}

} // namespace

void evaluateAsync(Span<const Value> values) {
  Worker &w = worker();
  {
    std::lock_guard<std::mutex> lock(w.mutex);
    try {
      if (!w.isRunning && fault("thread"))
        throw std::system_error(EAGAIN, std::generic_category());
      if (!w.isRunning)
        std::thread(work).detach();
      w.isRunning = true;
      w.jobs.emplace_back(values.begin(), values.end());
      w.changed.notify_all();
      return;
    } catch (const std::system_error &) { // NOLINT(bugprone-empty-catch)
      // No thread to be had: now is as good as later.
    }
  }
  evaluate(values);
}

void synchronize() {
  Worker &w = worker();
  std::unique_lock<std::mutex> lock(w.mutex);
  while (w.isRunning && (!w.jobs.empty() || !w.isIdle)) {
    w.changed.wait_for(lock, std::chrono::milliseconds(50));
    lock.unlock();
    if (interruptRequested())
      throw Error(ErrorKind::Interrupted, "", "interrupted");
    lock.lock();
  }
}

} // namespace mlxir
