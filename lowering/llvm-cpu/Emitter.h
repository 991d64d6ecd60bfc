// Shared by the loop emitters: kernel prologue, sizes, memory access and stage bodies, scalar or vector.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/kernel/Kernel.h"
#include "lowering/llvm-cpu/Nest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <functional>

namespace mlxir::cpu {

/// What code generation asks of the machine.
struct CpuTarget {
  std::string description; // as the user gave it
  std::string triple, cpu, features;
  std::string uses; // every feature that the code may use: those of the cpu, and the further ones
  unsigned vectorBytes = 32;
  unsigned vectorRegisters = 16;
};

/// A result that may be written over an argument: both then have one address.
struct InPlace {
  unsigned result, argument;
};

/// How the runtime launches a kernel (see Command in runtime/format/Program.h).
struct LaunchInfo {
  Size grid = Size::constant(1), grain = Size::constant(1), scratch = Size::constant(0);
  llvm::SmallVector<InPlace> inPlace;
};

/// A value in a stage's body: one for all lanes, one per lane, or `base + step * lane`.
struct Lane {
  mlir::Value scalar = {}; // all lanes alike, or the base of an affine value
  mlir::Value vector = {};
  int64_t step = 0; // of an affine value; then `vector` is made on demand
  bool uniform() const { return !vector && step == 0; }
};

/// The coordinates at which a body runs.
struct Point {
  llvm::SmallVector<mlir::Value> coords; // per domain dim, i64; null outside the stage's dims
  int vectorDim = -1;                    // -1: scalar code
  unsigned width = 1;
  mlir::Value mask; // lanes that exist; null if all do
};

class Emitter {
public:
  Emitter(Nest &nest, const CpuTarget &target);

  /// Replaces the kernel function by one with the runtime's signature and opens the loop over items: `body` is
  /// called once with the item number.
  void emitKernel(llvm::function_ref<void(mlir::Value item)> body);

  // Integers. All are i64 and fold when constant.
  mlir::Value constant(int64_t value);
  mlir::Value size(Size s);
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value div(mlir::Value x, mlir::Value y);
  mlir::Value rem(mlir::Value x, mlir::Value y);
  mlir::Value minimum(mlir::Value x, mlir::Value y);
  Size ceilDiv(Size a, int64_t b);

  /// Splits a linear number into coordinates of `extents`, the last fastest.
  llvm::SmallVector<mlir::Value> delinearize(mlir::Value linear, llvm::ArrayRef<Size> extents);

  // Private memory of the thread.
  Size reserveScratch(Size bytes);
  mlir::Value scratchPointer(Size offset);
  Size scratchBytes() const { return scratchEnd; }

  // Memory.
  mlir::Value pointer(const Access &access, llvm::ArrayRef<mlir::Value> coords);
  mlir::Value elementPointer(mlir::Value base, mlir::Type element, mlir::Value index);
  Lane load(const Access &access, const Point &point);
  void store(const Access &access, const Point &point, const Lane &value);
  mlir::Value loadScalar(mlir::Value pointer, mlir::Type element);
  void storeScalar(mlir::Value pointer, mlir::Value value);
  mlir::Value loadVector(mlir::Value pointer, mlir::Type element, unsigned width, mlir::Value mask = {});
  void storeVector(mlir::Value pointer, mlir::Value value, mlir::Value mask = {});

  // Lanes.
  mlir::Value broadcast(mlir::Value scalar, unsigned width);
  mlir::Value asVector(const Lane &lane, unsigned width);
  mlir::Value laneNumbers(mlir::Type element, unsigned width);
  mlir::Value tailMask(mlir::Value remaining, unsigned width);
  /// A power of two of vectors, rows[r][lane], as the stream [lane][r] cut into as many vectors. Of as many rows as
  /// lanes that is the transpose.
  llvm::SmallVector<mlir::Value> interleave(llvm::ArrayRef<mlir::Value> rows);

  /// Runs a stage's body. `reads` has one lane per input; `accumulators` one per result, used where reduced. `takenIn`
  /// gets what each reduction takes in there.
  llvm::SmallVector<Lane> body(const Stage &stage, const Point &point, llvm::ArrayRef<Lane> reads,
                               llvm::ArrayRef<Lane> accumulators, llvm::SmallVectorImpl<Lane> *takenIn = nullptr);
  /// The reduction step of a stage alone: accumulators with accumulators, on vectors or scalars of any width.
  llvm::SmallVector<mlir::Value> combine(const Stage &stage, llvm::ArrayRef<mlir::Value> a,
                                         llvm::ArrayRef<mlir::Value> b);

  /// Where locals live: set by the emitter that runs the stages.
  struct LocalHome {
    mlir::Value scalar;                     // one value per item
    mlir::Value memory;                     // or private memory, with
    llvm::SmallVector<mlir::Value> strides; // a stride per domain dim
    llvm::SmallVector<mlir::Value> origins; // and the coordinate at which each dim starts
  };
  llvm::SmallVector<LocalHome> homes;

  mlir::ImplicitLocOpBuilder b;
  Nest &nest;
  const CpuTarget &target;

private:
  void importOperands(mlir::Operation &op, llvm::DenseMap<mlir::Value, Lane> &lanes);
  Lane bodyOp(mlir::Operation &op, const Point &point, llvm::DenseMap<mlir::Value, Lane> &lanes);
  Lane affineOp(mlir::Operation &op, llvm::DenseMap<mlir::Value, Lane> &lanes);
  Lane guardedRead(mlir::scf::IfOp op, const Point &point, llvm::DenseMap<mlir::Value, Lane> &lanes);
  Lane tableRead(mlir::Operation &op, const Point &point, llvm::DenseMap<mlir::Value, Lane> &lanes);
  mlir::Value gather(mlir::Value base, mlir::Type element, mlir::Value indices, const Point &point);
  void localAddress(const Access &access, const Point &point, mlir::Value &pointer, bool &alongVector);

  mlir::Operation *prologueEnd = nullptr;
  llvm::DenseMap<int64_t, mlir::Value> sizeValues;
  llvm::SmallVector<mlir::Value> arguments, results; // pointers and scalars
  mlir::Value scratch;
  Size scratchEnd = Size::constant(0);
};

/// Bytes of an element in memory.
unsigned storedBytes(mlir::Type element);
/// The type that element type `t` has in registers of generated code: index is i64.
mlir::Type registerType(mlir::Type t);
/// `t` or a vector of it.
mlir::Type laneType(mlir::Type t, unsigned width);

/// True if the nest is one contraction of matrices, however small, perhaps with maps around it, that `emitContraction`
/// takes.
bool isPackedContraction(const Nest &nest);
mlir::FailureOr<LaunchInfo> emitContraction(Nest &nest, const CpuTarget &target);
/// A kernel that is one scatter (EmitScatter.cpp).
mlir::FailureOr<LaunchInfo> emitScatter(Nest &nest, kernel::ScatterOp op, const CpuTarget &target);
mlir::FailureOr<LaunchInfo> emitNest(Nest &nest, const CpuTarget &target);
/// Read off the nest before it is emitted (InPlace.cpp). The emitters keep to the order of stages, and to items that
/// share no element of a result, so it holds for both of them.
llvm::SmallVector<InPlace> findInPlace(Nest &nest);

} // namespace mlxir::cpu
