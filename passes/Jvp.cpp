// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forward mode: ops are visited in order, each turns the tangents of its operands into those of its results. A value
// without a tangent does not move.

#include "passes/Jvp.h"

#include "dialect/Expr.h"
#include "passes/Decompose.h"
#include "passes/Derivative.h"

namespace mlxir {
#define GEN_PASS_DEF_JVP
#include "passes/Jvp.h.inc"
} // namespace mlxir

using namespace mlir;
using namespace mlxir;

namespace {

class ForwardSweep {
public:
  explicit ForwardSweep(Derivative &derivative) : derivative(derivative), builder(derivative.getBuilder()) {}

  void setTangent(Value value, Value tangent) {
    if (tangent)
      tangents[value] = rules::withType(builder, value.getLoc(), tangent, value.getType());
  }

  LogicalResult run() {
    for (Operation *op : derivative.getForward())
      if (failed(visit(op)))
        return failure();
    return success();
  }

  /// Zeros if the value does not move.
  Value tangentOf(Value value) {
    Value tangent = tangents.lookup(value);
    return tangent ? tangent : rules::buildZeros(builder, value.getLoc(), value.getType());
  }

private:
  LogicalResult visit(Operation *op) {
    SmallVector<Value> moving, results;
    for (Value operand : op->getOperands())
      moving.push_back(tangents.lookup(operand));
    bool moves = llvm::any_of(moving, [](Value v) { return static_cast<bool>(v); });
    if (!moves || llvm::none_of(op->getResults(), [](Value v) { return rules::isFloatArray(v); }))
      return success();
    if (failed(applyRule(op, moving, results)))
      return failure();
    for (auto [result, tangent] : llvm::zip_equal(op->getResults(), results))
      setTangent(result, tangent);
    return success();
  }

  LogicalResult applyRule(Operation *op, ArrayRef<Value> moving, SmallVectorImpl<Value> &results) {
    if (auto composite = dyn_cast<CompositeOp>(op)) {
      SmallVector<Value> arguments(op->getOperands());
      for (Value operand : op->getOperands())
        arguments.push_back(tangentOf(operand));
      llvm::append_range(results, inlineBody(builder, *findRule(composite, CompositeOp::kJvpRule), arguments));
      return success();
    }
    auto rule = dyn_cast<DifferentiableOpInterface>(op);
    if (!rule)
      return op->emitError("op '") << op->getName() << "' has no jvp rule";
    return rule.jvp(builder, moving, results);
  }

  Derivative &derivative;
  OpBuilder &builder;
  DenseMap<Value, Value> tangents;
};

} // namespace

FailureOr<func::FuncOp> mlxir::buildJvp(func::FuncOp function, ArrayRef<int64_t> wrt) {
  Derivative derivative(function, "_jvp", CompositeOp::kJvpRule);
  ForwardSweep sweep(derivative);
  for (int64_t i : wrt) {
    Value input = derivative.getInputs()[i];
    sweep.setTangent(input, derivative.addArgument(input));
  }
  if (failed(sweep.run())) {
    derivative.erase();
    return failure();
  }
  SmallVector<Value> results;
  for (Value output : derivative.getOutputs())
    results.push_back(sweep.tangentOf(output));
  return derivative.finish(results);
}

namespace {
struct JvpPass : public mlxir::impl::JvpBase<JvpPass> {
  using JvpBase::JvpBase;
  void runOnOperation() override {
    func::FuncOp main = findFunction(getOperation(), function);
    if (!main)
      return signalPassFailure();
    auto inputs = choosePositions(main, "argument", main.getArgumentTypes(), wrt);
    if (failed(inputs) || failed(buildJvp(main, *inputs)))
      signalPassFailure();
  }
};
} // namespace
