// The Python type `Dtype`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/DTypeObject.h"

#include "python/src/Call.h"

#include <string>

namespace mlxir::py {
namespace {

DTypeObject instances[kNumDTypes];

/// The module attribute: "bool" is Python's own name.
std::string attributeName(DType dtype) { return dtype == DType::Bool ? "bool_" : dtypeName(dtype); }

PyObject *represent(PyObject *self) { return PyUnicode_FromFormat("mlxir.%s", dtypeName(dtypeOf(self))); }

Py_hash_t hash(PyObject *self) { return static_cast<Py_hash_t>(dtypeOf(self)) + 1; }

PyObject *getSize(PyObject *self, void *) { return PyLong_FromSize_t(itemSize(dtypeOf(self))); }

PyObject *getName(PyObject *self, void *) { return PyUnicode_FromString(dtypeName(dtypeOf(self))); }

/// Pickled and copied by name, so that there is one object per type.
PyObject *reduce(PyObject *self, PyObject *) { return PyUnicode_FromString(attributeName(dtypeOf(self)).c_str()); }

PyGetSetDef properties[] = {{"size", getSize, nullptr, "Bytes of one element.", nullptr},
                            {"name", getName, nullptr, "The name that NumPy uses too.", nullptr},
                            {}};

PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr}, {}};

} // namespace

PyTypeObject dtypeType = staticType();

PyObject *dtypeObject(DType dtype) { return reinterpret_cast<PyObject *>(&instances[static_cast<unsigned>(dtype)]); }

bool addDTypes(PyObject *module) {
  dtypeType.tp_name = "mlxir.Dtype";
  dtypeType.tp_doc = R"(The type of an array's elements.

Example:
    >>> mx.array([1, 2]).dtype, mx.float16.size
    (mlxir.int32, 2)
)";
  dtypeType.tp_basicsize = sizeof(DTypeObject);
  dtypeType.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  dtypeType.tp_repr = represent;
  dtypeType.tp_hash = hash;
  dtypeType.tp_getset = properties;
  dtypeType.tp_methods = methods;
  if (PyType_Ready(&dtypeType) < 0 ||
      PyModule_AddObjectRef(module, "Dtype", reinterpret_cast<PyObject *>(&dtypeType)) < 0)
    return false;
  for (unsigned i = 0; i < kNumDTypes; ++i) {
    DType dtype = static_cast<DType>(i);
    PyObject *object = dtypeObject(dtype);
    PyObject_Init(object, &dtypeType);
    instances[i].dtype = dtype;
    if (dtype != DType::Complex64 && PyModule_AddObjectRef(module, attributeName(dtype).c_str(), object) < 0)
      return false;
  }
  return true;
}

} // namespace mlxir::py
