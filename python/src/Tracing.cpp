// Scopes, transforms, jit and evaluation, as the Python part sees them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Tracing.h"

#include "python/src/ArrayObject.h"
#include "python/src/DTypeObject.h"
#include "python/src/Gil.h"
#include "python/src/Jit.h"
#include "python/src/Operand.h"

#include "runtime/eval/Eval.h"
#include "runtime/eval/Transform.h"

#include <pybind11/stl.h>

namespace pb = pybind11;

namespace mlxir::py {
namespace {

pb::object steal(PyObject *object) { return pb::reinterpret_steal<pb::object>(object); }

/// Null for None.
std::vector<Value> valuesOf(const pb::sequence &arrays) {
  std::vector<Value> values;
  for (pb::handle array : arrays)
    values.push_back(array.is_none() ? Value() : toValue(array.ptr()));
  return values;
}

pb::list listOf(Span<const Value> values) {
  pb::list list;
  for (const Value &value : values)
    list.append(steal(wrap(value)));
  return list;
}

ScopeKind kindOf(const std::string &name) {
  if (name == "grad")
    return ScopeKind::Grad;
  if (name == "vmap")
    return ScopeKind::Vmap;
  return name == "jit" ? ScopeKind::Jit : ScopeKind::Region;
}

/// A scope and the inputs that were made in it: a context manager.
class TraceScope {
public:
  TraceScope(const std::string &kind, std::string functionName)
      : name(std::move(functionName)), scope(kindOf(kind), name.c_str()) {}

  pb::object identity(pb::handle array) {
    inputs.push_back(scope.identity(toValue(array.ptr())));
    return steal(wrap(inputs.back()));
  }

  pb::object placeholder(pb::handle dtype, std::vector<int64_t> dims, const std::string &description) {
    inputs.push_back(scope.placeholder(toDType(dtype.ptr(), "dtype"), dims, false, description));
    return steal(wrap(inputs.back()));
  }

  pb::list reverse(const pb::sequence &outputs, const pb::sequence &cotangents) {
    return listOf(vjp(scope, inputs, valuesOf(outputs), valuesOf(cotangents)));
  }

  pb::list forward(const pb::sequence &outputs, const pb::sequence &tangents) {
    return listOf(jvp(scope, inputs, valuesOf(outputs), valuesOf(tangents)));
  }

  /// (arrays, whether each is batched)
  pb::tuple batch(const pb::sequence &outputs, const pb::sequence &operands, const std::vector<bool> &batched,
                  int64_t size) {
    BatchedValues result = vmap(scope, inputs, valuesOf(outputs), valuesOf(operands), batched, size);
    return pb::make_tuple(listOf(result.values), result.batched);
  }

  pb::bytes trace(const pb::sequence &outputs, const std::string &transform, const std::vector<bool> &batched,
                  int64_t size) {
    std::vector<uint8_t> bytes = transformedTrace(scope, inputs, valuesOf(outputs), transform.c_str(), batched, size);
    return pb::bytes(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  }

  void close() { scope.close(); }

private:
  std::string name;
  Scope scope;
  std::vector<Value> inputs;
};

std::vector<Value> leavesOf(const pb::args &trees) {
  std::vector<PyObject *> arrays;
  for (pb::handle tree : trees)
    collectArrays(tree.ptr(), arrays);
  std::vector<Value> values;
  for (PyObject *array : arrays)
    values.push_back(handleOf(array).get());
  return values;
}

template <typename Run> void evaluateLeaves(const pb::args &trees, Run &&run) {
  PublicCall call("eval");
  std::vector<Value> values = leavesOf(trees);
  for (const Value &value : values)
    requireConcrete(value);
  WithoutGil withoutGil;
  run(values);
}

bool isTracing() {
  for (ScopeKind kind : {ScopeKind::Grad, ScopeKind::Vmap, ScopeKind::Jit, ScopeKind::Region})
    if (insideScope(kind))
      return true;
  return false;
}

void addScopes(pb::module_ &m) {
  pb::class_<TraceScope>(m, "Scope")
      .def(pb::init<const std::string &, std::string>())
      .def("identity", &TraceScope::identity)
      .def("placeholder", &TraceScope::placeholder)
      .def("vjp", &TraceScope::reverse)
      .def("jvp", &TraceScope::forward)
      .def("vmap", &TraceScope::batch)
      .def("trace", &TraceScope::trace, pb::arg("outputs"), pb::arg("transform"),
           pb::arg("batched") = std::vector<bool>(), pb::arg("size") = 0)
      .def("__enter__", [](pb::object self) { return self; })
      .def("__exit__", [](TraceScope &self, const pb::args &) { self.close(); });
  m.def("is_tracing", isTracing);
}

void addJit(pb::module_ &m) {
  pb::class_<JitCall>(m, "JitCall")
      .def(pb::init([](pb::handle arguments, pb::handle state, bool constants) {
             return std::make_unique<JitCall>(arguments.ptr(), state.ptr(), constants);
           }),
           pb::keep_alive<1, 2>(), pb::keep_alive<1, 3>())
      .def("key", [](const JitCall &self) { return steal(self.key().take()); });
  pb::class_<JitTrace>(m, "JitTrace")
      .def(pb::init([](pb::handle body, const JitCall &call, const std::string &name) {
        return std::make_unique<JitTrace>(body.ptr(), call, name.c_str());
      }))
      .def("set_dynamic", [](JitTrace &self, bool dynamic) { self.function->setDynamic(dynamic); })
      .def("run",
           [](JitTrace &self, JitCall &call, const std::string &name) {
             PublicCall publicCall(name.c_str());
             return steal(self.run(call));
           })
      .def("stages",
           [](JitTrace &self, const std::string &names) {
             WithoutGil withoutGil;
             return self.function->stages(names);
           })
      .def("trace",
           [](JitTrace &self) {
             std::vector<uint8_t> bytes = self.function->traceBytes();
             return pb::bytes(reinterpret_cast<const char *>(bytes.data()), bytes.size());
           })
      .def_property_readonly("num_nodes", [](JitTrace &self) { return self.function->numNodes(); })
      .def_property_readonly("num_hidden", [](JitTrace &self) { return self.function->hiddenInputs().size(); });
}

void addEvaluation(pb::module_ &m) {
  pb::options options;
  options.disable_function_signatures(); // the text is the one that CPython parses
  m.def(
      "eval", [](const pb::args &trees) { evaluateLeaves(trees, [](Span<const Value> values) { evaluate(values); }); },
      R"(eval(*args)
--

Compute arrays now, all of them in one program.

Args:
    args: arrays, and trees of them (modules, optimizers, dicts, lists).

Raises:
    ValueError: one of them is being traced, and has no value.

Example:
    >>> a = mx.ones((2,)) + 1
    >>> mx.eval(a, {"twice": a * 2})
)");
  m.def(
      "async_eval",
      [](const pb::args &trees) { evaluateLeaves(trees, [](Span<const Value> values) { evaluateAsync(values); }); },
      R"(async_eval(*args)
--

Start to compute arrays and go on; reading one of them waits for it.

Args:
    args: arrays, and trees of them.

Example:
    >>> a = mx.ones((2,)) + 1
    >>> mx.async_eval(a)
    >>> a
    array([2, 2], dtype=float32)
)");
  m.def("synchronize", [] { synchronize(); }, pb::call_guard<WithoutGil>());
}

void addTrees(pb::module_ &m) {
  m.def("tree_arrays", [](pb::handle tree) {
    std::vector<PyObject *> arrays;
    collectArrays(tree.ptr(), arrays);
    pb::list list;
    for (PyObject *array : arrays)
      list.append(pb::handle(array));
    return list;
  });
  // The tree with its arrays replaced in order; dict subclasses become dicts.
  m.def("tree_rebuild", [](pb::handle tree, pb::list leaves) {
    Py_ssize_t next = 0;
    return steal(rebuildTree(tree.ptr(), Role::Results, leaves.ptr(), next));
  });
  // The same for what a traced function is given: dict subclasses keep their type.
  m.def("tree_substitute", [](pb::handle tree, pb::list leaves) {
    Py_ssize_t next = 0;
    return steal(rebuildTree(tree.ptr(), Role::Constants, leaves.ptr(), next));
  });
}

} // namespace

void addTracing(pb::module_ &m) {
  pb::register_exception_translator([](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const PythonError &) {
      translateException();
    } catch (const Error &) {
      translateException();
    }
  });
  addScopes(m);
  addJit(m);
  addEvaluation(m);
  addTrees(m);
}

} // namespace mlxir::py
