// Builds the body of one linalg.generic stage: the element of a value, as scalar ops over elements of memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "passes/Indexing.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlxir {

/// A kernel while it is lowered: what its arguments became, and which of its values earlier stages have computed.
struct LoweredKernel {
  mlir::func::FuncOp func;                            // the function of stages
  llvm::DenseMap<mlir::Value, mlir::Value> arguments; // array argument -> tensor, or scalar if it is a literal
  llvm::SmallVector<mlir::Value> symbols;             // index arguments, by symbol number
  SizeArena *sizes = nullptr;
  llvm::SmallVector<Size> domain;

  /// A value that a stage has computed: its tensors (several accumulators of a reduction), and the domain dims they
  /// have.
  struct Computed {
    llvm::SmallVector<mlir::Value> tensors;
    llvm::SmallVector<int> dims; // domain dim of each of the value's dims, -1 where it is 1
    bool finished = true;        // false: accumulators, to be finished where they are read
  };
  llvm::DenseMap<mlir::Value, Computed> computed;
  bool failed = false; // an error has been emitted

  /// A size as a value of type index.
  mlir::Value sizeValue(mlir::ImplicitLocOpBuilder &b, Size size);
  /// An empty tensor over some of the domain's dims, or of a given shape.
  mlir::Value emptyTensor(mlir::ImplicitLocOpBuilder &b, llvm::ArrayRef<Size> shape, mlir::Type element);
};

/// The type of an element in memory: bool takes a byte, integers have no sign.
mlir::Type memoryType(mlir::Type element);

class BodyBuilder {
public:
  BodyBuilder(LoweredKernel &kernel, mlir::ImplicitLocOpBuilder &outer, llvm::SmallVector<int> loops);

  /// The element of `value` at `at` (over domain dims), as a scalar of a kernel body.
  mlir::Value element(mlir::Value value, const Indices &at);
  mlir::Value indexValue(const Index &index);

  struct Result {
    mlir::Value yield;             // scalar of the body
    llvm::SmallVector<Size> shape; // of the result tensor
    llvm::SmallVector<int> dims;   // domain dim of each of its dims, -1: 0
    mlir::Type element;
    mlir::TypedAttr identity; // of a reduction's accumulator; null for a map
  };
  /// The accumulators' arguments, once all elements have been built.
  mlir::Value accumulator(mlir::Type type);
  mlir::linalg::GenericOp finish(llvm::ArrayRef<Result> results, llvm::ArrayRef<bool> reduced);

  mlir::ImplicitLocOpBuilder b; // inserts into the body

private:
  mlir::Value build(mlir::Value value, const Indices &at);
  mlir::Value buildOp(mlir::Operation *op, const Indices &at);
  mlir::Value notComputed(mlir::Operation *op, mlir::Type type);
  mlir::Value pieces(PieceOpInterface op, const Indices &at);
  mlir::Value gather(GatherOpInterface op, const Indices &at);
  mlir::Value readComputed(mlir::Value value, const LoweredKernel::Computed &known, const Indices &at);
  mlir::Value readMemory(mlir::Value tensor, mlir::Type element, const Indices &at);
  mlir::Value readWindow(mlir::Value tensor, const Indices &at);
  mlir::Value window(mlir::Value tensor, llvm::ArrayRef<Size> starts, llvm::ArrayRef<Size> extents,
                     llvm::ArrayRef<mlir::OpFoldResult> steps);
  mlir::Value readInput(mlir::Value tensor, mlir::AffineMap map);
  mlir::Value extract(mlir::Value tensor, llvm::ArrayRef<mlir::Value> indices);
  std::optional<mlir::AffineMap> affineMap(const Indices &at);
  void nameAllLoops();
  mlir::Value fromMemory(mlir::Value scalar, mlir::Type element);

  LoweredKernel &kernel;
  mlir::ImplicitLocOpBuilder &outer;
  llvm::SmallVector<int> loops;    // domain dims of the stage's loops
  llvm::DenseMap<int, int> loopOf; // domain dim -> loop
  std::unique_ptr<mlir::Block> block;
  llvm::SmallVector<mlir::Value> inputs;
  llvm::SmallVector<mlir::AffineMap> maps;
  llvm::SmallVector<std::tuple<mlir::Value, Indices, mlir::Value, mlir::Value>, 0> known; // value, at, guard -> scalar
  unsigned numInputs = 0;
  mlir::Value guard; // i1: elements are only read where it holds
};

} // namespace mlxir
