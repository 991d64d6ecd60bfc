// What every entry point from Python does: name the function, know the caller's line, turn exceptions into Python's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <Python.h>

#include "runtime/record/Recorder.h"

#include <utility>

namespace mlxir::py {

/// Thrown while a Python error is set.
struct PythonError {};

/// Sets the Python error that the exception in flight stands for.
void translateException() noexcept;

/// Runs `body`, which returns a new reference or throws.
template <typename Body> PyObject *guarded(Body &&body) noexcept {
  try {
    return body();
  } catch (...) {
    translateException();
    return nullptr;
  }
}

/// The same for slots that return 0, or -1 with an error set.
template <typename Body> int guardedStatus(Body &&body) noexcept {
  try {
    body();
    return 0;
  } catch (...) {
    translateException();
    return -1;
  }
}

/// Throws if a Python call has failed.
inline PyObject *checked(PyObject *result) {
  if (!result)
    throw PythonError();
  return result;
}
inline void checked(int status) {
  if (status < 0)
    throw PythonError();
}

/// A static type to be filled in and readied.
inline PyTypeObject staticType() {
  PyTypeObject type{};
  Py_SET_REFCNT(reinterpret_cast<PyObject *>(&type), 1);
  return type;
}

/// An owned reference.
class Owned {
public:
  Owned() = default;
  explicit Owned(PyObject *object) : ptr(object) {}
  Owned(Owned &&other) noexcept : ptr(std::exchange(other.ptr, nullptr)) {}
  Owned &operator=(Owned &&other) noexcept {
    std::swap(ptr, other.ptr);
    return *this;
  }
  ~Owned() { Py_XDECREF(ptr); }
  PyObject *get() const { return ptr; }
  PyObject *take() { return std::exchange(ptr, nullptr); }
  explicit operator bool() const { return ptr != nullptr; }

private:
  PyObject *ptr = nullptr;
};

/// Calls a function of the Python part of the package, by its name in `mlxir._hooks`. Steals nothing.
PyObject *callHook(const char *name, std::initializer_list<PyObject *> args);

/// Location id of the innermost Python frame outside of this package.
uint32_t callerLocation();
/// Installs the resolver that turns ids into file and line.
void installLocations(const char *packageFolder);

/// True while a function of this package is being called, so that the ops it records belong to its caller's line.
extern thread_local bool insideLibrary;

/// Lives while a public function runs. The outermost one decides name and line.
class PublicCall {
public:
  explicit PublicCall(const char *name) : function(name), nested(insideLibrary) {
    if (!nested) {
      setLocation(callerLocation());
      insideLibrary = true;
    }
  }
  ~PublicCall() { insideLibrary = nested; }
  PublicCall(const PublicCall &) = delete;
  PublicCall &operator=(const PublicCall &) = delete;

private:
  FunctionName function;
  bool nested;
};

/// An op that is recorded by an operator: the line, but no name to set up since the op itself is to blame.
inline void noteLocation() {
  if (!insideLibrary)
    setLocation(callerLocation());
}

/// Adds exception types and hooks to the module.
bool addErrors(PyObject *module);

} // namespace mlxir::py
