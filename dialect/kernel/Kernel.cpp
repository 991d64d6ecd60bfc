// The mlxir_kernel dialect and the checks of its ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/kernel/Kernel.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlxir::kernel;

#include "dialect/kernel/KernelDialect.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/kernel/KernelOps.cpp.inc"

void MlxirKernelDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/kernel/KernelOps.cpp.inc"
      >();
}

LogicalResult ScatterOp::verify() {
  if (getIndices().size() != getAxes().size())
    return emitOpError("expected one index tensor per axis (C1), got ")
           << getIndices().size() << " for " << getAxes().size() << " axes";
  int64_t rank = cast<RankedTensorType>(getDestination().getType()).getRank();
  int64_t indexRank = getIndices().empty() ? 0 : cast<RankedTensorType>(getIndices()[0].getType()).getRank();
  int64_t updateRank = cast<RankedTensorType>(getUpdates().getType()).getRank();
  if (updateRank != rank + indexRank)
    return emitOpError("expected updates of rank ") << rank + indexRank << " (C2), got rank " << updateRank;
  Type element = getElementTypeOrSelf(getDestination().getType());
  Block &body = getCombine().front();
  if (body.getNumArguments() != 2 || body.getArgument(0).getType() != element ||
      body.getArgument(1).getType() != element)
    return emitOpError("expected a region over two elements of type ") << element;
  return success();
}
