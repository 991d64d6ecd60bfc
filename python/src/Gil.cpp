// The interpreter's lock, let go and taken by threads that may outlive the interpreter.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Gil.h"

#include "runtime/cache/Compiler.h"

#include <atomic>
#include <pthread.h>
#include <unistd.h>

namespace mlxir::py {
namespace {

std::atomic<bool> isClosed{false};
std::atomic<int> entering{0}; // threads that wait for the lock
thread_local bool isClosing = false;

// A child has one thread, and that one does not wait.
const int forkHandler = pthread_atfork(nullptr, nullptr, [] { entering = 0; });

/// Announces itself before it looks whether it may, so that closeInterpreter waits for whoever got through.
bool mayEnter() {
  ++entering;
  if (!isClosed || isClosing)
    return true;
  --entering;
  return false;
}

} // namespace

WithoutGil::~WithoutGil() {
  while (!mayEnter())
    pause();
  PyEval_RestoreThread(state);
  --entering;
}

WithGil::WithGil() : taken(mayEnter()) {
  if (taken) {
    state = PyGILState_Ensure();
    --entering;
  }
}

WithGil::~WithGil() {
  if (taken)
    PyGILState_Release(state);
}

void closeInterpreter() {
  isClosing = true;
  isClosed = true;
  PyThreadState *state = PyEval_SaveThread();
  stopCompiler();
  while (entering > 0)
    usleep(100);
  PyEval_RestoreThread(state);
}

} // namespace mlxir::py
