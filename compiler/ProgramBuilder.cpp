// The schedule of a Program: inputs, outputs, one launch after the other, and the linked code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/ProgramBuilder.h"

#include "compiler/BufferAssignment.h"
#include "compiler/Import.h"
#include "dialect/AttributeNames.h"
#include "passes/InsertChecks.h"

using namespace mlir;

namespace mlxir {

namespace {

class ProgramBuilder {
public:
  ProgramBuilder(func::FuncOp func, SizeArena &sizes, std::vector<CompiledKernel> &kernels, Program &program)
      : func(func), kernels(kernels), program(program) {
    program.sizes.adopt(sizes, sizeOf);
    for (auto [i, kernel] : llvm::enumerate(kernels))
      numberOf[kernel.name] = i;
  }

  LogicalResult build() {
    for (BlockArgument argument : func.getArguments())
      program.inputs.push_back({bool(func.getArgAttr(argument.getArgNumber(), kLiteralAttr)),
                                getDType(argument.getType()), dimsOf(argument)});
    for (Value value : func.getBody().front().getTerminator()->getOperands())
      program.outputs.push_back({getDType(value.getType()), dimsOf(value), 0});
    addChecks();
    auto launches = func.getOps<LaunchOp>();
    for (LaunchOp launch : launches)
      if (!numberOf.count(launch.getKernel()))
        return launch.emitError("kernel @") << launch.getKernel() << " was not compiled";
    BufferAssignment memory(func, program, sizeOf);
    memory.run([&](LaunchOp launch) { return ArrayRef(kernelOf(launch).launch.inPlace); });
    // Where a check finds something, nothing has happened: the inputs are as they were.
    if (!program.checks.empty())
      program.donations.clear();
    for (LaunchOp launch : launches)
      addLaunch(launch, memory);
    program.commands.emplace_back(); // return
    return linkCode();
  }

private:
  Size mapped(Size size) { return SizeArena::mapped(size, sizeOf); }

  std::vector<Size> dimsOf(Value value) {
    std::vector<Size> dims;
    for (Size size : getDims(value))
      dims.push_back(mapped(size));
    return dims;
  }

  /// The last outputs, if the compilation inserted checks.
  void addChecks() {
    for (unsigned i = 0; i < func.getNumResults(); ++i) {
      std::optional<CheckInfo> info = getCheck(func, i);
      if (!info)
        continue;
      ProgramCheck check;
      check.kind = info->isIndex ? ProgramCheck::Bounds : ProgramCheck::Nan;
      check.function = info->function.str();
      check.location = getTraceNode(info->location).value_or(0);
      check.dtype = info->dtype;
      for (Size size : info->dims)
        check.dims.push_back(mapped(size));
      check.axis = info->axis;
      check.extent = mapped(info->extent);
      program.checks.push_back(std::move(check));
    }
  }

  const CompiledKernel &kernelOf(LaunchOp launch) { return kernels[numberOf.lookup(launch.getKernel())]; }

  void addLaunch(LaunchOp launch, const BufferAssignment &memory) {
    const CompiledKernel &kernel = kernelOf(launch);
    std::vector<Size> symbols, sizes;
    for (Size size : launch.getSymbols().getValues())
      symbols.push_back(mapped(size));
    program.sizes.adopt(kernel.sizes, symbols, sizes);
    Command command;
    command.kind = CommandKind::Launch;
    command.callee = numberOf.lookup(launch.getKernel());
    command.grid = SizeArena::mapped(kernel.launch.grid, sizes);
    command.grain = SizeArena::mapped(kernel.launch.grain, sizes);
    command.scratch = SizeArena::mapped(kernel.launch.scratch, sizes);
    command.location = getTraceNode(launch.getLoc()).value_or(0);
    for (Value input : launch.getInputs())
      command.args.push_back(readOf(input, memory));
    for (Size size : symbols) {
      CommandArg arg;
      arg.kind = ArgKind::Size;
      arg.size = size;
      command.args.push_back(arg);
    }
    for (Value result : launch->getResults()) {
      CommandArg arg;
      arg.index = memory.bufferOf(result);
      arg.written = true;
      command.args.push_back(arg);
    }
    if (std::optional<unsigned> from = memory.copiedFrom(launch)) {
      unsigned to = memory.bufferOf(launch->getResult(0));
      addCopy(*from, to);
      // The kernel changes the copy and has no more use for what it was made from.
      command.args[BufferAssignment::changedOperand(launch)].index = to;
    }
    program.commands.push_back(std::move(command));
  }

  CommandArg readOf(Value input, const BufferAssignment &memory) {
    CommandArg arg;
    auto argument = dyn_cast<BlockArgument>(input);
    if (argument && program.inputs[argument.getArgNumber()].isLiteral) {
      arg.kind = ArgKind::Literal;
      arg.index = argument.getArgNumber();
    } else {
      arg.index = memory.bufferOf(input);
    }
    return arg;
  }

  void addCopy(unsigned from, unsigned to) {
    Command copy;
    copy.kind = CommandKind::Copy;
    copy.args.resize(2);
    copy.args[0].index = from;
    copy.args[1].index = to;
    copy.args[1].written = true;
    program.commands.push_back(std::move(copy));
  }

  LogicalResult linkCode() {
    SmallVector<const cpu::ObjectCode *> objects;
    for (const CompiledKernel &kernel : kernels)
      objects.push_back(&kernel.code);
    std::string error;
    FailureOr<cpu::Image> image = cpu::linkImage(objects, error);
    if (failed(image))
      return func.emitError(error);
    for (auto [kernel, entry] : llvm::zip(kernels, image->entries))
      program.kernels.push_back({kernel.name, entry});
    program.code = std::move(image->bytes);
    program.codeReadOnly = image->readOnly;
    return success();
  }

  func::FuncOp func;
  std::vector<CompiledKernel> &kernels;
  Program &program;
  std::vector<Size> sizeOf; // expression of the module's arena -> size of the Program
  llvm::StringMap<unsigned> numberOf;
};

} // namespace

LogicalResult buildProgram(func::FuncOp func, SizeArena &sizes, std::vector<CompiledKernel> &kernels,
                           Program &program) {
  return ProgramBuilder(func, sizes, kernels, program).build();
}

} // namespace mlxir
