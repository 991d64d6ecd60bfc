// fork(): every lock of the runtime is taken before and given back after, in one fixed order, so that a child never
// inherits a lock that a vanished thread holds (D11).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

#include <cstdint>
#include <mutex>

namespace mlxir {

/// Order in which locks are taken; code that nests locks follows it too.
enum class ForkOrder : uint8_t {
  Finish, // steps that were interrupted too late to stop
  Async,  // background evaluation
  Worker, // compilation
  Pool,   // kernel threads; drained first
  Graph,
  Cache,
  Plans,
  Kernels,
  Disk,
  Storm,
  Loader,
  Names,
  Location,
  Sites, // a front end's locations
  Nodes,
  Memory,
  Count
};

/// A static object: names a lock. The getter keeps the lock itself lazily made.
struct ForkLock {
  using Getter = std::mutex *(*)();
  MLXIR_API ForkLock(ForkOrder order, Getter getter);
};

/// A static object: hooks around the fork, run while the locks are held. Null hooks are skipped.
struct ForkHooks {
  using Hook = void (*)();
  ForkHooks(ForkOrder order, Hook prepare, Hook parent, Hook child);
};

} // namespace mlxir
