// Ctrl-C: long waits and long runs ask a poll that the front end installs (PyErr_CheckSignals under the GIL).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

namespace mlxir {

/// Returns true if the user wants the current call to stop. Called on the thread that called the runtime, at most every
/// 50 ms, never while a runtime lock is held.
using InterruptPoll = bool (*)();
MLXIR_API void setInterruptPoll(InterruptPoll poll);

/// Polls if 50 ms went by since this thread's last poll.
bool interruptRequested();

/// Warnings that no call can return (unusable cache folder, a recompilation storm). Called from any thread, without
/// locks; the text is complete. The default prints to stderr.
using WarningHook = void (*)(const char *text);
MLXIR_API void setWarningHook(WarningHook hook);
void warn(const char *text);

} // namespace mlxir
