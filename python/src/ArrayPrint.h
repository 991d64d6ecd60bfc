// Printing options of arrays.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <Python.h>

namespace mlxir::py {

extern PyMethodDef printMethods[];

} // namespace mlxir::py
