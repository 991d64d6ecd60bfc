// Trees of dicts, lists and tuples whose leaves are arrays.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Tree.h"

#include "python/src/ArrayObject.h"
#include "python/src/Operand.h"

namespace mlxir::py {
namespace {

enum class Kind { Array, Number, None, Dict, List, Tuple, Stateful, Static };

PyObject *stateName = nullptr;    // "state"
PyObject *trainingName = nullptr; // "_training"

/// An optimizer and its like: an object that keeps arrays in a dict called `state`. New reference or null.
PyObject *stateOf(PyObject *object) {
  if (!(Py_TYPE(object)->tp_flags & Py_TPFLAGS_HEAPTYPE) || PyType_Check(object))
    return nullptr;
  PyObject *state = PyObject_GetAttr(object, stateName);
  if (!state)
    PyErr_Clear();
  else if (!PyDict_Check(state) && !PyList_Check(state))
    Py_CLEAR(state);
  return state;
}

Kind kindOf(PyObject *object, Role role) {
  if (isArray(object))
    return Kind::Array;
  if (PyDict_Check(object))
    return Kind::Dict;
  if (PyList_Check(object))
    return Kind::List;
  if (PyTuple_Check(object))
    return Kind::Tuple;
  if (object == Py_None)
    return Kind::None;
  // A bool is a switch far more often than a number.
  bool isNumber = PyLong_Check(object) || PyFloat_Check(object);
  if (role == Role::Arguments && isNumber && !PyBool_Check(object))
    return Kind::Number;
  if (role != Role::State || isNumber || PyUnicode_Check(object))
    return Kind::Static;
  Owned state(stateOf(object));
  return state ? Kind::Stateful : Kind::Static;
}

bool isPlainDict(PyObject *object) { return PyDict_CheckExact(object); }

template <typename T> void appendRaw(std::string &text, T value) {
  text.append(reinterpret_cast<const char *>(&value), sizeof value);
}

void appendStatic(PyObject *object, FlatTree &flat) {
  flat.structure += 's';
  flat.statics.emplace_back(Py_NewRef(object));
}

void appendArray(Value value, FlatTree &flat) {
  flat.structure += value.isWeak() ? 'w' : 'a';
  appendRaw(flat.structure, value.dtype());
  appendRaw(flat.structure, static_cast<uint8_t>(value.rank()));
  for (int64_t dim : value.dims())
    appendRaw(flat.structure, dim);
  flat.leaves.push_back(std::move(value));
}

void appendKey(PyObject *key, FlatTree &flat) {
  if (!PyUnicode_Check(key))
    return appendStatic(key, flat);
  Py_ssize_t size;
  const char *text = PyUnicode_AsUTF8AndSize(key, &size);
  if (!text)
    throw PythonError();
  flat.structure += 'k';
  appendRaw(flat.structure, size);
  flat.structure.append(text, size);
}

/// The `__dict__`, or null.
Owned attributesOf(PyObject *object) {
  Owned attributes(PyObject_GenericGetDict(object, nullptr));
  PyErr_Clear();
  return attributes;
}

/// A Module computes differently in training, and differently from a dict.
void appendModule(PyObject *module, FlatTree &flat) {
  appendStatic(reinterpret_cast<PyObject *>(Py_TYPE(module)), flat);
  Owned attributes = attributesOf(module);
  PyObject *training = attributes ? PyDict_GetItem(attributes.get(), trainingName) : nullptr;
  if (training)
    appendStatic(training, flat);
}

/// Calls `body(key, value)` for the items of a dict; the dict may not change meanwhile.
template <typename Body> void eachItem(PyObject *dict, Body &&body) {
  PyObject *key, *value;
  for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);)
    body(key, value);
}

/// Calls `body(item)` for the items of a list or tuple.
template <typename Body> void eachElement(PyObject *sequence, Body &&body) {
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(sequence); ++i)
    body(PySequence_Fast_GET_ITEM(sequence, i));
}

/// Nested containers that contain themselves must not overflow the stack.
struct Depth {
  Depth() { checked(Py_EnterRecursiveCall(" while looking into a tree")); }
  ~Depth() { Py_LeaveRecursiveCall(); }
};

Owned copyModule(PyObject *module) {
  PyTypeObject *type = Py_TYPE(module);
  Owned noArgs(checked(PyTuple_New(0)));
  Owned copy(checked(type->tp_new(type, noArgs.get(), nullptr)));
  Owned from = attributesOf(module), to = attributesOf(copy.get());
  if (from && to)
    checked(PyDict_Update(to.get(), from.get()));
  return copy;
}

PyObject *takeLeaf(PyObject *leaves, Py_ssize_t &next) {
  if (next >= PyList_GET_SIZE(leaves))
    raise(ErrorKind::Runtime, "expected as many leaves as the tree has");
  return Py_NewRef(PyList_GET_ITEM(leaves, next++));
}

PyObject *rebuildSequence(PyObject *tree, Role role, PyObject *leaves, Py_ssize_t &next) {
  Py_ssize_t size = PySequence_Fast_GET_SIZE(tree);
  Owned items(checked(PyTuple_New(size)));
  for (Py_ssize_t i = 0; i < size; ++i)
    PyTuple_SET_ITEM(items.get(), i, rebuildTree(PySequence_Fast_GET_ITEM(tree, i), role, leaves, next));
  if (PyList_Check(tree))
    return checked(PySequence_List(items.get()));
  if (PyTuple_CheckExact(tree))
    return items.take();
  // A named tuple takes its fields one by one.
  PyObject *type = reinterpret_cast<PyObject *>(Py_TYPE(tree));
  if (PyObject_HasAttrString(tree, "_fields"))
    return checked(PyObject_Call(type, items.get(), nullptr));
  return checked(PyObject_CallOneArg(type, items.get()));
}

bool writeInto(PyObject *from, PyObject *to);

/// A container is written into the one that is there, so that other references to it see the change.
bool isWrittenInto(PyObject *from, PyObject *old) { return old && (old == from || writeInto(from, old)); }

void writeDict(PyObject *from, PyObject *to) {
  eachItem(from, [&](PyObject *key, PyObject *value) {
    if (!isWrittenInto(value, PyDict_GetItem(to, key)))
      checked(PyDict_SetItem(to, key, value));
  });
}

void writeList(PyObject *from, PyObject *to) {
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(from); ++i) {
    PyObject *value = PyList_GET_ITEM(from, i);
    if (i >= PyList_GET_SIZE(to))
      checked(PyList_Append(to, value));
    else if (!isWrittenInto(value, PyList_GET_ITEM(to, i)))
      checked(PyList_SetItem(to, i, Py_NewRef(value)));
  }
}

/// A tuple cannot be changed, but the arrays in it can.
void writeTuple(PyObject *from, PyObject *to) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(from); ++i) {
    PyObject *value = PyTuple_GET_ITEM(from, i), *old = PyTuple_GET_ITEM(to, i);
    if (!isWrittenInto(value, old) && isArray(value) && isArray(old))
      assign(handleOf(old), handleOf(value).get());
  }
}

/// False if `from` is no container, or `to` not one of its kind.
bool writeInto(PyObject *from, PyObject *to) {
  Depth depth;
  if (kindOf(to, Role::State) == Kind::Stateful) {
    Owned state(stateOf(to));
    return writeInto(from, state.get());
  }
  if (PyDict_Check(from) && PyDict_Check(to)) {
    writeDict(from, to);
  } else if (PyList_Check(from) && PyList_Check(to)) {
    writeList(from, to);
  } else if (PyTuple_Check(from) && PyTuple_Check(to) && PyTuple_GET_SIZE(from) == PyTuple_GET_SIZE(to)) {
    writeTuple(from, to);
  } else {
    return false;
  }
  return true;
}

} // namespace

void flattenTree(PyObject *tree, Role role, FlatTree &flat) {
  Depth depth;
  switch (kindOf(tree, role)) {
  case Kind::Array:
    return appendArray(valueOf(tree), flat);
  case Kind::Number:
    return appendArray(weakLiteral(toScalar(tree)), flat);
  case Kind::None:
    flat.structure += 'n';
    return;
  case Kind::Static:
    return appendStatic(tree, flat);
  case Kind::Stateful: {
    Owned state(stateOf(tree));
    appendStatic(reinterpret_cast<PyObject *>(Py_TYPE(tree)), flat);
    return flattenTree(state.get(), role, flat);
  }
  case Kind::Dict:
    flat.structure += 'd';
    appendRaw(flat.structure, PyDict_GET_SIZE(tree));
    if (!isPlainDict(tree))
      appendModule(tree, flat);
    eachItem(tree, [&](PyObject *key, PyObject *value) {
      appendKey(key, flat);
      flattenTree(value, role, flat);
    });
    return;
  case Kind::List:
  case Kind::Tuple:
    flat.structure += PyList_Check(tree) ? 'l' : 't';
    appendRaw(flat.structure, PySequence_Fast_GET_SIZE(tree));
    eachElement(tree, [&](PyObject *item) { flattenTree(item, role, flat); });
  }
}

void collectArrays(PyObject *tree, std::vector<PyObject *> &arrays) {
  Depth depth;
  switch (kindOf(tree, Role::State)) {
  case Kind::Array:
    arrays.push_back(tree);
    return;
  case Kind::Dict:
    return eachItem(tree, [&](PyObject *, PyObject *value) { collectArrays(value, arrays); });
  case Kind::List:
  case Kind::Tuple:
    return eachElement(tree, [&](PyObject *item) { collectArrays(item, arrays); });
  case Kind::Stateful: {
    Owned state(stateOf(tree)); // the object keeps it
    return collectArrays(state.get(), arrays);
  }
  default:
    return;
  }
}

void describeLeaves(PyObject *tree, Role role, const std::string &prefix, std::vector<std::string> &names) {
  Depth depth;
  switch (kindOf(tree, role)) {
  case Kind::Array:
  case Kind::Number:
    names.push_back(prefix);
    return;
  case Kind::Dict:
    return eachItem(tree, [&](PyObject *key, PyObject *value) {
      Owned text(checked(PyObject_Repr(key)));
      const char *name = PyUnicode_AsUTF8(text.get());
      describeLeaves(value, role, prefix + "[" + (name ? name : "?") + "]", names);
    });
  case Kind::List:
  case Kind::Tuple: {
    int position = 0;
    return eachElement(tree, [&](PyObject *item) {
      describeLeaves(item, role, prefix + "[" + std::to_string(position++) + "]", names);
    });
  }
  case Kind::Stateful: {
    Owned state(stateOf(tree));
    return describeLeaves(state.get(), role, prefix + ".state", names);
  }
  default:
    return;
  }
}

PyObject *rebuildTree(PyObject *tree, Role role, PyObject *leaves, Py_ssize_t &next) {
  Depth depth;
  switch (kindOf(tree, role)) {
  case Kind::Array:
    return takeLeaf(leaves, next);
  case Kind::Number:
    return takeLeaf(leaves, next);
  case Kind::Dict: {
    bool isArgument = role == Role::Arguments || role == Role::Constants;
    Owned dict = isArgument && !isPlainDict(tree) ? copyModule(tree) : Owned(checked(PyDict_New()));
    eachItem(tree, [&](PyObject *key, PyObject *value) {
      Owned child(rebuildTree(value, role, leaves, next));
      checked(PyDict_SetItem(dict.get(), key, child.get()));
    });
    return dict.take();
  }
  case Kind::List:
  case Kind::Tuple:
    return rebuildSequence(tree, role, leaves, next);
  case Kind::Stateful: {
    Owned state(stateOf(tree));
    return rebuildTree(state.get(), role, leaves, next);
  }
  default:
    return Py_NewRef(tree);
  }
}

void writeTree(PyObject *from, PyObject *to) {
  if (!writeInto(from, to))
    raise(ErrorKind::Runtime, "expected a state of the traced structure");
}

void TreeSnapshot::keep(PyObject *tree) {
  Depth depth;
  switch (kindOf(tree, Role::State)) {
  case Kind::Dict:
    kept.emplace_back(Owned(Py_NewRef(tree)), Owned(checked(PyDict_Copy(tree))));
    return eachItem(tree, [&](PyObject *, PyObject *value) { keep(value); });
  case Kind::List:
    kept.emplace_back(Owned(Py_NewRef(tree)), Owned(checked(PySequence_List(tree))));
    [[fallthrough]];
  case Kind::Tuple:
    return eachElement(tree, [&](PyObject *item) { keep(item); });
  case Kind::Stateful: {
    Owned state(stateOf(tree));
    return keep(state.get());
  }
  default:
    return;
  }
}

void TreeSnapshot::restore() {
  for (auto &[container, copy] : kept) {
    if (PyDict_Check(container.get())) {
      PyDict_Clear(container.get());
      checked(PyDict_Update(container.get(), copy.get()));
    } else {
      checked(PyList_SetSlice(container.get(), 0, PyList_GET_SIZE(container.get()), copy.get()));
    }
  }
}

bool addTree(PyObject *) {
  stateName = PyUnicode_InternFromString("state");
  trainingName = PyUnicode_InternFromString("_training");
  return stateName && trainingName;
}

} // namespace mlxir::py
