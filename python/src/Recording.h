// What the Python part needs of the recorder besides the ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <Python.h>

namespace mlxir::py {

bool addRecording(PyObject *module);

} // namespace mlxir::py
