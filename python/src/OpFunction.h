// One callable type for every op: the table row says how many operands and which attributes it takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <Python.h>

namespace mlxir::py {

/// Adds to `module` the dict `functions` (public names and aliases of the ops that have any) and the module `ops`
/// (every op under its mnemonic, with its attributes as they are in the table).
bool addOpFunctions(PyObject *module);

/// Throws unless `stream` is None or a stream or device that there is.
void checkStream(PyObject *stream);

} // namespace mlxir::py
