// A jitted function: what one call brings, and what tracing it made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "python/src/Tree.h"

#include "runtime/eval/Function.h"

namespace mlxir::py {

/// Arguments and state of one call, flattened.
class JitCall {
public:
  /// `constants`: Python numbers among the arguments belong to what is traced.
  JitCall(PyObject *arguments, PyObject *state, bool constants);
  /// (structure, static leaves and their types...): hashable if those are. 1, 1.0 and True are equal, but not the same.
  Owned key() const;

  PyObject *arguments, *state; // borrowed for the duration of the call
  Role role;
  FlatTree flat; // leaves of the arguments, then of the state
  size_t numArguments = 0, numArgumentStatics = 0;
  size_t stateText = 0; // where the state's structure begins
};

/// What one structure of arguments was traced to.
class JitTrace {
public:
  /// Calls `body` with the rebuilt `arguments` (a tuple of args and kwargs) on placeholders. State is as before when
  /// this returns or throws.
  JitTrace(PyObject *body, const JitCall &call, const char *name);
  /// Runs it, writes the state back, and returns the result tree.
  PyObject *run(JitCall &call);

  FunctionRef function;

private:
  void capture(Scope &scope, Span<const Value> inputs, PyObject *result, const JitCall &call);
  std::vector<ReplacedArray> replacedArrays(const JitCall &call) const;
  Owned writeBack(const JitCall &call, Span<const Value> values);
  Owned result, state; // trees with a marker in each array's place
  size_t numResults = 0;
  bool keepsState = false; // its structure, types included: each array of it is replaced by one
  bool isConstant = false; // captured arrays keep their values
};

} // namespace mlxir::py
