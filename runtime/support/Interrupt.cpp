// The hooks that a front end installs: interrupt poll and warnings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/support/Interrupt.h"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <ctime>

namespace mlxir {
namespace {

constexpr int64_t kPollNanoseconds = 50'000'000;

std::atomic<InterruptPoll> interruptPoll{nullptr};
std::atomic<WarningHook> warningHook{nullptr};

int64_t now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

} // namespace

void setInterruptPoll(InterruptPoll poll) { interruptPoll = poll; }
void setWarningHook(WarningHook hook) { warningHook = hook; }

bool interruptRequested() {
  static thread_local int64_t lastPoll = 0;
  InterruptPoll poll = interruptPoll.load(std::memory_order_acquire);
  if (!poll)
    return false;
  int64_t t = now();
  if (t - lastPoll < kPollNanoseconds)
    return false;
  lastPoll = t;
  return poll();
}

void warn(const char *text) {
  if (WarningHook hook = warningHook.load(std::memory_order_acquire))
    hook(text);
  else
    std::fprintf(stderr, "mlxir: %s\n", text);
}

} // namespace mlxir
