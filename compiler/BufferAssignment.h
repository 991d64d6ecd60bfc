// Which buffer of a Program each value of its function of launches and views lives in: the caller's, one of its own,
// or that of a value which dies where it is made (D10).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_BUFFERASSIGNMENT_H
#define MLXIR_COMPILER_BUFFERASSIGNMENT_H

#include "dialect/Ops.h"
#include "lowering/llvm-cpu/Emitter.h"
#include "runtime/format/Program.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace mlxir {

class BufferAssignment {
public:
  /// Which results of a launch's kernel may be written over which of its arguments.
  using InPlacePairs = llvm::function_ref<llvm::ArrayRef<cpu::InPlace>(LaunchOp)>;

  /// Inputs and outputs of `program` are there; `sizeOf` maps sizes of the module to those of the Program.
  BufferAssignment(mlir::func::FuncOp func, Program &program, llvm::ArrayRef<Size> sizeOf)
      : func(func), program(program), sizeOf(sizeOf) {}

  /// Fills in the buffers, the outputs' buffers and the donations.
  void run(InPlacePairs inPlace);

  /// The buffer of a value or of what it is a view of.
  unsigned bufferOf(mlir::Value value) const { return buffers.lookup(base(value)); }
  /// The buffer that the launch's first result starts as a copy of; the kernel then changes the copy.
  std::optional<unsigned> copiedFrom(LaunchOp launch) const;
  /// The operand that a kernel changes in place of making a result; -1 if there is none.
  static int changedOperand(LaunchOp launch);

  Size bytesOf(mlir::Value value);

private:
  static mlir::Value base(mlir::Value value);
  void findUses();
  void placeResults(LaunchOp launch, InPlacePairs inPlace);
  void placeChanged(LaunchOp launch, unsigned operand);
  bool takeInput(LaunchOp launch, unsigned result, llvm::ArrayRef<cpu::InPlace> pairs);
  bool shareTemporary(LaunchOp launch, unsigned result, llvm::ArrayRef<cpu::InPlace> pairs);
  bool coversAllReads(LaunchOp launch, mlir::Value memory, unsigned result, llvm::ArrayRef<cpu::InPlace> pairs);
  bool isFreeInput(mlir::Value memory, LaunchOp launch);
  unsigned own(mlir::Value result);
  void donate(mlir::Value result, mlir::Value input);
  void placeOutputs();
  void takeEarlierInputs();

  mlir::func::FuncOp func;
  Program &program;
  llvm::ArrayRef<Size> sizeOf;
  llvm::DenseMap<mlir::Value, unsigned> buffers;
  llvm::DenseMap<mlir::Value, unsigned> lastUse;  // memory -> number of the launch that reads it last; kReturned
  llvm::DenseMap<mlir::Value, unsigned> outputOf; // memory -> first output that is it or a view of it
  llvm::DenseMap<mlir::Operation *, unsigned> numberOf;
  llvm::SmallVector<unsigned> bufferLastUse, bufferFirstWrite; // by buffer: numbers of launches
  llvm::DenseMap<mlir::Operation *, unsigned> copies;
  llvm::DenseMap<mlir::Value, bool> donors; // inputs that are given to an output
  llvm::SmallVector<bool> hasDonor;         // by output
};

} // namespace mlxir

#endif // MLXIR_COMPILER_BUFFERASSIGNMENT_H
