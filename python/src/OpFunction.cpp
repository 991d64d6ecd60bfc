// One callable type for every op.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/OpFunction.h"

#include "python/src/ArrayObject.h"
#include "python/src/Operand.h"

#include <cstddef>
#include <cstring>
#include <string>

namespace mlxir::py {
namespace {

struct OpFunctionObject {
  PyObject_HEAD vectorcallfunc vectorcall;
  const OpInfo *info;
  PyObject *name;
};

PyTypeObject opFunctionType = staticType();

OpFunctionObject *asFunction(PyObject *object) { return reinterpret_cast<OpFunctionObject *>(object); }

constexpr unsigned kMostNamed = 4;
constexpr const char *operandNames[kMostNamed] = {"a", "b", "c", "d"};

/// The arguments of one call, sorted into operands and attributes by position and keyword.
class Arguments {
public:
  explicit Arguments(const OpInfo &info) : info(info), attrs(info.numAttrs, nullptr) {}

  void parse(PyObject *const *args, size_t count, PyObject *keywords) {
    size_t fixed = info.numOperands < 0 ? count : info.numOperands;
    for (size_t i = 0; i < count; ++i)
      position(i, fixed, args[i]);
    for (Py_ssize_t i = 0, n = keywords ? PyTuple_GET_SIZE(keywords) : 0; i < n; ++i)
      keyword(PyTuple_GET_ITEM(keywords, i), args[count + i]);
    if (info.numOperands >= 0 && operands.size() != static_cast<size_t>(info.numOperands))
      raise(ErrorKind::Type,
            "expected " + std::to_string(info.numOperands) + " arrays, got " + std::to_string(operands.size()));
    for (unsigned i = 0; i < info.numAttrs; ++i)
      if (!attrs[i])
        raise(ErrorKind::Type, std::string("expected the argument '") + info.attrs[i].name + "'");
  }

  PyObject *call() {
    if (stream && stream != Py_None)
      checkStream(stream);
    Attrs words;
    for (unsigned i = 0; i < info.numAttrs; ++i)
      append(words, info.attrs[i], attrs[i]);
    Value value = apply(static_cast<Op>(info.id), operands, words);
    if (info.numResults == 1)
      return wrap(std::move(value));
    Owned results(checked(PyTuple_New(info.numResults)));
    for (unsigned i = 0; i < info.numResults; ++i)
      PyTuple_SET_ITEM(results.get(), i, wrap(Value(NodeRef(value.node()), i)));
    return results.take();
  }

private:
  void position(size_t i, size_t fixed, PyObject *object) {
    if (i < fixed)
      operands.push_back(toOperand(object));
    else if (i - fixed < info.numAttrs)
      attrs[i - fixed] = object;
    else if (i - fixed == info.numAttrs && info.namesOperands)
      stream = object;
    else
      raise(ErrorKind::Type,
            "expected at most " + std::to_string(fixed + info.numAttrs + info.namesOperands) + " positional arguments");
  }

  void keyword(PyObject *name, PyObject *object) {
    const char *text = checkedText(name);
    if (!std::strcmp(text, "stream")) {
      stream = object;
      return;
    }
    for (unsigned i = 0; i < info.numAttrs; ++i)
      if (!std::strcmp(text, info.attrs[i].name)) {
        attrs[i] = object;
        return;
      }
    if (info.namesOperands && operands.size() < kMostNamed && !std::strcmp(text, operandNames[operands.size()])) {
      operands.push_back(toOperand(object));
      return;
    }
    raise(ErrorKind::Type, std::string("got an unexpected keyword argument '") + text + "'");
  }

  static const char *checkedText(PyObject *string) {
    const char *text = PyUnicode_AsUTF8(string);
    if (!text)
      throw PythonError();
    return text;
  }

  static void append(Attrs &words, const AttrInfo &attr, PyObject *object) {
    switch (attr.kind) {
    case AttrKind::Int:
      words.integer(toInteger(object, attr.name));
      break;
    case AttrKind::Bool:
      words.boolean(truth(object));
      break;
    case AttrKind::Double:
      words.real(real(object));
      break;
    case AttrKind::DType:
      words.dtype(toDType(object, attr.name));
      break;
    case AttrKind::IntList:
      words.integers(toIntegers(object, attr.name));
      break;
    case AttrKind::Size:
      words.size(toInteger(object, attr.name));
      break;
    case AttrKind::SizeList:
      words.sizes(toIntegers(object, attr.name));
      break;
    }
  }

  static bool truth(PyObject *object) {
    int result = PyObject_IsTrue(object);
    checked(result);
    return result;
  }

  static double real(PyObject *object) {
    double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred())
      throw PythonError();
    return value;
  }

  const OpInfo &info;
  std::vector<Operand> operands;
  std::vector<PyObject *> attrs;
  PyObject *stream = nullptr;
};

PyObject *callGeneral(OpFunctionObject *function, PyObject *const *args, size_t count, PyObject *keywords) {
  return guarded([&] {
    PublicCall call(PyUnicode_AsUTF8(function->name));
    Arguments arguments(*function->info);
    arguments.parse(args, count, keywords);
    return arguments.call();
  });
}

PyObject *callFunction(PyObject *self, PyObject *const *args, size_t flags, PyObject *keywords) {
  OpFunctionObject *function = asFunction(self);
  const OpInfo &info = *function->info;
  size_t count = PyVectorcall_NARGS(flags);
  // One or two arrays and nothing else: no list is built.
  bool isPlain = !keywords && info.numAttrs == 0 && info.numResults == 1 &&
                 info.numOperands == static_cast<int>(count) && count > 0 && count <= 2;
  if (!isPlain)
    return callGeneral(function, args, count, keywords);
  return guarded([&] {
    PublicCall call(PyUnicode_AsUTF8(function->name));
    Operand operands[2] = {toOperand(args[0]), Scalar::of(0)};
    if (count == 2)
      operands[1] = toOperand(args[1]);
    return wrap(apply(static_cast<Op>(info.id), {operands, count}));
  });
}

PyObject *bind(PyObject *self, PyObject *object, PyObject *) {
  return object && object != Py_None ? PyMethod_New(self, object) : Py_NewRef(self);
}

PyObject *represent(PyObject *self) { return PyUnicode_FromFormat("<function mlxir.%U>", asFunction(self)->name); }

std::string signature(const OpInfo &info) {
  std::string text = "(";
  if (info.numOperands < 0)
    text += "*arrays, ";
  for (int i = 0; i < info.numOperands; ++i)
    text += std::string(operandNames[std::min<int>(i, kMostNamed - 1)]) + ", ";
  if (info.numOperands > 0 && !info.namesOperands)
    text += "/, ";
  for (unsigned i = 0; i < info.numAttrs; ++i)
    text += std::string(info.attrs[i].name) + ", ";
  return text + (info.numOperands >= 0 && !info.namesOperands ? "*, stream=None)" : "stream=None)");
}

PyObject *getName(PyObject *self, void *) { return Py_NewRef(asFunction(self)->name); }
PyObject *getModule(PyObject *, void *) { return PyUnicode_FromString("mlxir"); }
PyObject *getDoc(PyObject *self, void *) { return PyUnicode_FromString(asFunction(self)->info->doc); }
PyObject *getSignature(PyObject *self, void *) {
  return PyUnicode_FromString(signature(*asFunction(self)->info).c_str());
}
/// Pickled by name, as functions are.
PyObject *reduce(PyObject *self, PyObject *) { return Py_NewRef(asFunction(self)->name); }

PyGetSetDef properties[] = {{"__name__", getName, nullptr, nullptr, nullptr},
                            {"__qualname__", getName, nullptr, nullptr, nullptr},
                            {"__module__", getModule, nullptr, nullptr, nullptr},
                            {"__doc__", getDoc, nullptr, nullptr, nullptr},
                            {"__text_signature__", getSignature, nullptr, nullptr, nullptr},
                            {}};

PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr}, {}};

bool readyType() {
  PyTypeObject &type = opFunctionType;
  type.tp_name = "mlxir.op_function";
  type.tp_basicsize = sizeof(OpFunctionObject);
  type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR |
                  Py_TPFLAGS_DISALLOW_INSTANTIATION;
  type.tp_vectorcall_offset = offsetof(OpFunctionObject, vectorcall);
  type.tp_call = PyVectorcall_Call;
  type.tp_descr_get = bind;
  type.tp_repr = represent;
  type.tp_getset = properties;
  type.tp_methods = methods;
  return PyType_Ready(&type) == 0;
}

/// These live as long as the process, like the table.
PyObject *makeFunction(const OpInfo &info, const std::string &name) {
  auto *function = PyObject_New(OpFunctionObject, &opFunctionType);
  if (!function)
    return nullptr;
  function->vectorcall = callFunction;
  function->info = &info;
  function->name = PyUnicode_InternFromString(name.c_str());
  return reinterpret_cast<PyObject *>(function);
}

bool addPublicNames(PyObject *functions, const OpInfo &info) {
  std::string names = std::string(info.publicName) + " " + info.aliases;
  for (size_t at = 0; at < names.size();) {
    size_t end = std::min(names.find(' ', at), names.size());
    if (end > at) {
      std::string name = names.substr(at, end - at);
      Owned function(makeFunction(info, name));
      if (!function || PyDict_SetItemString(functions, name.c_str(), function.get()) < 0)
        return false;
    }
    at = end + 1;
  }
  return true;
}

} // namespace

void checkStream(PyObject *stream) { Owned none(callHook("check_stream", {stream})); }

bool addOpFunctions(PyObject *module) {
  Owned functions(PyDict_New());
  Owned ops(PyModule_New("mlxir._core.ops"));
  if (!readyType() || !functions || !ops)
    return false;
  for (unsigned id = 0; id < opCount(); ++id) {
    const OpInfo &info = opInfo(static_cast<Op>(id));
    Owned raw(makeFunction(info, info.name));
    if (!raw || PyModule_AddObjectRef(ops.get(), info.name, raw.get()) < 0 ||
        (*info.publicName && !addPublicNames(functions.get(), info)))
      return false;
  }
  return PyModule_AddObjectRef(module, "functions", functions.get()) == 0 &&
         PyModule_AddObjectRef(module, "ops", ops.get()) == 0;
}

} // namespace mlxir::py
