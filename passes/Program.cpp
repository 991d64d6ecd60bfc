// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A dialect's verifier looks at its own ops; what stands between them is looked at here.

#include "passes/Program.h"

#include "dialect/Attributes.h"

using namespace mlir;
using namespace mlxir;

static LogicalResult verifyTypes(Operation *op, TypeRange types) {
  for (Type type : types)
    if (!isArrayType(type))
      return op->emitError("expected arrays whose dims are known, got ") << type;
  return success();
}

LogicalResult mlxir::verifyProgram(func::FuncOp function) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("expected a function of one block");
  if (failed(verifyTypes(function, function.getArgumentTypes())))
    return failure();
  for (Operation &op : function.front()) {
    if (!isa<func::ReturnOp>(op) && !isa_and_nonnull<MlxirDialect>(op.getDialect()))
      return op.emitError("expected ops of the mlxir dialect in a program, got ") << op.getName();
    if (failed(verifyTypes(&op, op.getResultTypes())))
      return failure();
  }
  return success();
}
