// mlxir-tblgen makes from the op records what upstream's mlir-tblgen does not: the op table, the rules, the public
// functions. One file here per kind of output.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "mlir/Tools/mlir-tblgen/MlirTblgenMain.h"

int main(int argc, char **argv) { return mlir::MlirTblgenMain(argc, argv); }
