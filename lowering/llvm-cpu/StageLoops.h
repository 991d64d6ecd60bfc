// The loops of one work item: what its stages share, whether they map or reduce.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "lowering/llvm-cpu/Emitter.h"

namespace mlxir::cpu {

/// An item of a nest: which dims it goes over itself, and the part of the vector dim that it takes.
struct StageLoops {
  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)>;

  StageLoops(Nest &nest, const CpuTarget &target) : e(nest, target), b(e.b), nest(nest) {}

  /// A loop in steps of `step`, threading `carried`.
  llvm::SmallVector<mlir::Value> loop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange carried,
                                      Body body);
  /// `body` if the condition holds, else the carried values as they are.
  llvm::SmallVector<mlir::Value> branch(mlir::Value condition, mlir::ValueRange carried,
                                        llvm::function_ref<llvm::SmallVector<mlir::Value>()> body);
  /// Calls `body` for each full vector of the item's part of the vector dim, and under a mask for the rest.
  void alongVector(Point &point, llvm::function_ref<void()> body);
  /// The extent along the vector dim if it is a constant.
  std::optional<int64_t> constantExtent();

  llvm::SmallVector<Lane> reads(const Stage &stage, const Point &point);
  void write(const Stage &stage, unsigned result, const Point &point, const Lane &value);
  /// Lanes of a vector: as many as the widest element that the stage reads, writes or computes in floating point.
  unsigned width(const Stage &stage);

  Emitter e;
  mlir::ImplicitLocOpBuilder &b;
  Nest &nest;
  llvm::SmallVector<bool> inside; // per domain dim
  int vectorDim = -1;
  int64_t block = 0; // elements of the vector dim that the item takes; 0: all of it
  bool exactBlocks = true;
  mlir::Value vectorBegin, vectorEnd;
};

/// A stage that reduces (EmitReduce.cpp).
void emitReduction(StageLoops &item, const Stage &stage, const Point &point);
/// Columns that an item reduces at most.
inline constexpr int64_t kMostColumns = 1024;

} // namespace mlxir::cpu
