// The ops of Structural.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/AttributeNames.h"
#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlxir;

#define GET_OP_CLASSES
#include "dialect/Structural.cpp.inc"

#include "dialect/Structural.rules.inc"

//===----------------------------------------------------------------------===//
// ConstantOp
//===----------------------------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

LogicalResult ConstantOp::verify() {
  Type element = getElementTypeOrSelf(getType());
  if (getValue().getType() != element)
    return emitOpError("expected a value of type ") << element << ", got " << getValue();
  return success();
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &state) {
  Attribute value;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseAttribute(value) || parser.parseOptionalAttrDict(state.attributes))
    return failure();
  auto number = dyn_cast<TypedAttr>(value);
  if (!number || !isElementType(number.getType()))
    return parser.emitError(loc, "expected a number with its type, such as 1.0 : f32");
  state.getOrAddProperties<Properties>().value = number;
  state.addTypes(RankedTensorType::get({}, number.getType()));
  return success();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getValue();
  printer.printOptionalAttrDict((*this)->getAttrs(), {"value"});
}

//===----------------------------------------------------------------------===//
// CompositeOp
//===----------------------------------------------------------------------===//

static LogicalResult verifyRegion(CompositeOp op, Region &region, TypeRange arguments, TypeRange results,
                                  const Twine &what) {
  Block &block = region.front();
  if (block.getArgumentTypes() != arguments)
    return op.emitOpError("expected ") << what << " to have arguments of types " << arguments << ", got "
                                       << block.getArgumentTypes();
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  if (!yield || yield.getOperandTypes() != results)
    return op.emitOpError("expected ") << what << " to yield values of types " << results << ", got "
                                       << block.getTerminator()->getOperandTypes();
  return success();
}

LogicalResult CompositeOp::verifyRegions() {
  if (getBodies().size() != getRules().size() + 1)
    return emitOpError("expected a decomposition and one region per rule, got ") << getBodies().size() << " regions";
  auto isRule = [](int64_t rule) { return rule == kVjpRule || rule == kJvpRule; };
  if (!llvm::all_of(getRules(), isRule) || DenseSet<int64_t>(llvm::from_range, getRules()).size() != getRules().size())
    return emitOpError("expected rules ")
           << kVjpRule << " (vjp) and " << kJvpRule << " (jvp), each once, got " << getRules();
  TypeRange inputs = getOperandTypes(), outputs = getResultTypes();
  if (failed(verifyRegion(*this, getBodies()[0], inputs, outputs, "the decomposition")))
    return failure();
  for (auto [rule, region] : llvm::zip_equal(getRules(), llvm::drop_begin(getBodies()))) {
    SmallVector<Type> arguments(inputs);
    bool isVjp = rule == kVjpRule;
    llvm::append_range(arguments, isVjp ? outputs : inputs);
    if (failed(verifyRegion(*this, region, arguments, isVjp ? inputs : outputs, isVjp ? "a vjp rule" : "a jvp rule")))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// LaunchOp
//===----------------------------------------------------------------------===//

static bool sameButForSymbols(TypeRange a, TypeRange b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](auto pair) {
           auto x = dyn_cast<RankedTensorType>(std::get<0>(pair)), y = dyn_cast<RankedTensorType>(std::get<1>(pair));
           return x && y && x.getElementType() == y.getElementType() && x.getShape() == y.getShape();
         });
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("expected a function of the module as kernel, got ") << getKernelAttr();
  if (!kernel->hasAttr(kKernelAttr))
    return success(); // lowered: what it takes are the types of memory
  if (!sameButForSymbols(kernel.getArgumentTypes(), getOperandTypes()) ||
      !sameButForSymbols(kernel.getResultTypes(), getResultTypes()))
    return emitOpError("expected operands and results like those of ") << getKernelAttr();
  return success();
}
