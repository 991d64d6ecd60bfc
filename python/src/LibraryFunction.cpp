// Callables that wrap functions of the Python part.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/LibraryFunction.h"

#include "python/src/ArrayObject.h"
#include "python/src/OpFunction.h"
#include "python/src/Operand.h"

#include "dialect/infer/OpTable.h"
#include "runtime/array/Region.h"
#include "runtime/record/Region.h"

#include <cstddef>
#include <string>

namespace mlxir::py {
namespace {

struct WrapperObject {
  PyObject_HEAD vectorcallfunc vectorcall;
  PyObject *function; // of the Python part
  PyObject *name;
  Py_ssize_t streamAt; // public functions: which argument is the stream when it comes by position, or -1
  PyObject *regions;   // composites: what was traced, by types and static arguments
};

WrapperObject *asWrapper(PyObject *object) { return reinterpret_cast<WrapperObject *>(object); }

const char *nameOf(PyObject *wrapper) { return PyUnicode_AsUTF8(asWrapper(wrapper)->name); }

/// Every public function takes a stream, and none does anything with it but this.
void checkStreamArgument(Py_ssize_t streamAt, PyObject *const *args, Py_ssize_t count, PyObject *keywords) {
  if (streamAt >= 0 && streamAt < count && args[streamAt] != Py_None)
    checkStream(args[streamAt]);
  for (Py_ssize_t i = 0, n = keywords ? PyTuple_GET_SIZE(keywords) : 0; i < n; ++i)
    if (args[count + i] != Py_None && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keywords, i), "stream") == 0)
      checkStream(args[count + i]);
}

/// Where `stream` is among the parameters of a Python function that may be given by position, or -1.
Py_ssize_t streamPosition(PyObject *function) {
  Owned code(PyObject_GetAttrString(function, "__code__"));
  if (!code) {
    PyErr_Clear(); // a callable that is no Python function
    return -1;
  }
  auto *codeObject = reinterpret_cast<PyCodeObject *>(code.get());
  Owned names(checked(PyCode_GetVarnames(codeObject)));
  for (int i = 0; i < codeObject->co_argcount; ++i)
    if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names.get(), i), "stream") == 0)
      return i;
  return -1;
}

PyObject *callPublic(PyObject *self, PyObject *const *args, size_t flags, PyObject *keywords) {
  return guarded([&] {
    PublicCall call(nameOf(self));
    checkStreamArgument(asWrapper(self)->streamAt, args, PyVectorcall_NARGS(flags), keywords);
    return PyObject_Vectorcall(asWrapper(self)->function, args, flags, keywords);
  });
}

// Composites.

/// More shapes than this of one composite are traced again rather than remembered.
constexpr Py_ssize_t kMostRegions = 512;

struct TracedRegion {
  CapturedRegion captured;
  unsigned numResults = 0;
  bool isTuple = false;
};

constexpr const char *kRegionCapsule = "mlxir.region";

void dropRegion(PyObject *capsule) {
  delete static_cast<TracedRegion *>(PyCapsule_GetPointer(capsule, kRegionCapsule));
}

/// What a region depends on: for each operand its type, or that there is none.
void appendType(std::string &key, const Value &value) {
  if (!value) {
    key += '-';
    return;
  }
  key += static_cast<char>('A' + static_cast<int>(value.dtype()));
  key += value.isWeak() ? 'w' : 's';
  Span<const int64_t> dims = value.dims();
  key += static_cast<char>(dims.size());
  key.append(reinterpret_cast<const char *>(dims.data()), dims.size() * sizeof(int64_t));
}

/// (types, keyword names, keyword values): equal for calls that trace the same.
Owned regionKey(const std::vector<Value> &operands, PyObject *const *statics, PyObject *keywords) {
  std::string types;
  for (const Value &operand : operands)
    appendType(types, operand);
  Py_ssize_t count = keywords ? PyTuple_GET_SIZE(keywords) : 0;
  Owned key(checked(PyTuple_New(2 + count)));
  PyTuple_SET_ITEM(key.get(), 0, checked(PyBytes_FromStringAndSize(types.data(), types.size())));
  PyTuple_SET_ITEM(key.get(), 1, Py_NewRef(keywords ? keywords : Py_None));
  for (Py_ssize_t i = 0; i < count; ++i)
    PyTuple_SET_ITEM(key.get(), 2 + i, Py_NewRef(statics[i]));
  return key;
}

std::vector<Value> valuesOfResult(PyObject *result) {
  std::vector<Value> values;
  if (!PyTuple_Check(result)) {
    values.push_back(valueOf(result));
    return values;
  }
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(result); ++i)
    values.push_back(valueOf(PyTuple_GET_ITEM(result, i)));
  return values;
}

/// Calls the function once on placeholders.
std::unique_ptr<TracedRegion> traceRegion(WrapperObject *composite, const std::vector<Value> &operands,
                                          PyObject *const *statics, PyObject *keywords) {
  Scope scope(ScopeKind::Region, PyUnicode_AsUTF8(composite->name));
  std::vector<Value> inputs;
  std::vector<Owned> owned;
  std::vector<PyObject *> args;
  for (const Value &operand : operands) {
    if (!operand) {
      args.push_back(Py_None);
      continue;
    }
    inputs.push_back(scope.placeholder(operand.dtype(), operand.dims(), operand.isWeak()));
    owned.emplace_back(wrap(inputs.back()));
    args.push_back(owned.back().get());
  }
  size_t numPositional = args.size();
  for (Py_ssize_t i = 0; keywords && i < PyTuple_GET_SIZE(keywords); ++i)
    args.push_back(statics[i]);
  Owned result(checked(PyObject_Vectorcall(composite->function, args.data(), numPositional, keywords)));
  std::vector<Value> outputs = valuesOfResult(result.get());
  auto traced = std::make_unique<TracedRegion>();
  traced->captured = captureRegion(scope, inputs, outputs);
  traced->numResults = outputs.size();
  traced->isTuple = PyTuple_Check(result.get());
  scope.close();
  return traced;
}

TracedRegion &findRegion(WrapperObject *composite, const std::vector<Value> &operands, PyObject *const *statics,
                         PyObject *keywords) {
  Owned key = regionKey(operands, statics, keywords);
  PyObject *capsule = PyDict_GetItemWithError(composite->regions, key.get());
  if (!capsule) {
    if (PyErr_Occurred())
      throw PythonError();
    auto traced = traceRegion(composite, operands, statics, keywords);
    Owned fresh(checked(PyCapsule_New(traced.get(), kRegionCapsule, dropRegion)));
    traced.release();
    if (PyDict_GET_SIZE(composite->regions) >= kMostRegions)
      PyDict_Clear(composite->regions);
    checked(PyDict_SetItem(composite->regions, key.get(), fresh.get()));
    capsule = fresh.get(); // the dict keeps it
  }
  return *static_cast<TracedRegion *>(PyCapsule_GetPointer(capsule, kRegionCapsule));
}

PyObject *recordComposite(WrapperObject *composite, std::vector<Value> operands, PyObject *const *statics,
                          PyObject *keywords) {
  TracedRegion &traced = findRegion(composite, operands, statics, keywords);
  std::vector<Value> all;
  for (Value &operand : operands)
    if (operand)
      all.push_back(std::move(operand));
  for (const Value &hidden : traced.captured.hidden)
    all.push_back(hidden);
  int64_t name = internName(PyUnicode_AsUTF8(composite->name));
  Value value = recordRegion(Op::Composite, all, Attrs().integer(name).integers({}), {&traced.captured.region, 1});
  if (!traced.isTuple)
    return wrap(std::move(value));
  Owned results(checked(PyTuple_New(traced.numResults)));
  for (unsigned i = 0; i < traced.numResults; ++i)
    PyTuple_SET_ITEM(results.get(), i, wrap(Value(NodeRef(value.node()), i)));
  return results.take();
}

/// Positional arguments are arrays, numbers or None, keyword arguments are static.
PyObject *callComposite(PyObject *self, PyObject *const *args, size_t flags, PyObject *keywords) {
  return guarded([&] {
    PublicCall call(nameOf(self));
    size_t count = PyVectorcall_NARGS(flags);
    std::vector<Value> operands;
    for (size_t i = 0; i < count; ++i)
      operands.push_back(args[i] == Py_None ? Value() : toValue(args[i]));
    return recordComposite(asWrapper(self), std::move(operands), args + count, keywords);
  });
}

// The types.

void deallocate(PyObject *self) {
  PyObject_GC_UnTrack(self);
  WrapperObject *wrapper = asWrapper(self);
  Py_XDECREF(wrapper->function);
  Py_XDECREF(wrapper->name);
  Py_XDECREF(wrapper->regions);
  Py_TYPE(self)->tp_free(self);
}

int traverse(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(asWrapper(self)->function);
  Py_VISIT(asWrapper(self)->regions);
  return 0;
}

PyObject *bind(PyObject *self, PyObject *object, PyObject *) {
  return object && object != Py_None ? PyMethod_New(self, object) : Py_NewRef(self);
}

PyObject *getFunction(PyObject *self, void *) { return Py_NewRef(asWrapper(self)->function); }
/// What tools ask of a function is the wrapped function's.
PyObject *getOfFunction(PyObject *self, void *name) {
  return PyObject_GetAttrString(asWrapper(self)->function, static_cast<const char *>(name));
}

#define FORWARDED(name) {name, getOfFunction, nullptr, nullptr, const_cast<char *>(name)}
PyGetSetDef properties[] = {{"__wrapped__", getFunction, nullptr, nullptr, nullptr},
                            FORWARDED("__name__"),
                            FORWARDED("__qualname__"),
                            FORWARDED("__module__"),
                            FORWARDED("__doc__"),
                            FORWARDED("__annotations__"),
                            {}};
#undef FORWARDED

PyObject *represent(PyObject *self) { return PyUnicode_FromFormat("<function mlxir.%U>", asWrapper(self)->name); }

PyObject *reduce(PyObject *self, PyObject *) { return Py_NewRef(asWrapper(self)->name); }
PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr}, {}};

PyTypeObject publicType = staticType();
PyTypeObject compositeType = staticType();

bool readyType(PyTypeObject &type, const char *name) {
  type.tp_name = name;
  type.tp_basicsize = sizeof(WrapperObject);
  type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR | Py_TPFLAGS_HAVE_GC |
                  Py_TPFLAGS_DISALLOW_INSTANTIATION;
  type.tp_vectorcall_offset = offsetof(WrapperObject, vectorcall);
  type.tp_call = PyVectorcall_Call;
  type.tp_dealloc = deallocate;
  type.tp_traverse = traverse;
  type.tp_descr_get = bind;
  type.tp_getset = properties;
  type.tp_repr = represent;
  type.tp_methods = methods;
  return PyType_Ready(&type) == 0;
}

PyObject *makeWrapper(PyTypeObject &type, PyObject *function, vectorcallfunc call, bool isComposite) {
  Owned name(PyObject_GetAttrString(function, "__name__"));
  if (!name)
    return nullptr;
  // Inner composites are named like their public function.
  if (PyUnicode_GetLength(name.get()) > 1 && PyUnicode_READ_CHAR(name.get(), 0) == '_')
    name = Owned(PyUnicode_Substring(name.get(), 1, PY_SSIZE_T_MAX));
  auto *wrapper = PyObject_GC_New(WrapperObject, &type);
  if (!wrapper)
    return nullptr;
  wrapper->vectorcall = call;
  wrapper->function = Py_NewRef(function);
  wrapper->name = name.take();
  wrapper->streamAt = isComposite ? -1 : streamPosition(function);
  wrapper->regions = isComposite ? PyDict_New() : nullptr;
  PyObject_GC_Track(reinterpret_cast<PyObject *>(wrapper));
  return reinterpret_cast<PyObject *>(wrapper);
}

PyObject *makePublic(PyObject *, PyObject *function) { return makeWrapper(publicType, function, callPublic, false); }

PyObject *makeComposite(PyObject *, PyObject *function) {
  return makeWrapper(compositeType, function, callComposite, true);
}

template <ErrorKind kind> PyObject *fail(PyObject *, PyObject *text) {
  return guarded([&]() -> PyObject * {
    const char *message = PyUnicode_AsUTF8(text);
    if (!message)
      throw PythonError();
    raise(kind, message);
  });
}

PyMethodDef functions[] = {
    {"public", makePublic, METH_O,
     "Name a function in errors, and record what it does at its caller's "
     "line."},
    {"composite", makeComposite, METH_O,
     "Record a function of arrays as one region. Keyword arguments are "
     "static and must be hashable."},
    {"fail_value", fail<ErrorKind::Value>, METH_O, "Raise ValueError in the name of the public function being called."},
    {"fail_type", fail<ErrorKind::Type>, METH_O, "Raise TypeError in the name of the public function being called."},
    {"fail_index", fail<ErrorKind::Index>, METH_O, "Raise AxisError in the name of the public function being called."},
    {}};

} // namespace

bool addLibraryFunctions(PyObject *module) {
  return readyType(publicType, "mlxir.public_function") && readyType(compositeType, "mlxir.composite_function") &&
         PyModule_AddFunctions(module, functions) == 0;
}

} // namespace mlxir::py
