// Kernel forming (docs/rfcs/0003-kernels-and-keys.md): cuts a program into kernels and a list of their launches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "passes/Indexing.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlxir {

/// What a kernel does, in the order in which lowering looks at it.
enum class KernelKind { Map, Row, Contract, Opaque };

/// The values that a kernel writes and its iteration domain.
struct KernelGroup {
  KernelKind kind = KernelKind::Map;
  llvm::SmallVector<Size> domain;  // for Contract: the result's dims and then the contracted ones
  llvm::SmallVector<bool> reduced; // per domain dim
  struct Root {
    mlir::Value value;
    llvm::SmallVector<int> dims; // domain dim of each dim of the value; -1 where the value has extent 1
  };
  llvm::SmallVector<Root> roots;
  unsigned size = 0; // of its code, see coneSize
};

/// Decides which values are written to memory and which kernel writes each. `groups` are in an order in which they
/// can run.
class KernelFormer {
public:
  KernelFormer(mlir::func::FuncOp func, SizeArena &sizes);
  void run();

  llvm::SmallVector<KernelGroup, 0> groups;
  llvm::DenseMap<mlir::Value, unsigned> groupOf; // of each root

  /// Is the value in memory when a kernel runs: an argument, a root, or a view of one?
  bool isMaterialized(mlir::Value value) const;
  /// Is the value another shape of another value's memory, and of which?
  bool isView(mlir::Value value) const;
  mlir::Value baseOf(mlir::Value value) const;

private:
  using Visit = llvm::function_ref<void(mlir::Value leaf, const Indices &at)>;
  void findRoots();
  bool isFreeOperand(mlir::Value value);
  bool isCheapPiece(mlir::Value value);
  mlir::Operation *productOf(mlir::Value value);
  bool isEpilogue(mlir::Operation *op);
  /// What one walk has seen: a value may be reached many times, and is looked at once per index.
  using Seen = llvm::DenseMap<mlir::Value, llvm::SmallVector<Indices, 1>>;
  void visitLeaves(mlir::Value value, const Indices &at, Visit leaf);
  void visitOperands(mlir::Operation *op, const Indices &at, Visit leaf);
  void visitLeaves(mlir::Value value, const Indices &at, Visit leaf, Seen &seen);
  void visitOperands(mlir::Operation *op, const Indices &at, Visit leaf, Seen &seen);
  unsigned coneCost(mlir::Value value, llvm::SmallPtrSetImpl<mlir::Operation *> &seen);
  unsigned coneSize(mlir::Operation *op);
  unsigned bigLeaves(mlir::Value value);
  void assign();
  void place(mlir::Operation *op);
  int latestGroup(mlir::Operation *op);
  bool joinMap(unsigned group, mlir::Value value);
  bool joinReduce(unsigned group, ReduceOpInterface op);
  bool matchDims(const KernelGroup &group, mlir::Value value, llvm::ArrayRef<Size> shape, const Indices &at,
                 llvm::SmallVectorImpl<int> &dims);
  bool promoteShared();
  bool promoteReduced();

  mlir::func::FuncOp func;
  SizeArena &sizes;
  llvm::SetVector<mlir::Value> roots;
};

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/FormKernels.h.inc"

} // namespace mlxir
