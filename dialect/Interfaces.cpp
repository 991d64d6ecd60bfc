// Defaults of the op interfaces, and the way from an op to its row in the op table.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Interfaces.h"

using namespace mlir;
using namespace mlxir;

#include "dialect/Interfaces.cpp.inc"

void mlxir::getIdentityIndex(Value operand, SmallVectorImpl<DimIndex> &index) {
  for (int64_t i = 0, rank = cast<RankedTensorType>(operand.getType()).getRank(); i < rank; ++i)
    index.push_back({static_cast<int>(i)});
}

const OpInfo &mlxir::lookUpOp(StringRef name) {
  bool isOurs = name.consume_front("mlxir.");
  const OpInfo *info = isOurs ? findOp(name.str().c_str()) : nullptr;
  assert(info && "every op with ArrayOpInterface has a row");
  return *info;
}

const OpInfo *mlxir::getOpInfo(Operation *op) {
  auto array = dyn_cast<ArrayOpInterface>(op);
  return array ? &array.getOpInfo() : nullptr;
}
