// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/mlxir-run/Transformed.h"

#include "dialect/AttributeNames.h"
#include "passes/Derivative.h"
#include "passes/Jvp.h"
#include "passes/Vjp.h"
#include "passes/Vmap.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlxir;

/// 1, 2, 3... in row-major order.
static DenseElementsAttr count(RankedTensorType type) {
  Builder builder(type.getContext());
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    elements.push_back(builder.getFloatAttr(type.getElementType(), static_cast<double>(i + 1)));
  return DenseElementsAttr::get(type, elements);
}

/// Computes in `function` what `derivative` computes from the function's values and further arguments: residuals are
/// values of the function by number, which are its arguments and then the results of its ops in order.
static void append(func::FuncOp function, func::FuncOp derivative) {
  Block &body = function.front();
  SmallVector<Value> numbered(body.getArguments());
  for (Operation &op : body.without_terminator())
    llvm::append_range(numbered, op.getResults());

  IRMapping values;
  for (BlockArgument argument : derivative.getArguments()) {
    if (auto number = derivative.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), kResidualAttr)) {
      values.map(argument, numbered[number.getInt()]);
      continue;
    }
    auto type = cast<RankedTensorType>(argument.getType());
    NamedAttribute value(StringAttr::get(type.getContext(), kValueAttr), count(type));
    unsigned last = function.getNumArguments();
    (void)function.insertArgument(last, type, DictionaryAttr::get(type.getContext(), value), argument.getLoc());
    values.map(argument, function.getArgument(last));
  }
  body.getTerminator()->erase();
  OpBuilder builder = OpBuilder::atBlockEnd(&body);
  for (Operation &op : derivative.front())
    builder.clone(op, values);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), derivative.getResultTypes()));
}

static FailureOr<func::FuncOp> withDerivative(func::FuncOp function, Transform transform) {
  auto wrt = choosePositions(function, "argument", function.getArgumentTypes(), {});
  auto of = choosePositions(function, "result", function.getResultTypes(), {});
  if (failed(wrt) || failed(of))
    return failure();
  if (wrt->empty() || of->empty())
    return func::FuncOp();
  auto derivative = transform == Transform::Vjp ? buildVjp(function, *wrt, *of) : buildJvp(function, *wrt);
  if (failed(derivative))
    return failure();
  func::FuncOp whole = function.clone();
  append(whole, *derivative);
  derivative->erase();
  return whole;
}

static FailureOr<func::FuncOp> batched(func::FuncOp function) {
  unsigned arguments = function.getNumArguments();
  if (arguments == 0)
    return func::FuncOp();
  FailureOr<func::FuncOp> whole = buildVmap(function, SmallVector<bool>(arguments, true), Size::constant(2));
  if (failed(whole))
    return failure();
  (*whole)->remove();
  whole->setName(function.getName());
  for (unsigned i = 0; i < arguments; ++i) {
    auto value = function.getArgAttrOfType<DenseElementsAttr>(i, kValueAttr);
    if (!value)
      continue; // an error when values are read
    SmallVector<Attribute> elements(value.getValues<Attribute>());
    llvm::append_range(elements, llvm::to_vector(llvm::reverse(elements)));
    auto type = cast<RankedTensorType>(whole->getArgument(i).getType());
    whole->setArgAttr(i, kValueAttr, DenseElementsAttr::get(type, elements));
  }
  return whole;
}

FailureOr<func::FuncOp> mlxir::transformed(func::FuncOp function, Transform transform) {
  switch (transform) {
  case Transform::None:
    return function.clone();
  case Transform::Vjp:
  case Transform::Jvp:
    return withDerivative(function, transform);
  case Transform::Vmap:
    return batched(function);
  }
  llvm_unreachable("unknown transform");
}
