// The Python type `array`: a handle of the runtime and nothing else.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "python/src/Call.h"

#include "runtime/array/Array.h"
#include "runtime/record/Scope.h"

namespace mlxir::py {

struct ArrayObject {
  PyObject_HEAD Array *handle; // owned; null only between __new__ and __init__
  PyObject *weakReferences;
};

extern PyTypeObject arrayType;

/// Readies the type and its helpers, and puts them into `module`.
bool addArray(PyObject *module);

inline bool isArray(PyObject *object) {
  return Py_TYPE(object) == &arrayType || PyType_IsSubtype(Py_TYPE(object), &arrayType);
}

/// The handle; throws if `__init__` has not run.
Array &handleOf(PyObject *array);
/// The value to record ops on (lifts captured arrays under jit).
inline Value valueOf(PyObject *array) { return use(handleOf(array)); }

/// A new array object. `record` has just made the value, so recording may be due to flush itself.
PyObject *wrap(Value value);

/// The buffer of an evaluated value; evaluates without the GIL. `reader` is the function that errors name.
BufferRef readBuffer(const Value &value, const char *reader);
void evaluateValues(Span<const Value> values);

/// A tuple of ints.
PyObject *shapeTuple(Span<const int64_t> dims);

// The slots, by file.
extern PyNumberMethods arrayNumberMethods;                           // ArrayNumber.cpp
PyObject *compareArrays(PyObject *self, PyObject *other, int which); // ArrayNumber.cpp
extern PyBufferProcs arrayBufferProcs;                               // ArrayShare.cpp
PyObject *exportDLPack(PyObject *self, PyObject *args,
                       PyObject *kwargs);                        // ArrayShare.cpp
PyObject *dlpackDevice(PyObject *self, PyObject *);              // ArrayShare.cpp
int initArray(PyObject *self, PyObject *args, PyObject *kwargs); // ArrayInit.cpp
PyObject *representArray(PyObject *self);                        // ArrayPrint.cpp

} // namespace mlxir::py
