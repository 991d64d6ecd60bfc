// The open claims: as many as there are threads evaluating.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/eval/Claims.h"

#include "runtime/support/Error.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>

namespace mlxir {
namespace {

struct OpenClaims {
  uint32_t last = 0;
  unsigned waiting = 0;
  std::vector<uint32_t> open;
  std::condition_variable ended;
};

OpenClaims &claims() {
  static OpenClaims *const instance = new OpenClaims;
  return *instance;
}

// In a child, evaluations of other threads have gone: what they claimed is free again, since a claim that is not open
// blocks nobody.
const ForkHooks forkHooks(ForkOrder::Graph, nullptr, nullptr, [] {
  OpenClaims &c = claims();
  c.open.clear();
  c.waiting = 0;
  new (&c.ended) std::condition_variable;
});

bool isOpen(uint32_t claim) {
  const std::vector<uint32_t> &open = claims().open;
  return std::find(open.begin(), open.end(), claim) != open.end();
}

} // namespace

uint32_t Claims::open() {
  OpenClaims &c = claims();
  if (++c.last == 0)
    ++c.last;
  c.open.push_back(c.last);
  return c.last;
}

void Claims::close(uint32_t claim) {
  OpenClaims &c = claims();
  auto it = std::find(c.open.begin(), c.open.end(), claim);
  if (it == c.open.end())
    return;
  *it = c.open.back();
  c.open.pop_back();
  if (c.waiting)
    c.ended.notify_all();
}

void Claims::wait(uint32_t claim, std::unique_lock<std::mutex> &lock) {
  OpenClaims &c = claims();
  while (isOpen(claim)) {
    ++c.waiting;
    c.ended.wait_for(lock, std::chrono::milliseconds(50));
    --c.waiting;
    if (!isOpen(claim))
      return;
    lock.unlock();
    if (interruptRequested())
      throw Error(ErrorKind::Interrupted, "", "interrupted");
    lock.lock();
  }
}

bool claimIsOpen(uint32_t claim) { return claim && isOpen(claim); }

} // namespace mlxir
