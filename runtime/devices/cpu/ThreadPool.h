// The threads that kernels run on. A grid is handed out in chunks through one counter; small grids never leave the
// calling thread. Threads are detached, started lazily, and forgotten by a forked child (D11).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

namespace mlxir {

/// Items [begin, end) with private scratch memory of the running thread.
using GridFn = void (*)(const uint64_t *args, int64_t begin, int64_t end, void *scratch);

struct GridTask {
  GridFn run = nullptr;
  const uint64_t *args = nullptr;
  int64_t items = 0;
  int64_t grain = 1; // items below which splitting does not pay
  size_t scratch = 0;
  bool interruptible = true;
};

/// Takes scratch memory for the calling thread's next grids, so that runGrid cannot fail. Raises Error(Memory).
void reserveScratch(size_t bytes);

/// Runs all items. False if the user interrupted: some items have not run. Raises Error(Memory) if there is no scratch
/// memory; nothing has run then.
bool runGrid(const GridTask &task);

unsigned poolThreads();
void setPoolThreads(unsigned count);

} // namespace mlxir
