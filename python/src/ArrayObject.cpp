// The Python type `array`: life cycle, properties, reading values, iteration, copying.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/ArrayObject.h"

#include "python/src/ArrayInit.h"
#include "python/src/DTypeObject.h"
#include "python/src/Element.h"
#include "python/src/Gil.h"
#include "python/src/Operand.h"

#include "runtime/eval/Eval.h"
#include "runtime/record/Record.h"

#include <algorithm>
#include <cstddef>

namespace mlxir::py {
namespace {

ArrayObject *asArray(PyObject *object) { return reinterpret_cast<ArrayObject *>(object); }

PyObject *newArray(PyTypeObject *type, PyObject *, PyObject *) {
  return type->tp_alloc(type, 0); // zeroed: no handle yet
}

void deallocate(PyObject *self) {
  ArrayObject *array = asArray(self);
  if (array->weakReferences)
    PyObject_ClearWeakRefs(self);
  if (array->handle)
    array->handle->release();
  PyTypeObject *type = Py_TYPE(self);
  type->tp_free(self);
  if (type->tp_flags & Py_TPFLAGS_HEAPTYPE)
    Py_DECREF(type);
}

// Properties. None of them evaluates anything.

PyObject *getShape(PyObject *self, void *) {
  return guarded([&] { return shapeTuple(handleOf(self).get().dims()); });
}
PyObject *getDType(PyObject *self, void *) {
  return guarded([&] { return Py_NewRef(dtypeObject(handleOf(self).get().dtype())); });
}
PyObject *getRank(PyObject *self, void *) {
  return guarded([&] { return PyLong_FromLong(handleOf(self).get().rank()); });
}
PyObject *getSize(PyObject *self, void *) {
  return guarded([&] { return PyLong_FromLongLong(handleOf(self).get().size()); });
}
PyObject *getItemSize(PyObject *self, void *) {
  return guarded([&] { return PyLong_FromSize_t(itemSize(handleOf(self).get().dtype())); });
}
PyObject *getBytes(PyObject *self, void *) {
  return guarded([&] { return PyLong_FromLongLong(handleOf(self).get().nbytes()); });
}
/// Properties that the Python part computes.
PyObject *getByHook(PyObject *self, void *name) {
  return guarded([&] { return callHook(static_cast<const char *>(name), {self}); });
}

PyGetSetDef properties[] = {
    {"shape", getShape, nullptr, "Sizes of the axes, as a tuple.", nullptr},
    {"dtype", getDType, nullptr, "Type of the elements.", nullptr},
    {"ndim", getRank, nullptr, "Number of axes.", nullptr},
    {"size", getSize, nullptr, "Number of elements.", nullptr},
    {"itemsize", getItemSize, nullptr, "Bytes of one element.", nullptr},
    {"nbytes", getBytes, nullptr, "Bytes of all elements.", nullptr},
    {"T", getByHook, nullptr, "The array with its axes reversed.", const_cast<char *>("transpose")},
    {"mT", getByHook, nullptr, "The array with its last two axes swapped.", const_cast<char *>("matrix_transpose")},
    {"real", getByHook, nullptr, "The real part.", const_cast<char *>("real")},
    {"imag", getByHook, nullptr, "The imaginary part.", const_cast<char *>("imag")},
    {"at", getByHook, nullptr, "Updates at an index that accumulate: `a.at[i].add(v)`.", const_cast<char *>("at")},
    {}};

// Reading values.

PyObject *readItem(PyObject *self, const char *reader) {
  Value value = useElements(handleOf(self));
  FunctionName name(reader);
  if (value.size() != 1)
    raise(ErrorKind::Value, "expected an array of one element, got shape " + shapeText(value.dims()));
  return loadElement(value.dtype(), readBuffer(value, reader)->data());
}

PyObject *item(PyObject *self, PyObject *) {
  return guarded([&] { return readItem(self, "item"); });
}

int truth(PyObject *self) {
  Owned element(guarded([&] { return readItem(self, "bool"); }));
  return element ? PyObject_IsTrue(element.get()) : -1;
}

PyObject *toInt(PyObject *self) {
  Owned element(guarded([&] { return readItem(self, "int"); }));
  return element ? PyNumber_Long(element.get()) : nullptr;
}

PyObject *toFloat(PyObject *self) {
  Owned element(guarded([&] { return readItem(self, "float"); }));
  return element ? PyNumber_Float(element.get()) : nullptr;
}

PyObject *toComplex(PyObject *self, PyObject *) {
  Owned element(guarded([&] { return readItem(self, "complex"); }));
  if (!element)
    return nullptr;
  double real = PyFloat_AsDouble(element.get());
  return PyErr_Occurred() ? nullptr : PyComplex_FromDoubles(real, 0);
}

PyObject *toIndex(PyObject *self) {
  return guarded([&]() -> PyObject * {
    Value value = handleOf(self).get();
    TypeClass kind = typeClass(value.dtype());
    FunctionName name("index");
    if (value.rank() != 0 || (kind != TypeClass::Signed && kind != TypeClass::Unsigned))
      raise(ErrorKind::Type, std::string("expected an integer array of shape (), got ") + dtypeName(value.dtype()) +
                                 shapeText(value.dims()));
    return readItem(self, "index");
  });
}

PyObject *listOf(const Value &value, unsigned axis, const char *&memory) {
  if (axis == value.rank()) {
    PyObject *element = loadElement(value.dtype(), memory);
    memory += itemSize(value.dtype());
    return checked(element);
  }
  Py_ssize_t size = value.dims()[axis];
  Owned list(checked(PyList_New(size)));
  for (Py_ssize_t i = 0; i < size; ++i)
    PyList_SET_ITEM(list.get(), i, listOf(value, axis + 1, memory));
  return list.take();
}

PyObject *toList(PyObject *self, PyObject *) {
  return guarded([&] {
    Value value = useElements(handleOf(self));
    BufferRef buffer = readBuffer(value, "tolist");
    const char *memory = static_cast<const char *>(buffer->data());
    return listOf(value, 0, memory);
  });
}

PyObject *toBytes(PyObject *self, PyObject *) {
  return guarded([&] {
    Value value = useElements(handleOf(self));
    BufferRef buffer = readBuffer(value, "bytes");
    return PyBytes_FromStringAndSize(static_cast<char *>(buffer->data()), value.nbytes());
  });
}

PyObject *format(PyObject *self, PyObject *spec) {
  return guarded([&]() -> PyObject * {
    if (PyUnicode_GetLength(spec) == 0)
      return checked(PyObject_Str(self));
    FunctionName name("format");
    if (handleOf(self).get().rank() > 0)
      raise(ErrorKind::Type, "expected no format for an array of at least one axis");
    Owned element(readItem(self, "format"));
    return PyObject_Format(element.get(), spec);
  });
}

// Length, items and iteration.

Py_ssize_t length(PyObject *self) {
  Py_ssize_t size = -1;
  guardedStatus([&] {
    Value value = handleOf(self).get();
    FunctionName name("len");
    if (value.rank() == 0)
      raise(ErrorKind::Type, "expected an array of at least one axis, got "
                             "shape ()");
    size = value.dims()[0];
  });
  return size;
}

PyObject *getItem(PyObject *self, PyObject *index) {
  return guarded([&] {
    PublicCall call("getitem");
    return callHook("getitem", {self, index});
  });
}

int setItem(PyObject *self, PyObject *index, PyObject *value) {
  return guardedStatus([&] {
    PublicCall call("setitem");
    if (!value)
      raise(ErrorKind::Type, "expected a value, items cannot be deleted");
    Owned none(callHook("setitem", {self, index, value}));
  });
}

struct IteratorObject {
  PyObject_HEAD PyObject *array;
  Py_ssize_t next, end;
};

PyTypeObject iteratorType = staticType();

PyObject *iterate(PyObject *self) {
  Py_ssize_t size = length(self);
  if (size < 0)
    return nullptr;
  auto *iterator = PyObject_New(IteratorObject, &iteratorType);
  if (!iterator)
    return nullptr;
  iterator->array = Py_NewRef(self);
  iterator->next = 0;
  iterator->end = size;
  return reinterpret_cast<PyObject *>(iterator);
}

PyObject *nextItem(PyObject *self) {
  auto *iterator = reinterpret_cast<IteratorObject *>(self);
  if (iterator->next == iterator->end)
    return nullptr;
  Owned index(PyLong_FromSsize_t(iterator->next++));
  return index ? getItem(iterator->array, index.get()) : nullptr;
}

void deallocateIterator(PyObject *self) {
  Py_DECREF(reinterpret_cast<IteratorObject *>(self)->array);
  PyObject_Free(self);
}

// Copying and pickling. Values never change, so a copy is another handle of the same one.

PyObject *copy(PyObject *self, PyObject *) {
  return guarded([&] { return wrap(valueOf(self)); });
}

PyObject *getState(PyObject *self, PyObject *) {
  return guarded([&] {
    Value value = handleOf(self).get();
    Owned bytes(checked(toBytes(self, nullptr)));
    return Py_BuildValue("(OON)", bytes.get(), dtypeObject(value.dtype()), shapeTuple(value.dims()));
  });
}

PyObject *setState(PyObject *self, PyObject *state) {
  PyObject *bytes, *dtype, *shape;
  if (!PyArg_ParseTuple(state, "SO!O!", &bytes, &dtypeType, &dtype, &PyTuple_Type, &shape))
    return nullptr;
  return guarded([&] {
    FunctionName name("array.__setstate__");
    std::vector<int64_t> dims = toIntegers(shape, "shape");
    BufferRef buffer = allocateFor(dtypeOf(dtype), dims);
    Value value = makeBufferLeaf(buffer, dtypeOf(dtype), dims);
    if (value.nbytes() != PyBytes_GET_SIZE(bytes))
      raise(ErrorKind::Value,
            "expected " + std::to_string(value.nbytes()) + " bytes, got " + std::to_string(PyBytes_GET_SIZE(bytes)));
    std::copy_n(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes), static_cast<char *>(buffer->data()));
    ArrayObject *array = asArray(self);
    if (array->handle)
      array->handle->release();
    array->handle = Array::make(std::move(value)).take();
    return Py_NewRef(Py_None);
  });
}

PyObject *arrayNamespace(PyObject *, PyObject *) { return PyImport_ImportModule("mlxir"); }

Py_hash_t hash(PyObject *self) {
  auto address = reinterpret_cast<uintptr_t>(self);
  return static_cast<Py_hash_t>(address >> 4);
}

PyMethodDef methods[] = {{"item", item, METH_NOARGS,
                          "item($self, /)\n--\n\nThe only element, as a Python number.\n\nRaises:\n    ValueError: "
                          "there are more, or none.\n\n"
                          "Example:\n    >>> mx.array([2.5]).item()\n    2.5\n"},
                         {"tolist", toList, METH_NOARGS,
                          "tolist($self, /)\n--\n\nThe elements as nested lists of Python numbers.\n\n"
                          "Example:\n    >>> mx.array([[1, 2], [3, 4]]).tolist()\n    [[1, 2], [3, 4]]\n"},
                         {"__bytes__", toBytes, METH_NOARGS, nullptr},
                         {"__complex__", toComplex, METH_NOARGS, nullptr},
                         {"__format__", format, METH_O, nullptr},
                         {"__copy__", copy, METH_NOARGS, nullptr},
                         {"__deepcopy__", copy, METH_O, nullptr},
                         {"__getstate__", getState, METH_NOARGS, nullptr},
                         {"__setstate__", setState, METH_O, nullptr},
                         {"__dlpack__", reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(exportDLPack)),
                          METH_VARARGS | METH_KEYWORDS, nullptr},
                         {"__dlpack_device__", dlpackDevice, METH_NOARGS, nullptr},
                         {"__array_namespace__",
                          reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(arrayNamespace)),
                          METH_VARARGS | METH_KEYWORDS, nullptr},
                         {}};

/// A method that is written in Python. The type is static, so Python code cannot add it.
PyObject *addMethod(PyObject *, PyObject *args) {
  PyObject *name, *method;
  if (!PyArg_ParseTuple(args, "UO", &name, &method) || PyDict_SetItem(arrayType.tp_dict, name, method) < 0)
    return nullptr;
  PyType_Modified(&arrayType);
  Py_RETURN_NONE;
}

PyMethodDef functions[] = {{"add_array_method", addMethod, METH_VARARGS, "add_array_method(name, function)"}, {}};

PyMappingMethods mappingMethods = {length, getItem, setItem};

} // namespace

PyTypeObject arrayType = staticType();

Array &handleOf(PyObject *object) {
  Array *handle = asArray(object)->handle;
  if (!handle)
    raise(ErrorKind::Type, "expected an array that is initialised");
  return *handle;
}

PyObject *wrap(Value value) {
  auto *array = reinterpret_cast<ArrayObject *>(checked(arrayType.tp_alloc(&arrayType, 0)));
  bool isDue = flushIsDue(value);
  array->handle = Array::make(value).take();
  Owned result(reinterpret_cast<PyObject *>(array));
  if (isDue)
    evaluateValues({&value, 1});
  return result.take();
}

void evaluateValues(Span<const Value> values) {
  WithoutGil withoutGil;
  evaluate(values);
}

BufferRef readBuffer(const Value &value, const char *reader) {
  if (BufferRef buffer = value.buffer())
    return buffer;
  PublicCall call(reader);
  requireConcrete(value);
  evaluateValues({&value, 1});
  return value.buffer();
}

PyObject *shapeTuple(Span<const int64_t> dims) {
  Owned tuple(checked(PyTuple_New(dims.size())));
  for (size_t i = 0; i < dims.size(); ++i)
    PyTuple_SET_ITEM(tuple.get(), i, checked(PyLong_FromLongLong(dims[i])));
  return tuple.take();
}

bool addArray(PyObject *module) {
  arrayNumberMethods.nb_bool = truth;
  arrayNumberMethods.nb_int = toInt;
  arrayNumberMethods.nb_float = toFloat;
  arrayNumberMethods.nb_index = toIndex;

  arrayType.tp_name = "mlxir.array";
  arrayType.tp_doc = R"(array(val, dtype=None)
--

An N-dimensional array, computed when its values are needed.

Args:
    val: a number, nested lists and tuples of numbers or arrays, or another array.
    dtype: by default that of ``val``; Python floats are float32, ints int32.

Raises:
    ValueError: the lists are ragged, or hold something else than numbers and arrays.

Example:
    >>> mx.array([[1, 2], [3, 4]]) + 0.5
    array([[1.5, 2.5],
           [3.5, 4.5]], dtype=float32)
)";
  arrayType.tp_basicsize = sizeof(ArrayObject);
  arrayType.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
  arrayType.tp_weaklistoffset = offsetof(ArrayObject, weakReferences);
  arrayType.tp_new = newArray;
  arrayType.tp_init = initArray;
  arrayType.tp_dealloc = deallocate;
  arrayType.tp_getset = properties;
  arrayType.tp_methods = methods;
  arrayType.tp_as_number = &arrayNumberMethods;
  arrayType.tp_as_mapping = &mappingMethods;
  arrayType.tp_as_buffer = &arrayBufferProcs;
  arrayType.tp_richcompare = compareArrays;
  arrayType.tp_hash = hash;
  arrayType.tp_repr = representArray;
  arrayType.tp_iter = iterate;

  iteratorType.tp_name = "mlxir.ArrayIterator";
  iteratorType.tp_doc = R"(Yields the items of an array's first axis.

Example:
    >>> [row.shape for row in mx.zeros((2, 3))]
    [(3,), (3,)]
)";
  iteratorType.tp_basicsize = sizeof(IteratorObject);
  iteratorType.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  iteratorType.tp_dealloc = deallocateIterator;
  iteratorType.tp_iter = PyObject_SelfIter;
  iteratorType.tp_iternext = nextItem;

  auto asObject = [](PyTypeObject &type) { return reinterpret_cast<PyObject *>(&type); };
  return PyType_Ready(&arrayType) == 0 && PyType_Ready(&iteratorType) == 0 &&
         PyModule_AddFunctions(module, functions) == 0 &&
         PyModule_AddObjectRef(module, "array", asObject(arrayType)) == 0 &&
         PyModule_AddObjectRef(module, "ArrayIterator", asObject(iteratorType)) == 0;
}

} // namespace mlxir::py
