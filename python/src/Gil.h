// The interpreter's lock, let go and taken by threads that may outlive the interpreter.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "python/src/Call.h"

namespace mlxir::py {

/// From here to the end of the scope other Python threads run. A thread that wants back into an interpreter which is
/// ending stays here for ever: Python would end it by an unwinding that C++ cannot let through.
class WithoutGil {
public:
  WithoutGil() : state(PyEval_SaveThread()) {}
  ~WithoutGil();
  WithoutGil(const WithoutGil &) = delete;
  WithoutGil &operator=(const WithoutGil &) = delete;

private:
  PyThreadState *state;
};

/// For any thread. False, and without the lock, if the interpreter is ending or gone.
class WithGil {
public:
  WithGil();
  ~WithGil();
  WithGil(const WithGil &) = delete;
  WithGil &operator=(const WithGil &) = delete;
  explicit operator bool() const { return taken; }

private:
  bool taken;
  PyGILState_STATE state;
};

/// To be called when the interpreter is about to end, with its lock. From then on no other thread comes back into it.
void closeInterpreter();

} // namespace mlxir::py
