// Trees of dicts, lists and tuples whose leaves are arrays: what jit and the transforms take and return.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "python/src/Call.h"

#include "runtime/array/Node.h"

#include <string>
#include <vector>

namespace mlxir::py {

/// Why a tree is walked. Python numbers are inputs of a traced function in `Arguments`, and part of what was traced
/// otherwise. Objects that keep a dict called `state` (optimizers) are entered in `State` only.
enum class Role { Arguments, Constants, State, Results };

/// The leaves of a tree in order, and a key that is equal for trees which are traced alike.
struct FlatTree {
  std::vector<Value> leaves;
  std::string structure;      // containers, keys, types of the leaves
  std::vector<Owned> statics; // leaves that are neither arrays nor weak numbers
};
void flattenTree(PyObject *tree, Role role, FlatTree &flat);

/// Appends the array objects among the leaves; borrowed.
void collectArrays(PyObject *tree, std::vector<PyObject *> &arrays);

/// A new tree with the leaves of `flattenTree` replaced by those of the list `leaves`, from `next` on. A subclass of
/// dict is copied with its attributes in arguments, and becomes a dict in states and results.
PyObject *rebuildTree(PyObject *tree, Role role, PyObject *leaves, Py_ssize_t &next);

/// What errors call the leaves of `flattenTree`: `prefix` with keys and positions behind it.
void describeLeaves(PyObject *tree, Role role, const std::string &prefix, std::vector<std::string> &names);

/// Puts what `from` holds into the containers of `to`, which are changed in place.
void writeTree(PyObject *from, PyObject *to);

/// Shallow copies of all containers that can change, to take changes back.
class TreeSnapshot {
public:
  explicit TreeSnapshot(PyObject *tree) { keep(tree); }
  void restore();

private:
  void keep(PyObject *tree);
  std::vector<std::pair<Owned, Owned>> kept; // container, copy
};

bool addTree(PyObject *module);

} // namespace mlxir::py
