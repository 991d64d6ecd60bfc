// In-place results, donations, and a buffer for all other values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/BufferAssignment.h"

#include "dialect/Attributes.h"

#include "mlir/IR/SymbolTable.h"

using namespace mlir;

namespace mlxir {

static constexpr unsigned kReturned = ~0u;

/// The value whose memory this one is.
Value BufferAssignment::base(Value value) {
  while (value.getDefiningOp() && !isa<LaunchOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

int BufferAssignment::changedOperand(LaunchOp launch) {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(launch, launch.getKernelAttr());
  for (Operation &op : kernel.getBody().front())
    if (auto scatter = dyn_cast<ScatterOpInterface>(op)) {
      Value changed = scatter->getOperand(scatter.getDestinationOperand());
      return cast<BlockArgument>(changed).getArgNumber();
    }
  return -1;
}

Size BufferAssignment::bytesOf(Value value) {
  Size elements = Size::constant(1);
  for (Size dim : getDims(value))
    elements = program.sizes.mul(elements, SizeArena::mapped(dim, sizeOf));
  return program.sizes.mul(elements, Size::constant(itemSize(getDType(value.getType()))));
}

std::optional<unsigned> BufferAssignment::copiedFrom(LaunchOp launch) const {
  auto found = copies.find(launch);
  return found == copies.end() ? std::nullopt : std::optional(found->second);
}

void BufferAssignment::run(InPlacePairs inPlace) {
  for (BlockArgument argument : func.getArguments()) {
    unsigned number = argument.getArgNumber();
    if (program.inputs[number].isLiteral)
      continue;
    buffers[argument] = program.buffers.size();
    program.buffers.push_back({BufferKind::Input, number, bytesOf(argument)});
  }
  findUses();
  bufferLastUse.assign(program.buffers.size(), 0);
  bufferFirstWrite.assign(program.buffers.size(), 0);
  for (Operation &op : func.getBody().front())
    if (auto launch = dyn_cast<LaunchOp>(op))
      placeResults(launch, inPlace);
  placeOutputs();
  takeEarlierInputs();
}

void BufferAssignment::findUses() {
  unsigned number = 0;
  for (Operation &op : func.getBody().front())
    if (auto launch = dyn_cast<LaunchOp>(op)) {
      numberOf[launch] = number;
      for (Value input : launch.getInputs())
        lastUse[base(input)] = number;
      ++number;
    }
  hasDonor.assign(program.outputs.size(), false);
  for (auto [i, value] : llvm::enumerate(func.getBody().front().getTerminator()->getOperands())) {
    lastUse[base(value)] = kReturned;
    outputOf.try_emplace(base(value), i);
  }
}

void BufferAssignment::placeResults(LaunchOp launch, InPlacePairs inPlace) {
  int changed = changedOperand(launch);
  if (changed >= 0)
    return placeChanged(launch, changed);
  ArrayRef<cpu::InPlace> pairs = inPlace(launch);
  for (unsigned i = 0; i < launch->getNumResults(); ++i)
    if (!takeInput(launch, i, pairs) && !shareTemporary(launch, i, pairs))
      own(launch->getResult(i));
}

/// The kernel changes what an operand's memory holds: the operand's own if nobody needs it any more, else a copy.
void BufferAssignment::placeChanged(LaunchOp launch, unsigned operand) {
  Value result = launch->getResult(0), memory = base(launch.getInputs()[operand]);
  bool readsItElsewhere = llvm::count_if(launch.getInputs(), [&](Value v) { return base(v) == memory; }) > 1;
  unsigned number = numberOf.lookup(launch), from = buffers.lookup(memory);
  if (!isa<BlockArgument>(memory) && bufferLastUse[from] == number && !readsItElsewhere) {
    buffers[result] = from;
    bufferLastUse[from] = lastUse.lookup(result);
    return;
  }
  copies[launch] = from;
  own(result);
  if (outputOf.count(result) && isFreeInput(memory, launch) && !readsItElsewhere)
    donate(result, memory);
}

/// Does every operand of the launch that lies in `memory` allow the result to be written over it?
bool BufferAssignment::coversAllReads(LaunchOp launch, Value memory, unsigned result, ArrayRef<cpu::InPlace> pairs) {
  for (auto [i, input] : llvm::enumerate(launch.getInputs())) {
    bool isSafe = llvm::any_of(pairs, [&, i = i](cpu::InPlace p) { return p.result == result && p.argument == i; });
    if (buffers.count(base(input)) && bufferOf(input) == buffers.lookup(memory) && !isSafe)
      return false;
  }
  return true;
}

/// An input of the Program that nothing reads after this launch, and that no output has been given yet.
bool BufferAssignment::isFreeInput(Value memory, LaunchOp launch) {
  return isa<BlockArgument>(memory) && buffers.count(memory) && !donors.lookup(memory) &&
         lastUse.lookup(memory) == numberOf.lookup(launch);
}

/// An output of the Program is written over an input that this launch is the last to read, if the caller gives that up.
bool BufferAssignment::takeInput(LaunchOp launch, unsigned result, ArrayRef<cpu::InPlace> pairs) {
  Value value = launch->getResult(result);
  if (!outputOf.count(value))
    return false;
  for (cpu::InPlace pair : pairs) {
    if (pair.result != result)
      continue;
    Value memory = base(launch.getInputs()[pair.argument]);
    if (!isFreeInput(memory, launch) || program.buffers[buffers.lookup(memory)].bytes != bytesOf(value) ||
        !coversAllReads(launch, memory, result, pairs))
      continue;
    own(value);
    donate(value, memory);
    return true;
  }
  return false;
}

bool BufferAssignment::shareTemporary(LaunchOp launch, unsigned result, ArrayRef<cpu::InPlace> pairs) {
  Value value = launch->getResult(result);
  unsigned number = numberOf.lookup(launch);
  for (cpu::InPlace pair : pairs) {
    if (pair.result != result)
      continue;
    Value memory = base(launch.getInputs()[pair.argument]);
    if (isa<BlockArgument>(memory))
      continue;
    // A buffer that an earlier result of this launch has taken lives on, so its last use is no longer here.
    unsigned buffer = buffers.lookup(memory);
    if (bufferLastUse[buffer] != number || program.buffers[buffer].bytes != bytesOf(value) ||
        !coversAllReads(launch, memory, result, pairs))
      continue;
    buffers[value] = buffer;
    bufferLastUse[buffer] = lastUse.lookup(value);
    return true;
  }
  return false;
}

unsigned BufferAssignment::own(Value result) {
  unsigned buffer = program.buffers.size();
  buffers[result] = buffer;
  program.buffers.push_back({BufferKind::Temporary, 0, bytesOf(result)});
  bufferLastUse.push_back(lastUse.lookup(result));
  bufferFirstWrite.push_back(numberOf.lookup(result.getDefiningOp()));
  return buffer;
}

void BufferAssignment::donate(Value result, Value input) {
  unsigned output = outputOf.lookup(result);
  donors[input] = true;
  hasDonor[output] = true;
  program.donations.push_back({output, cast<BlockArgument>(input).getArgNumber()});
}

void BufferAssignment::placeOutputs() {
  for (auto [i, value] : llvm::enumerate(func.getBody().front().getTerminator()->getOperands())) {
    program.outputs[i].buffer = bufferOf(value);
    ProgramBuffer &buffer = program.buffers[program.outputs[i].buffer];
    if (buffer.kind != BufferKind::Temporary)
      continue;
    buffer.kind = BufferKind::Output;
    buffer.index = i;
  }
}

/// Any output may have the memory of an equally large input that nobody reads once the output is written.
void BufferAssignment::takeEarlierInputs() {
  for (auto [i, output] : llvm::enumerate(program.outputs)) {
    const ProgramBuffer &buffer = program.buffers[output.buffer];
    if (buffer.kind != BufferKind::Output || buffer.index != i || hasDonor[i])
      continue;
    for (BlockArgument argument : func.getArguments()) {
      auto used = lastUse.find(argument);
      bool isEarlier = used != lastUse.end() && used->second < bufferFirstWrite[output.buffer];
      if (!buffers.count(argument) || donors.lookup(argument) || !isEarlier ||
          program.buffers[buffers.lookup(argument)].bytes != buffer.bytes)
        continue;
      donors[argument] = true;
      program.donations.push_back({unsigned(i), argument.getArgNumber()});
      break;
    }
  }
}

} // namespace mlxir
