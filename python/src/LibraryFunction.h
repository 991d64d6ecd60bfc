// Callables that wrap functions of the Python part: `public` names a function in errors and fixes the caller's line,
// `composite` also records it as one region.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <Python.h>

namespace mlxir::py {

/// Adds `public`, `composite` and the functions that raise errors with the name of the function that is being called.
bool addLibraryFunctions(PyObject *module);

} // namespace mlxir::py
