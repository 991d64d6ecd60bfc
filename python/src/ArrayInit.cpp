// Arrays from Python data.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/ArrayInit.h"

#include "python/src/ArrayObject.h"
#include "python/src/DTypeObject.h"
#include "python/src/Element.h"
#include "python/src/Operand.h"

#include <cstring>

namespace mlxir::py {
namespace {

bool isSequence(PyObject *object) { return PyList_Check(object) || PyTuple_Check(object); }

/// The widest kind of number among the leaves of a nested list, and its shape.
struct Nested {
  std::vector<int64_t> dims;
  NumberClass widest = NumberClass::Bool;
  bool needsInt64 = false;
  bool needsUInt64 = false;
  bool holdsArrays = false;
};

[[noreturn]] void raiseUneven() {
  raise(ErrorKind::Value, "expected lists of one length at each depth, got uneven ones");
}

void inspectNumber(PyObject *object, Nested &nested) {
  NumberClass kind = NumberClass::Float;
  if (PyBool_Check(object)) {
    kind = NumberClass::Bool;
  } else if (PyLong_Check(object)) {
    kind = NumberClass::Int;
    int overflow = 0;
    int64_t value = PyLong_AsLongLongAndOverflow(object, &overflow);
    nested.needsUInt64 |= overflow > 0;
    nested.needsInt64 |= value != static_cast<int32_t>(value);
  } else if (!PyFloat_Check(object)) {
    raise(ErrorKind::Value, std::string("expected numbers or arrays, got ") + Py_TYPE(object)->tp_name);
  }
  nested.widest = std::max(nested.widest, kind);
}

void inspect(PyObject *object, size_t depth, Nested &nested) {
  if (!isSequence(object)) {
    if (depth != nested.dims.size())
      raiseUneven();
    return inspectNumber(object, nested);
  }
  Py_ssize_t size = PySequence_Fast_GET_SIZE(object);
  if (depth == nested.dims.size() || nested.dims[depth] != size)
    raiseUneven();
  for (Py_ssize_t i = 0; i < size; ++i)
    inspect(PySequence_Fast_GET_ITEM(object, i), depth + 1, nested);
}

/// Looks for arrays first: a list with arrays is stacked, so that gradients flow through it.
bool holdsArrays(PyObject *object) {
  if (!isSequence(object))
    return isArray(object);
  for (Py_ssize_t i = 0, n = PySequence_Fast_GET_SIZE(object); i < n; ++i)
    if (holdsArrays(PySequence_Fast_GET_ITEM(object, i)))
      return true;
  return false;
}

void storeNested(PyObject *object, DType dtype, char *&memory) {
  if (!isSequence(object)) {
    if (!storeElement(dtype, object, memory))
      throw PythonError();
    memory += itemSize(dtype);
    return;
  }
  for (Py_ssize_t i = 0, n = PySequence_Fast_GET_SIZE(object); i < n; ++i)
    storeNested(PySequence_Fast_GET_ITEM(object, i), dtype, memory);
}

DType defaultType(const Nested &nested) {
  switch (nested.widest) {
  case NumberClass::Bool:
    return DType::Bool;
  case NumberClass::Int:
    return nested.needsUInt64 ? DType::UInt64 : nested.needsInt64 ? DType::Int64 : DType::Int32;
  case NumberClass::Float:
    break;
  }
  return DType::Float32;
}

Value arrayFromNested(PyObject *object, std::optional<DType> dtype) {
  Nested nested;
  for (PyObject *level = object; isSequence(level); level = PySequence_Fast_GET_ITEM(level, 0)) {
    nested.dims.push_back(PySequence_Fast_GET_SIZE(level));
    if (nested.dims.back() == 0)
      break;
    if (nested.dims.size() > 64)
      raise(ErrorKind::Value, "expected lists at most 64 deep");
  }
  inspect(object, 0, nested);
  bool isEmpty = false;
  for (int64_t dim : nested.dims)
    isEmpty |= dim == 0;
  DType type = dtype.value_or(isEmpty ? DType::Float32 : defaultType(nested));
  BufferRef buffer = allocateFor(type, nested.dims);
  char *memory = static_cast<char *>(buffer->data());
  storeNested(object, type, memory);
  return makeBufferLeaf(std::move(buffer), type, nested.dims);
}

Value arrayFromNumber(PyObject *object, std::optional<DType> dtype) {
  DType type = dtype.value_or(DType::Float32);
  if (!dtype) {
    Nested nested;
    inspectNumber(object, nested);
    type = defaultType(nested);
  }
  char element[16];
  if (!storeElement(type, object, element))
    throw PythonError();
  return makeLeaf(type, {}, element);
}

/// Holds a Py_buffer for as long as this lives.
struct HeldBuffer {
  Py_buffer view{};
  bool isHeld = false;
  ~HeldBuffer() {
    if (isHeld)
      PyBuffer_Release(&view);
  }
};

/// `keepDouble`: float64 was asked for by name. Python's default float is wider than anybody needs otherwise.
Value copyBuffer(Py_buffer &view, DType dtype, bool keepDouble) {
  Span<const int64_t> dims(reinterpret_cast<const int64_t *>(view.shape), view.shape ? view.ndim : 0);
  BufferRef buffer = allocateFor(dtype, dims);
  if (view.len > 0)
    checked(PyBuffer_ToContiguous(buffer->data(), &view, view.len, 'C'));
  if (dtype != DType::Float64 || keepDouble)
    return makeBufferLeaf(std::move(buffer), dtype, dims);
  BufferRef narrow = allocateFor(DType::Float32, dims);
  auto *from = static_cast<const double *>(buffer->data());
  auto *to = static_cast<float *>(narrow->data());
  for (Py_ssize_t i = 0, n = view.len / sizeof(double); i < n; ++i)
    to[i] = static_cast<float>(from[i]);
  return makeBufferLeaf(std::move(narrow), DType::Float32, dims);
}

bool importBuffer(PyObject *object, bool keepDouble, Value &value) {
  if (!PyObject_CheckBuffer(object))
    return false;
  HeldBuffer held;
  if (PyObject_GetBuffer(object, &held.view, PyBUF_FULL_RO) < 0) {
    PyErr_Clear(); // NumPy has no format for ml_dtypes; `__array__` is next
    return false;
  }
  held.isHeld = true;
  DType dtype;
  if (!dtypeOfFormat(held.view.format, held.view.itemsize, dtype))
    raise(ErrorKind::Value, std::string("expected elements of a type that arrays have, got "
                                        "buffer format '") +
                                (held.view.format ? held.view.format : "B") + "'");
  value = copyBuffer(held.view, dtype, keepDouble);
  return true;
}

/// False if the object refuses and `mayFail`: NumPy does for the types of ml_dtypes.
bool importTensor(PyObject *object, bool keepDouble, bool mayFail, Value &value) {
  try {
    value = importDLPack(object, true);
  } catch (const PythonError &) {
    if (!mayFail || !PyErr_ExceptionMatches(PyExc_BufferError))
      throw;
    PyErr_Clear();
    return false;
  }
  if (value.dtype() == DType::Float64 && !keepDouble)
    value = cast(value, DType::Float32);
  return true;
}

/// Objects that say themselves how they become an array.
bool importByMethod(PyObject *object, bool keepDouble, Value &value) {
  for (const char *method : {"__mlxir_array__", "__mlx_array__"}) {
    if (!PyObject_HasAttrString(object, method))
      continue;
    Owned converted(checked(PyObject_CallMethod(object, method, nullptr)));
    if (!isArray(converted.get()))
      raise(ErrorKind::Type,
            std::string("expected ") + method + " to return an array, got " + Py_TYPE(converted.get())->tp_name);
    value = valueOf(converted.get());
    return true;
  }
  bool hasArray = PyObject_HasAttrString(object, "__array__");
  if (PyObject_HasAttrString(object, "__dlpack__") && importTensor(object, keepDouble, hasArray, value))
    return true;
  if (!hasArray)
    return false;
  Owned converted(callHook("from_numpy", {object}));
  if (!isArray(converted.get()))
    throw PythonError();
  value = valueOf(converted.get());
  return true;
}

bool import(PyObject *object, bool keepDouble, Value &value) {
  if (PyType_Check(object))
    return false;
  return importBuffer(object, keepDouble, value) || importByMethod(object, keepDouble, value);
}

} // namespace

BufferRef allocateFor(DType dtype, Span<const int64_t> dims) {
  size_t bytes = itemSize(dtype);
  for (int64_t dim : dims)
    if (dim < 0 || __builtin_mul_overflow(bytes, static_cast<size_t>(dim), &bytes))
      raise(ErrorKind::Memory, "expected a size that memory can hold");
  return Buffer::allocate(bytes);
}

Value makeLeaf(DType dtype, Span<const int64_t> dims, const void *data) {
  BufferRef buffer = allocateFor(dtype, dims);
  size_t bytes = itemSize(dtype);
  for (int64_t dim : dims)
    bytes *= dim;
  if (bytes)
    std::memcpy(buffer->data(), data, bytes);
  return makeBufferLeaf(std::move(buffer), dtype, dims);
}

bool dtypeOfFormat(const char *format, Py_ssize_t size, DType &dtype) {
  if (!format)
    format = "B";
  if (*format == '@' || *format == '=' || *format == '<')
    ++format;
  if (format[0] == '\0' || format[1] != '\0')
    return false;
  TypeClass kind;
  switch (*format) {
  case '?':
    dtype = DType::Bool;
    return size == 1;
  case 'b':
  case 'h':
  case 'i':
  case 'l':
  case 'q':
  case 'n':
    kind = TypeClass::Signed;
    break;
  case 'B':
  case 'c':
  case 'H':
  case 'I':
  case 'L':
  case 'Q':
  case 'N':
    kind = TypeClass::Unsigned;
    break;
  case 'e':
  case 'f':
  case 'd':
    kind = TypeClass::Float;
    break;
  default:
    return false;
  }
  for (unsigned i = 0; i < kNumDTypes; ++i) {
    dtype = static_cast<DType>(i);
    if (typeClass(dtype) == kind && dtype != DType::BFloat16 && itemSize(dtype) == static_cast<size_t>(size))
      return true;
  }
  return false;
}

const char *formatOfDType(DType dtype) {
  constexpr const char *formats[kNumDTypes] = {"?", "B", "H", "I",     "Q", "b", "h",
                                               "i", "q", "e", nullptr, "f", "d", "Zf"};
  return formats[static_cast<unsigned>(dtype)];
}

bool importArrayLike(PyObject *object, Value &value) { return import(object, false, value); }

Value arrayFrom(PyObject *object, std::optional<DType> dtype) {
  if (isArray(object)) {
    Value value = valueOf(object);
    return dtype ? cast(value, *dtype) : value;
  }
  if (PyBool_Check(object) || PyLong_Check(object) || PyFloat_Check(object))
    return arrayFromNumber(object, dtype);
  if (isSequence(object)) {
    if (!holdsArrays(object))
      return arrayFromNested(object, dtype);
    Owned stacked(callHook("stack_nested", {object}));
    return arrayFrom(stacked.get(), dtype);
  }
  Value value;
  if (!import(object, dtype == DType::Float64, value)) {
    if (!isNumber(object))
      raise(ErrorKind::Type,
            std::string("expected a number, a list, an array or a buffer, got ") + Py_TYPE(object)->tp_name);
    Owned number(checked(PyNumber_Float(object)));
    return arrayFromNumber(number.get(), dtype);
  }
  return dtype ? cast(value, *dtype) : value;
}

int initArray(PyObject *self, PyObject *args, PyObject *kwargs) {
  static const char *keywords[] = {"val", "dtype", nullptr};
  PyObject *object = nullptr, *dtype = Py_None;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:array", const_cast<char **>(keywords), &object, &dtype))
    return -1;
  return guardedStatus([&] {
    PublicCall call("array");
    std::optional<DType> type;
    if (dtype != Py_None)
      type = toDType(dtype, "dtype");
    ArrayRef handle = Array::make(arrayFrom(object, type));
    auto *array = reinterpret_cast<ArrayObject *>(self);
    if (array->handle)
      array->handle->release();
    array->handle = handle.take();
  });
}

} // namespace mlxir::py
