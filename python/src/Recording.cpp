// What the Python part needs of the recorder besides the ops: conversions, promotion, in-place writes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Recording.h"

#include "python/src/ArrayInit.h"
#include "python/src/ArrayObject.h"
#include "python/src/DTypeObject.h"
#include "python/src/Operand.h"

#include <cstring>

namespace mlxir::py {
namespace {

using Args = PyObject *const *;

/// Entry points take a fixed number of arguments and are only called from the Python part.
template <size_t count, PyObject *(*body)(Args)> PyObject *entry(PyObject *, PyObject *const *args, Py_ssize_t size) {
  return guarded([&] {
    if (size != static_cast<Py_ssize_t>(count))
      raise(ErrorKind::Type, "expected " + std::to_string(count) + " arguments, got " + std::to_string(size));
    noteLocation();
    return body(args);
  });
}

std::vector<Operand> toOperands(PyObject *list) {
  Owned items(checked(PySequence_Fast(list, "expected a sequence of arrays")));
  std::vector<Operand> operands;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i)
    operands.push_back(toOperand(PySequence_Fast_GET_ITEM(items.get(), i)));
  return operands;
}

PyObject *tupleOf(Span<const Value> values) {
  Owned tuple(checked(PyTuple_New(values.size())));
  for (size_t i = 0; i < values.size(); ++i)
    PyTuple_SET_ITEM(tuple.get(), i, wrap(values[i]));
  return tuple.take();
}

/// The array itself, or a new one from a number or array-like.
PyObject *asArrayObject(Args args) { return isArray(args[0]) ? Py_NewRef(args[0]) : wrap(toValue(args[0])); }

/// The array itself; unlike `as_array` no number is taken for one.
PyObject *requireArray(Args args) {
  if (isArray(args[0]))
    return Py_NewRef(args[0]);
  Value value;
  if (isNumber(args[0]) || PyList_Check(args[0]) || PyTuple_Check(args[0]) || PyUnicode_Check(args[0]) ||
      !importArrayLike(args[0], value))
    raise(ErrorKind::Type, std::string("expected an array, got ") + Py_TYPE(args[0])->tp_name);
  return wrap(std::move(value));
}

PyObject *castTo(Args args) { return wrap(cast(toValue(args[0]), toDType(args[1], "dtype"))); }

PyObject *broadcast(Args args) { return wrap(broadcastTo(toValue(args[0]), toIntegers(args[1], "shape"))); }

PyObject *filled(Args args) {
  return wrap(fill(toScalar(args[0]), toDType(args[1], "dtype"), toIntegers(args[2], "shape")));
}

/// A number as a rank-0 array of a dtype, checked to fit.
PyObject *numberAs(Args args) { return wrap(literal(toScalar(args[0]), toDType(args[1], "dtype"))); }

Promotion promotionOf(PyObject *name) {
  const char *text = PyUnicode_AsUTF8(name);
  if (!text)
    throw PythonError();
  if (!std::strcmp(text, "inexact"))
    return Promotion::Inexact;
  return std::strcmp(text, "same") ? Promotion::None : Promotion::Same;
}

/// promote(arrays, "none" | "same" | "inexact", broadcast) -> tuple
PyObject *promoteAll(Args args) {
  return tupleOf(promote(toOperands(args[0]), promotionOf(args[1]), args[2] == Py_True));
}

PyObject *commonType(Args args) { return Py_NewRef(dtypeObject(resultType(toOperands(args[0])))); }

PyObject *promotePair(Args args) {
  return Py_NewRef(dtypeObject(promoteTypes(toDType(args[0], "dtype"), toDType(args[1], "dtype"))));
}

PyObject *broadcastDims(Args args) {
  Owned items(checked(PySequence_Fast(args[0], "expected shapes")));
  std::vector<std::vector<int64_t>> shapes;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i)
    shapes.push_back(toIntegers(PySequence_Fast_GET_ITEM(items.get(), i), "shape"));
  std::vector<Span<const int64_t>> spans(shapes.begin(), shapes.end());
  return shapeTuple(broadcastShapes(spans));
}

/// In-place: the first array holds from now on what the second does.
PyObject *assignTo(Args args) {
  assign(handleOf(args[0]), valueOf(args[1]));
  return Py_NewRef(args[0]);
}

PyObject *arrayOf(Args args) {
  std::optional<DType> dtype;
  if (args[1] != Py_None)
    dtype = toDType(args[1], "dtype");
  return wrap(arrayFrom(args[0], dtype));
}

/// Shares the memory of a DLPack object or buffer. `copy` is True, False or None.
PyObject *importFrom(Args args) {
  std::optional<bool> copy;
  if (args[1] != Py_None)
    copy = args[1] == Py_True;
  if (PyObject_HasAttrString(args[0], "__dlpack__"))
    return wrap(importDLPack(args[0], copy));
  Value value;
  if (copy != true && PyObject_CheckBuffer(args[0]) && shareBuffer(args[0], value))
    return wrap(std::move(value));
  return Py_NewRef(Py_None);
}

/// leaf(bytes-like, dtype, shape): copied.
PyObject *leaf(Args args) {
  Py_buffer view;
  checked(PyObject_GetBuffer(args[0], &view, PyBUF_SIMPLE));
  struct Release {
    Py_buffer &view;
    ~Release() { PyBuffer_Release(&view); }
  } release{view};
  DType dtype = toDType(args[1], "dtype");
  std::vector<int64_t> dims = toIntegers(args[2], "shape");
  BufferRef buffer = allocateFor(dtype, dims);
  if (buffer->size() != static_cast<size_t>(view.len))
    raise(ErrorKind::Value, "expected " + std::to_string(buffer->size()) + " bytes, got " + std::to_string(view.len));
  if (view.len)
    std::memcpy(buffer->data(), view.buf, view.len);
  return wrap(makeBufferLeaf(std::move(buffer), dtype, dims));
}

/// True if nothing in `array` waits for a placeholder.
PyObject *isConcrete(Args args) {
  Value value = handleOf(args[0]).get();
  if (!value.isEvaluated()) {
    try {
      requireConcrete(value);
    } catch (const Error &) {
      Py_RETURN_FALSE;
    }
  }
  Py_RETURN_TRUE;
}

#define ENTRY(name, count, body, doc)                                                                                  \
  {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(entry<count, body>)), METH_FASTCALL, doc}

PyMethodDef functions[] = {ENTRY("as_array", 1, asArrayObject, "as_array(array or number)"),
                           ENTRY("require_array", 1, requireArray, "require_array(array)"),
                           ENTRY("cast", 2, castTo, "cast(array, dtype)"),
                           ENTRY("broadcast", 2, broadcast, "broadcast(array, shape)"),
                           ENTRY("fill", 3, filled, "fill(number, dtype, shape)"),
                           ENTRY("number_as", 2, numberAs, "number_as(number, dtype)"),
                           ENTRY("promote", 3, promoteAll, "promote(arrays, 'none' | 'same' | 'inexact', broadcast)"),
                           ENTRY("common_type", 1, commonType, "common_type(arrays and numbers)"),
                           ENTRY("promote_types", 2, promotePair, "promote_types(dtype, dtype)"),
                           ENTRY("broadcast_dims", 1, broadcastDims, "broadcast_dims(shapes)"),
                           ENTRY("assign", 2, assignTo, "assign(array, value)"),
                           ENTRY("array_of", 2, arrayOf, "array_of(object, dtype or None)"),
                           ENTRY("import_from", 2, importFrom, "import_from(object, copy)"),
                           ENTRY("leaf", 3, leaf, "leaf(bytes, dtype, shape)"),
                           ENTRY("is_concrete", 1, isConcrete, "is_concrete(array)"),
                           {}};
#undef ENTRY

} // namespace

bool addRecording(PyObject *module) { return PyModule_AddFunctions(module, functions) == 0; }

} // namespace mlxir::py
