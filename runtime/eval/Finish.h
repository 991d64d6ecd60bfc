// Work that has to come to its end after the user has interrupted the thread that began it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <functional>

namespace mlxir {

/// Goes on with `work` on a thread of its own, which has `scratchBytes` of scratch memory. `work` must not throw. False
/// if there is no such thread, or another work is being finished: the caller does it then. fork() waits for its end,
/// so that a child finds what it makes.
bool finishElsewhere(size_t scratchBytes, std::function<void()> work);

} // namespace mlxir
