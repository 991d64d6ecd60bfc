// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mlxir-lsp-server lets an editor check, complete and navigate files of IR.

#include "compiler/Register.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlxir::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
