// A jitted function: what one call brings, and what tracing it made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Jit.h"

#include "python/src/ArrayObject.h"
#include "python/src/Gil.h"

namespace mlxir::py {
namespace {

/// Stands for an array in a tree that only keeps its structure. It has no handle and never leaves this file.
PyObject *marker() {
  static PyObject *instance = checked(arrayType.tp_alloc(&arrayType, 0));
  return instance;
}

Owned listOf(Py_ssize_t size, PyObject *item) {
  Owned list(checked(PyList_New(size)));
  for (Py_ssize_t i = 0; i < size; ++i)
    PyList_SET_ITEM(list.get(), i, Py_NewRef(item));
  return list;
}

Owned structureOf(PyObject *tree, Role role, size_t numLeaves) {
  Owned markers = listOf(numLeaves, marker());
  Py_ssize_t next = 0;
  return Owned(rebuildTree(tree, role, markers.get(), next));
}

Owned wrapAll(Span<const Value> values) {
  Owned list(checked(PyList_New(values.size())));
  for (size_t i = 0; i < values.size(); ++i)
    PyList_SET_ITEM(list.get(), i, wrap(values[i]));
  return list;
}

/// True if the trees that both lists end with have the same structure.
bool isSameTree(const FlatTree &a, size_t textOfA, size_t staticsOfA, const FlatTree &b, size_t textOfB,
                size_t staticsOfB) {
  return a.structure.compare(textOfA, std::string::npos, b.structure, textOfB, std::string::npos) == 0 &&
         std::equal(a.statics.begin() + static_cast<ptrdiff_t>(staticsOfA), a.statics.end(),
                    b.statics.begin() + static_cast<ptrdiff_t>(staticsOfB), b.statics.end(),
                    [](const Owned &x, const Owned &y) { return x.get() == y.get(); });
}

/// The user's code runs as if it had been called from outside of this package.
struct UserCode {
  bool former = insideLibrary;
  UserCode() { insideLibrary = false; }
  ~UserCode() { insideLibrary = former; }
};

/// "argument 0['w']" and the like, in the order of the leaves.
std::vector<std::string> inputNames(const JitCall &call) {
  std::vector<std::string> names;
  PyObject *args = PyTuple_GET_ITEM(call.arguments, 0);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); ++i)
    describeLeaves(PyTuple_GET_ITEM(args, i), call.role, "argument " + std::to_string(i), names);
  PyObject *key, *value;
  for (Py_ssize_t at = 0; PyDict_Next(PyTuple_GET_ITEM(call.arguments, 1), &at, &key, &value);)
    describeLeaves(value, call.role, std::string("argument ") + PyUnicode_AsUTF8(key), names);
  describeLeaves(call.state, Role::State, "state", names);
  return names;
}

/// Keeps the error that is on its way.
class KeptError {
public:
  KeptError() { PyErr_Fetch(&type, &value, &trace); }
  ~KeptError() { PyErr_Restore(type, value, trace); }

private:
  PyObject *type, *value, *trace;
};

struct Restore {
  TreeSnapshot &snapshot;
  ~Restore() {
    KeptError kept;
    guardedStatus([&] { snapshot.restore(); });
  }
};

} // namespace

JitCall::JitCall(PyObject *arguments, PyObject *state, bool constants)
    : arguments(arguments), state(state), role(constants ? Role::Constants : Role::Arguments) {
  flattenTree(arguments, role, flat);
  numArguments = flat.leaves.size();
  numArgumentStatics = flat.statics.size();
  flat.structure += '|';
  stateText = flat.structure.size();
  flattenTree(state, Role::State, flat);
}

/// What stands for a value in a key: equal only for values that make the same program. 0.0 equals -0.0, NaN not itself.
static Owned keyOf(PyObject *value) {
  return Owned(PyFloat_Check(value) ? checked(PyObject_Repr(value)) : Py_NewRef(value));
}

Owned JitCall::key() const {
  Owned key(checked(PyTuple_New(1 + 2 * flat.statics.size())));
  PyTuple_SET_ITEM(key.get(), 0, checked(PyBytes_FromStringAndSize(flat.structure.data(), flat.structure.size())));
  for (size_t i = 0; i < flat.statics.size(); ++i) {
    PyTuple_SET_ITEM(key.get(), 2 * i + 1, keyOf(flat.statics[i].get()).take());
    PyTuple_SET_ITEM(key.get(), 2 * i + 2, Py_NewRef(reinterpret_cast<PyObject *>(Py_TYPE(flat.statics[i].get()))));
  }
  return key;
}

JitTrace::JitTrace(PyObject *body, const JitCall &call, const char *name) {
  TreeSnapshot snapshot(call.state);
  Restore restore{snapshot};
  Scope scope(ScopeKind::Jit, name);
  if (call.role == Role::Constants)
    scope.keepConstants();
  std::vector<std::string> names = inputNames(call);
  std::vector<Value> inputs;
  for (const Value &leaf : call.flat.leaves)
    inputs.push_back(scope.placeholder(leaf.dtype(), leaf.dims(), leaf.isWeak(), names[inputs.size()]));
  Owned tracers = wrapAll(inputs);
  Py_ssize_t next = 0;
  Owned arguments(rebuildTree(call.arguments, call.role, tracers.get(), next));
  Owned traced(rebuildTree(call.state, Role::State, tracers.get(), next));
  if (call.state != Py_None)
    writeTree(traced.get(), call.state);
  Owned returned;
  {
    UserCode userCode;
    returned =
        Owned(checked(PyObject_Call(body, PyTuple_GET_ITEM(arguments.get(), 0), PyTuple_GET_ITEM(arguments.get(), 1))));
  }
  isConstant = call.role == Role::Constants;
  capture(scope, inputs, returned.get(), call);
  scope.close();
}

void JitTrace::capture(Scope &scope, Span<const Value> inputs, PyObject *returned, const JitCall &call) {
  FlatTree outputs;
  flattenTree(returned, Role::Results, outputs);
  numResults = outputs.leaves.size();
  result = structureOf(returned, Role::Results, numResults);
  size_t text = outputs.structure.size(), statics = outputs.statics.size();
  flattenTree(call.state, Role::State, outputs);
  state = structureOf(call.state, Role::State, outputs.leaves.size() - numResults);
  keepsState = isSameTree(call.flat, call.stateText, call.numArgumentStatics, outputs, text, statics);
  function = Function::capture(scope, inputs, outputs.leaves);
  if (isConstant)
    function->freezeHidden();
}

/// Arrays of the state that nobody else refers to: writing the state back would be their end.
std::vector<ReplacedArray> JitTrace::replacedArrays(const JitCall &call) const {
  std::vector<ReplacedArray> replaced;
  if (!keepsState)
    return replaced;
  std::vector<PyObject *> arrays;
  collectArrays(call.state, arrays);
  for (uint32_t i = 0; i < arrays.size(); ++i) {
    Array &handle = handleOf(arrays[i]);
    if (Py_REFCNT(arrays[i]) == 1 && !handle.isShared())
      replaced.push_back(
          {ArrayRef(&handle), static_cast<uint32_t>(call.numArguments) + i, static_cast<uint32_t>(numResults) + i});
  }
  return replaced;
}

PyObject *JitTrace::run(JitCall &call) {
  std::vector<ReplacedArray> replaced = replacedArrays(call);
  std::vector<Value> values;
  bool interrupted = false;
  {
    WithoutGil withoutGil;
    values = function->call(std::move(call.flat.leaves), {}, std::move(replaced), &interrupted);
  }
  if (interrupted) {
    // Another thread finishes the step: it counts as done.
    {
      KeptError kept;
      writeBack(call, values);
    }
    throw PythonError();
  }
  return writeBack(call, values).take();
}

/// Rebuilds the result from the function's values, after those of the state have been written back.
Owned JitTrace::writeBack(const JitCall &call, Span<const Value> values) {
  Owned leaves = wrapAll(values);
  Py_ssize_t next = 0;
  Owned tree(rebuildTree(result.get(), Role::Results, leaves.get(), next));
  if (call.state != Py_None) {
    Owned written(rebuildTree(state.get(), Role::State, leaves.get(), next));
    writeTree(written.get(), call.state);
  }
  return tree;
}

} // namespace mlxir::py
