// Devices, memory counters, caches, interrupts: the runtime's switches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <pybind11/pybind11.h>

namespace mlxir::py {

void addSystem(pybind11::module_ &module);

} // namespace mlxir::py
