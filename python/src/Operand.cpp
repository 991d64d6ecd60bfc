// From Python objects to operands and attributes of ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Operand.h"

#include "python/src/ArrayInit.h"
#include "python/src/ArrayObject.h"
#include "python/src/DTypeObject.h"

namespace mlxir::py {
namespace {

Scalar integerScalar(PyObject *object) {
  int overflow = 0;
  int64_t value = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow == 0) {
    if (value == -1 && PyErr_Occurred())
      throw PythonError();
    return Scalar::of(value);
  }
  if (overflow > 0) {
    uint64_t wide = PyLong_AsUnsignedLongLong(object);
    if (!PyErr_Occurred())
      return Scalar::of(wide);
    PyErr_Clear();
  }
  raise(ErrorKind::Value, "expected an integer of at most 64 bits");
}

/// NumPy's scalars convert themselves; arrays of one element do too, but those can be iterated and promote as arrays.
bool convertsToNumber(PyObject *object) {
  PyNumberMethods *number = Py_TYPE(object)->tp_as_number;
  return number && (number->nb_float || number->nb_index) && !Py_TYPE(object)->tp_iter;
}

bool isNumPyBool(PyObject *object) {
  std::string_view name = Py_TYPE(object)->tp_name;
  return name == "numpy.bool" || name == "numpy.bool_";
}

} // namespace

bool isNumber(PyObject *object) {
  return PyFloat_Check(object) || PyLong_Check(object) || (!isArray(object) && convertsToNumber(object));
}

Scalar toScalar(PyObject *object) {
  if (PyFloat_Check(object))
    return Scalar::of(PyFloat_AS_DOUBLE(object));
  if (PyBool_Check(object))
    return Scalar::of(object == Py_True);
  if (PyLong_Check(object))
    return integerScalar(object);
  if (PyIndex_Check(object)) {
    Owned index(checked(PyNumber_Index(object)));
    return integerScalar(index.get());
  }
  if (isNumPyBool(object))
    return Scalar::of(PyObject_IsTrue(object) == 1);
  double value = PyFloat_AsDouble(object);
  if (value == -1.0 && PyErr_Occurred())
    throw PythonError();
  return Scalar::of(value);
}

bool tryOperand(PyObject *object, Operand &operand) {
  if (isArray(object)) {
    operand = valueOf(object);
    return true;
  }
  if (PyFloat_Check(object) || PyLong_Check(object)) {
    operand = toScalar(object);
    return true;
  }
  if (PyList_Check(object) || PyTuple_Check(object) || PyUnicode_Check(object) || object == Py_None)
    return false;
  if (convertsToNumber(object)) {
    operand = toScalar(object);
    return true;
  }
  Value value;
  if (!importArrayLike(object, value))
    return false;
  operand = std::move(value);
  operand.adapts = true;
  return true;
}

Operand toOperand(PyObject *object) {
  Operand operand(Scalar::of(0));
  if (!tryOperand(object, operand))
    raise(ErrorKind::Type, std::string("expected an array or a number, got ") + Py_TYPE(object)->tp_name);
  return operand;
}

Value toValue(PyObject *object) {
  if (isArray(object))
    return valueOf(object);
  Operand operand = toOperand(object);
  if (!operand.value)
    return literal(operand.scalar, scalarType(operand.scalar));
  return operand.value;
}

int64_t toInteger(PyObject *object, const char *what) {
  if (PyIndex_Check(object)) {
    Owned index(checked(PyNumber_Index(object)));
    int overflow = 0;
    int64_t value = PyLong_AsLongLongAndOverflow(index.get(), &overflow);
    if (overflow)
      raise(ErrorKind::Type, std::string("expected an integer of 64 bits for ") + what + ", got a larger one");
    return value;
  }
  raise(ErrorKind::Type, std::string("expected an integer for ") + what + ", got " + Py_TYPE(object)->tp_name);
}

std::vector<int64_t> toIntegers(PyObject *object, const char *what) {
  if (PyIndex_Check(object) && !PySequence_Check(object))
    return {toInteger(object, what)};
  Owned items(PySequence_Fast(object, ""));
  if (!items) {
    PyErr_Clear();
    raise(ErrorKind::Type, std::string("expected integers for ") + what + ", got " + Py_TYPE(object)->tp_name);
  }
  std::vector<int64_t> result(PySequence_Fast_GET_SIZE(items.get()));
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = toInteger(PySequence_Fast_GET_ITEM(items.get(), i), what);
  return result;
}

DType toDType(PyObject *object, const char *what) {
  if (isDType(object))
    return dtypeOf(object);
  raise(ErrorKind::Type, std::string("expected a Dtype for ") + what + ", got " + Py_TYPE(object)->tp_name);
}

} // namespace mlxir::py
