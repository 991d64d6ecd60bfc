// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What MLIR's Python package runs once when it is imported: every Context then
// knows the compiler's dialects, and every PassManager its passes.

#include "compiler/Register.h"

#include "mlir/Bindings/Python/NanobindAdaptors.h"

NB_MODULE(_site_initialize_0, module) {
  mlxirRegisterAllPasses();
  module.def("register_dialects", &mlxirRegisterAllDialects);
}
