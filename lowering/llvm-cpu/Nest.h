// A kernel as the CPU sees it: stages over one iteration domain, read off a function of linalg.generic ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/Size.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlxir::cpu {

/// The memory that a tensor value lives in; an empty tensor that only shows a shape has none.
enum class Place { Input, Output, Local, None };

/// How an operand's or result's element is found from the domain's coordinates: base[offset + sum(stride *
/// coordinate)].
struct Access {
  Place place = Place::Local;
  unsigned number = 0; // function argument, function result, or number of the local
  mlir::Type element;
  llvm::SmallVector<Size> strides; // one per domain dim, in elements
  Size offset;
};

/// A tensor that is read element by element at computed indices (tensor.extract in a body).
struct Table {
  Access base;                     // strides are unused
  llvm::SmallVector<Size> strides; // one per dim of the tensor
};

/// A value produced by one stage for later ones; it never leaves the work item.
struct Local {
  mlir::Type element;
  llvm::SmallVector<bool> varies; // per domain dim
};

struct Stage {
  mlir::linalg::GenericOp op;
  llvm::SmallVector<int> dims;                         // domain dim of each loop of the op
  llvm::SmallVector<bool> iterates;                    // per domain dim
  llvm::SmallVector<Access> reads;                     // one per input
  llvm::SmallVector<llvm::SmallVector<Access>> writes; // per result: where it goes (an output, a local, or both)
  llvm::SmallVector<mlir::TypedAttr> identities;       // per result: the initial accumulator, null if not reduced
  mlir::Block *body() const { return mlir::linalg::GenericOp(op).getBody(); }
  bool reduces() const {
    return llvm::any_of(identities, [](mlir::TypedAttr a) { return bool(a); });
  }
};

struct Nest {
  mlir::func::FuncOp func;
  SizeArena *sizes = nullptr;
  llvm::SmallVector<Size> domain;
  llvm::SmallVector<bool> reduced; // per domain dim: some stage reduces it
  llvm::SmallVector<Stage, 0> stages;
  llvm::SmallVector<Local, 0> locals;
  llvm::DenseMap<mlir::Value, Table> tables;
  llvm::DenseMap<mlir::Value, int> indexDims; // linalg.index result -> domain dim

  unsigned rank() const { return domain.size(); }
  /// The domain's size if constant, else what it was when the kernel was first seen.
  int64_t typical(unsigned dim) const { return typical(domain[dim]); }
  int64_t typical(Size size) const {
    int64_t value = 1024; // of a size that nobody has seen
    sizes->sampleValue(size, value);
    return value;
  }
};

/// Reads the kernel function; on failure an error has been emitted on it.
mlir::FailureOr<Nest> analyzeKernel(mlir::func::FuncOp func, SizeArena &sizes);

/// Merges neighbouring dims that every access walks as one, so that contiguous work becomes one long loop. The last of
/// several reduced dims is merged with others only if the emitter sums by the linear index over them all: whether dims
/// can be merged depends on what else is in the kernel, and the order of a sum must not (design decision D14).
void collapseDims(Nest &nest, bool linear = false);

/// Vectors run along the last dim. Where that one is reduced, but memory lies along another that is not, as in a vector
/// times a matrix, the other becomes the last: what is added to what stays as it is (design decision D14).
void runAlongMemory(Nest &nest);

/// Sizes of a tensor type: constants, or those of its #mlxir.dims encoding.
llvm::SmallVector<Size> tensorSizes(mlir::RankedTensorType type, SizeArena &sizes);

} // namespace mlxir::cpu
