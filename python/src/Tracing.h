// Scopes, transforms, jit and evaluation, as the Python part sees them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <pybind11/pybind11.h>

namespace mlxir::py {

void addTracing(pybind11::module_ &module);

} // namespace mlxir::py
