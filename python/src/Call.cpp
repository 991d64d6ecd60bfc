// Errors, and the functions of the package that C++ calls back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Call.h"

#include <new>

namespace mlxir::py {
namespace {

PyObject *axisError = nullptr;      // both IndexError and ValueError (D13)
PyObject *inputTypeError = nullptr; // both TypeError and ValueError, as which MLX reports dtypes
PyObject *hooks = nullptr;          // name -> function, filled by the Python part

PyObject *pythonType(ErrorKind kind) {
  switch (kind) {
  case ErrorKind::Value:
    return PyExc_ValueError;
  case ErrorKind::Type:
    return inputTypeError;
  case ErrorKind::Index:
    return axisError;
  case ErrorKind::Memory:
    return PyExc_MemoryError;
  case ErrorKind::Runtime:
    return PyExc_RuntimeError;
  case ErrorKind::Interrupted:
    return PyExc_KeyboardInterrupt;
  case ErrorKind::FloatingPoint:
    return PyExc_FloatingPointError;
  }
  return PyExc_RuntimeError;
}

} // namespace

thread_local bool insideLibrary = false;

void translateException() noexcept {
  try {
    throw;
  } catch (const PythonError &) {
  } catch (const Error &error) {
    // A signal handler that raised has set the error already.
    if (error.kind() != ErrorKind::Interrupted || !PyErr_Occurred())
      PyErr_SetString(pythonType(error.kind()), error.what());
  } catch (const std::bad_alloc &) {
    PyErr_NoMemory();
  } catch (const std::exception &error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
}

PyObject *callHook(const char *name, std::initializer_list<PyObject *> args) {
  PyObject *function = PyDict_GetItemString(hooks, name);
  if (!function) {
    PyErr_Format(PyExc_ImportError, "[%s] expected the package mlxir to be imported first", name);
    throw PythonError();
  }
  return checked(PyObject_Vectorcall(function, args.begin(), args.size(), nullptr));
}

static PyObject *makeError(PyObject *module, const char *name, const char *doc, PyObject *base) {
  Owned bases(PyTuple_Pack(2, base, PyExc_ValueError));
  if (!bases)
    return nullptr;
  std::string qualified = std::string("mlxir.") + name;
  PyObject *type = PyErr_NewExceptionWithDoc(qualified.c_str(), doc, bases.get(), nullptr);
  if (type && PyModule_AddObjectRef(module, name, type) < 0)
    Py_CLEAR(type);
  return type;
}

bool addErrors(PyObject *module) {
  axisError = makeError(module, "AxisError", R"(An axis or index that the array does not have.

Example:
    >>> try:
    ...     mx.sum(mx.ones((2, 3)), axis=2)
    ... except (IndexError, ValueError) as error:  # it is both
    ...     print(type(error).__name__)
    AxisError
)",
                        PyExc_IndexError);
  inputTypeError = makeError(module, "InputTypeError", R"(An argument, or a dtype, of the wrong kind.

Example:
    >>> try:
    ...     mx.sum("abc")
    ... except (TypeError, ValueError) as error:  # it is both
    ...     print(type(error).__name__)
    InputTypeError
)",
                             PyExc_TypeError);
  hooks = PyDict_New();
  return axisError && inputTypeError && hooks && PyModule_AddObjectRef(module, "hooks", hooks) == 0;
}

} // namespace mlxir::py
