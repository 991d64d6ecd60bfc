// One element between memory, C++ numbers and Python objects.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Element.h"

#include "runtime/support/Half.h"

#include <cinttypes>
#include <cmath>
#include <cstring>

namespace mlxir::py {
namespace {

template <typename T> T load(const void *memory) {
  T value;
  std::memcpy(&value, memory, sizeof value);
  return value;
}

template <typename T> void store(void *memory, T value) { std::memcpy(memory, &value, sizeof value); }

/// The cast of hardware: NaN and what is out of range give the smallest value.
int64_t truncate(double value) {
  if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0))
    return value >= 9223372036854775808.0 && value < 18446744073709551616.0
               ? static_cast<int64_t>(static_cast<uint64_t>(value))
               : INT64_MIN;
  return static_cast<int64_t>(value);
}

} // namespace

double loadDouble(DType dtype, const void *memory) {
  switch (dtype) {
  case DType::Float16:
    return fromFloat16(load<uint16_t>(memory));
  case DType::BFloat16:
    return fromBFloat16(load<uint16_t>(memory));
  case DType::Float32:
    return load<float>(memory);
  case DType::Float64:
    return load<double>(memory);
  case DType::UInt64:
    return static_cast<double>(load<uint64_t>(memory));
  default:
    return static_cast<double>(loadInteger(dtype, memory));
  }
}

int64_t loadInteger(DType dtype, const void *memory) {
  switch (dtype) {
  case DType::Bool:
    return load<uint8_t>(memory) != 0;
  case DType::UInt8:
    return load<uint8_t>(memory);
  case DType::UInt16:
    return load<uint16_t>(memory);
  case DType::UInt32:
    return load<uint32_t>(memory);
  case DType::Int8:
    return load<int8_t>(memory);
  case DType::Int16:
    return load<int16_t>(memory);
  case DType::Int32:
    return load<int32_t>(memory);
  case DType::UInt64:
  case DType::Int64:
    return load<int64_t>(memory);
  default:
    return truncate(loadDouble(dtype, memory));
  }
}

PyObject *loadElement(DType dtype, const void *memory) {
  switch (typeClass(dtype)) {
  case TypeClass::Bool:
    return PyBool_FromLong(loadInteger(dtype, memory) != 0);
  case TypeClass::Float:
    return PyFloat_FromDouble(loadDouble(dtype, memory));
  case TypeClass::Complex:
    return PyComplex_FromDoubles(load<float>(memory), load<float>(static_cast<const char *>(memory) + sizeof(float)));
  default:
    if (dtype == DType::UInt64)
      return PyLong_FromUnsignedLongLong(load<uint64_t>(memory));
    return PyLong_FromLongLong(loadInteger(dtype, memory));
  }
}

void storeDouble(DType dtype, double value, void *memory) {
  switch (dtype) {
  case DType::Bool:
    return store<uint8_t>(memory, value != 0);
  case DType::Float16:
    return store(memory, toFloat16(static_cast<float>(value)));
  case DType::BFloat16:
    return store(memory, toBFloat16(static_cast<float>(value)));
  case DType::Float32:
    return store(memory, static_cast<float>(value));
  case DType::Float64:
    return store(memory, value);
  default:
    return storeInteger(dtype, truncate(value), memory);
  }
}

void storeInteger(DType dtype, int64_t value, void *memory) {
  if (dtype == DType::Bool)
    return store<uint8_t>(memory, value != 0);
  if (typeClass(dtype) == TypeClass::Float)
    return storeDouble(dtype, static_cast<double>(value), memory);
  // Little-endian: the low bytes are the wrapped value.
  std::memcpy(memory, &value, itemSize(dtype));
}

bool storeElement(DType dtype, PyObject *object, void *memory) {
  if (PyFloat_Check(object)) {
    storeDouble(dtype, PyFloat_AS_DOUBLE(object), memory);
    return true;
  }
  if (PyBool_Check(object)) {
    storeInteger(dtype, object == Py_True, memory);
    return true;
  }
  if (!PyLong_Check(object)) {
    PyErr_Format(PyExc_ValueError, "[array] expected numbers or arrays, got %s", Py_TYPE(object)->tp_name);
    return false;
  }
  int overflow = 0;
  int64_t value = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (!overflow) {
    storeInteger(dtype, value, memory);
    return true;
  }
  if (typeClass(dtype) == TypeClass::Float) {
    double real = PyLong_AsDouble(object);
    if (real == -1.0 && PyErr_Occurred())
      return false;
    storeDouble(dtype, real, memory);
    return true;
  }
  uint64_t wide = overflow > 0 ? PyLong_AsUnsignedLongLong(object) : 0;
  if (overflow < 0 || dtype != DType::UInt64 || PyErr_Occurred()) {
    PyErr_Clear();
    PyErr_Format(PyExc_ValueError, "[array] expected integers that %s can hold, got %R", dtypeName(dtype), object);
    return false;
  }
  store(memory, wide);
  return true;
}

void formatElement(DType dtype, const void *memory, int precision, std::string &out) {
  char text[512];
  int size = 0;
  switch (typeClass(dtype)) {
  case TypeClass::Bool:
    out += loadInteger(dtype, memory) ? "True" : "False";
    return;
  case TypeClass::Unsigned:
    size = std::snprintf(text, sizeof text, "%" PRIu64, static_cast<uint64_t>(loadInteger(dtype, memory)));
    break;
  case TypeClass::Signed:
    size = std::snprintf(text, sizeof text, "%" PRId64, loadInteger(dtype, memory));
    break;
  default: {
    double value = loadDouble(dtype, memory);
    if (std::isnan(value)) {
      out += "nan";
      return;
    }
    size = precision < 0 ? std::snprintf(text, sizeof text, "%g", value)
                         : std::snprintf(text, sizeof text, "%.*f", precision, value);
  }
  }
  if (size > 0)
    out.append(text, std::min<size_t>(size, sizeof text - 1));
}

} // namespace mlxir::py
