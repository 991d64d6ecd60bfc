// MLXIR_DEBUG=guards: bytes before and behind each buffer that nothing may write, looked at when the buffer is freed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

#include <cstddef>

namespace mlxir {

/// Before and behind; the alignment of a buffer stays what it is.
constexpr size_t kGuardBytes = 64;

/// For buffers made from now on. At first what the environment says.
MLXIR_API void setGuards(bool on);
bool guardsAreOn();

/// Of a block of `bytes` between guards: writes the guards, and returns where the buffer begins.
void *fillGuards(void *block, size_t bytes);
/// The block of a buffer that begins at `data`. Ends the process with a message if its guards were written: memory of
/// others may be damaged.
void *checkGuards(void *data, size_t bytes);

} // namespace mlxir
