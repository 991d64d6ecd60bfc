// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mlxir-opt runs passes and pipelines by name on a file of IR.

#include "compiler/Register.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlxir::registerAllDialects(registry);
  mlxir::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "mlxir optimizer driver\n", registry));
}
