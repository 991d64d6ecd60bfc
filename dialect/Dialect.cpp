// What the dialect registers when it is loaded.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Attributes.h"
#include "dialect/Ops.h"

using namespace mlir;
using namespace mlxir;

#include "dialect/Dialect.cpp.inc"

void MlxirDialect::initialize() {
  sizes = std::make_unique<Sizes>();
  registerAttributes();
  registerOps();
}

MlxirDialect::~MlxirDialect() = default;

void MlxirDialect::registerOps() {
  addOperations<
#define GET_OP_LIST
#include "dialect/Binary.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Compare.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Contract.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Convert.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Index.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Reduce.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Shape.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Structural.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Unary.cpp.inc"
      >();
}

Operation *MlxirDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  auto scalar = dyn_cast<TypedAttr>(value);
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!scalar || !tensor || tensor.getRank() != 0 || scalar.getType() != tensor.getElementType())
    return nullptr;
  return ConstantOp::create(builder, loc, type, scalar);
}
