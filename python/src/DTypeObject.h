// The Python type `Dtype`: one object per element type, compared by identity.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <Python.h>

#include "runtime/format/DType.h"

namespace mlxir::py {

struct DTypeObject {
  PyObject_HEAD DType dtype;
};

extern PyTypeObject dtypeType;

/// Readies the type and puts `Dtype` and its instances into `module`. False with a Python error set.
bool addDTypes(PyObject *module);

/// Borrowed.
PyObject *dtypeObject(DType dtype);

inline bool isDType(PyObject *object) { return Py_TYPE(object) == &dtypeType; }
inline DType dtypeOf(PyObject *object) { return reinterpret_cast<DTypeObject *>(object)->dtype; }

} // namespace mlxir::py
