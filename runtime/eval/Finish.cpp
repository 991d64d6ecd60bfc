// One thread at a time, that lives as long as its work.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/eval/Finish.h"

#include "runtime/devices/cpu/ThreadPool.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Fork.h"

#include <future>
#include <mutex>
#include <system_error>
#include <thread>

namespace mlxir {
namespace {

/// Held while something is finished.
std::mutex &finishing() {
  static std::mutex *const instance = new std::mutex;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Finish, [] { return &finishing(); });

bool hasScratch(size_t bytes) {
  try {
    reserveScratch(bytes);
    return true;
  } catch (const Error &) {
    return false;
  }
}

} // namespace

bool finishElsewhere(size_t scratchBytes, std::function<void()> work) {
  std::promise<bool> promise;
  std::future<bool> hasBegun = promise.get_future();
  auto body = [scratchBytes, work = std::move(work), promise = std::move(promise)]() mutable {
    std::unique_lock<std::mutex> lock(finishing(), std::try_to_lock);
    bool begins = lock.owns_lock() && hasScratch(scratchBytes);
    promise.set_value(begins);
    if (begins)
      work();
  };
  try {
    if (fault("thread"))
      throw std::system_error(EAGAIN, std::generic_category());
    std::thread(std::move(body)).detach();
  } catch (const std::system_error &) {
    return false;
  }
  return hasBegun.get();
}

} // namespace mlxir
