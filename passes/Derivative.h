// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What vjp and jvp share: the copy of a function that derivative ops are added to, and the cut after which only the
// values that they use are left, as residual arguments.

#ifndef MLXIR_PASSES_DERIVATIVE_H
#define MLXIR_PASSES_DERIVATIVE_H

#include "dialect/Ops.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlxir {

/// The region of a composite's rule (kVjpRule, kJvpRule), or null.
mlir::Region *findRule(CompositeOp composite, int64_t rule);

/// A function under differentiation: a copy of it, next to it in its module, whose values have the numbers that they
/// have in its trace. Composites without the rule in question are inlined; values inside of them have no number.
class Derivative {
public:
  Derivative(mlir::func::FuncOp original, llvm::StringRef suffix, int64_t rule);

  mlir::func::FuncOp getFunction() { return function; }
  mlir::Block &getBlock() { return function.getBody().front(); }
  /// The ops of the copy, in order.
  llvm::ArrayRef<mlir::Operation *> getForward() const { return forward; }
  /// The arguments and results of the copy: those of the original.
  mlir::ValueRange getInputs() { return getBlock().getArguments().take_front(numInputs); }
  llvm::ArrayRef<mlir::Value> getOutputs() const { return outputs; }

  /// Marks what depends on the inputs `wrt` through floats.
  void activate(llvm::ArrayRef<int64_t> wrt);
  bool isActive(mlir::Value value) const { return active.contains(value); }

  /// A further argument: a cotangent or tangent of `value`.
  mlir::Value addArgument(mlir::Value value);
  /// Builds derivative ops, behind the copy.
  mlir::OpBuilder &getBuilder() { return builder; }

  /// Ends the function with `results`, and leaves of the copy only what the derivative needs: residual arguments first,
  /// by number.
  mlir::func::FuncOp finish(mlir::ValueRange results);
  void erase() { function.erase(); }

private:
  void inlineNumbered(int64_t rule);
  bool isRecomputed(mlir::Operation *op) const;
  llvm::SmallVector<mlir::DictionaryAttr> cut();
  llvm::SmallVector<mlir::DictionaryAttr>
  replaceResiduals(llvm::SmallVector<std::pair<int64_t, mlir::Value>> residuals);

  mlir::func::FuncOp function;
  mlir::OpBuilder builder;
  unsigned numInputs;
  llvm::SmallVector<mlir::Operation *> forward;
  llvm::SmallVector<mlir::Value> outputs;
  llvm::DenseMap<mlir::Value, int64_t> numbers;
  llvm::DenseSet<mlir::Value> active;
};

/// Finds @`name` in the module, or reports that it is not there. "main" is also the one function of a module.
mlir::func::FuncOp findFunction(mlir::ModuleOp module, llvm::StringRef name);
/// Positions to differentiate: `chosen`, or all float ones if none is chosen. Reports one that is out of range or no
/// float; `what` is "argument" or "result".
mlir::FailureOr<llvm::SmallVector<int64_t>> choosePositions(mlir::func::FuncOp function, const char *what,
                                                            mlir::TypeRange types, llvm::ArrayRef<int64_t> chosen);

} // namespace mlxir

#endif // MLXIR_PASSES_DERIVATIVE_H
