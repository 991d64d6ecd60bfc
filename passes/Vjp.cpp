// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The reverse sweep: ops are visited from the last to the first, each turns the cotangents of its results into
// gradients of its operands, and what meets at a value is added.

#include "passes/Vjp.h"

#include "dialect/Expr.h"
#include "passes/Decompose.h"
#include "passes/Derivative.h"

namespace mlxir {
#define GEN_PASS_DEF_VJP
#include "passes/Vjp.h.inc"
} // namespace mlxir

using namespace mlir;
using namespace mlxir;

namespace {

class ReverseSweep {
public:
  explicit ReverseSweep(Derivative &derivative) : derivative(derivative), builder(derivative.getBuilder()) {}

  void accumulate(Value value, Value gradient, Location loc) {
    if (!gradient || !derivative.isActive(value))
      return;
    gradient = rules::withType(builder, loc, gradient, value.getType());
    Value &sum = gradients[value];
    sum = sum ? AddOp::create(builder, loc, sum, gradient).getResult() : gradient;
  }

  LogicalResult run() {
    for (Operation *op : llvm::reverse(derivative.getForward()))
      if (failed(visit(op)))
        return failure();
    return success();
  }

  /// Zeros if nothing arrived.
  Value gradientOf(Value value) {
    Value gradient = gradients.lookup(value);
    return gradient ? gradient : rules::buildZeros(builder, value.getLoc(), value.getType());
  }

private:
  LogicalResult visit(Operation *op) {
    SmallVector<Value> cotangents, operandGradients;
    SmallVector<bool> wanted;
    for (Value result : op->getResults())
      cotangents.push_back(gradients.lookup(result));
    for (Value operand : op->getOperands())
      wanted.push_back(derivative.isActive(operand));
    if (llvm::none_of(cotangents, [](Value v) { return static_cast<bool>(v); }) || !llvm::is_contained(wanted, true))
      return success();
    if (failed(applyRule(op, cotangents, wanted, operandGradients)))
      return failure();
    for (auto [operand, gradient] : llvm::zip_equal(op->getOperands(), operandGradients))
      accumulate(operand, gradient, op->getLoc());
    return success();
  }

  LogicalResult applyRule(Operation *op, ArrayRef<Value> cotangents, ArrayRef<bool> wanted,
                          SmallVectorImpl<Value> &operandGradients) {
    if (auto composite = dyn_cast<CompositeOp>(op)) {
      SmallVector<Value> arguments(op->getOperands());
      for (Value result : op->getResults())
        arguments.push_back(gradientOf(result));
      llvm::append_range(operandGradients, inlineBody(builder, *findRule(composite, CompositeOp::kVjpRule), arguments));
      return success();
    }
    auto rule = dyn_cast<DifferentiableOpInterface>(op);
    if (!rule)
      return op->emitError("op '") << op->getName() << "' has no vjp rule";
    return rule.vjp(builder, cotangents, wanted, operandGradients);
  }

  Derivative &derivative;
  OpBuilder &builder;
  DenseMap<Value, Value> gradients;
};

} // namespace

FailureOr<func::FuncOp> mlxir::buildVjp(func::FuncOp function, ArrayRef<int64_t> wrt, ArrayRef<int64_t> of) {
  Derivative derivative(function, "_vjp", CompositeOp::kVjpRule);
  derivative.activate(wrt);
  ReverseSweep sweep(derivative);
  for (int64_t k : of) {
    Value output = derivative.getOutputs()[k];
    sweep.accumulate(output, derivative.addArgument(output), output.getLoc());
  }
  if (failed(sweep.run())) {
    derivative.erase();
    return failure();
  }
  SmallVector<Value> results;
  for (int64_t i : wrt)
    results.push_back(sweep.gradientOf(derivative.getInputs()[i]));
  return derivative.finish(results);
}

namespace {
struct VjpPass : public mlxir::impl::VjpBase<VjpPass> {
  using VjpBase::VjpBase;
  void runOnOperation() override {
    func::FuncOp main = findFunction(getOperation(), function);
    if (!main)
      return signalPassFailure();
    auto inputs = choosePositions(main, "argument", main.getArgumentTypes(), wrt);
    auto outputs = choosePositions(main, "result", main.getResultTypes(), of);
    if (failed(inputs) || failed(outputs) || failed(buildVjp(main, *inputs, *outputs)))
      signalPassFailure();
  }
};
} // namespace
