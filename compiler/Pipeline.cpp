// The passes in their order, and the Program that comes of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Pipeline.h"

#include "compiler/CompileKernels.h"
#include "compiler/Import.h"
#include "dialect/Ops.h"
#include "dialect/kernel/Kernel.h"
#include "passes/Attributes.h"
#include "passes/Decompose.h"
#include "passes/FormKernels.h"
#include "passes/Simplify.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/JSON.h"

using namespace mlir;

namespace mlxir {

void registerCompilerDialects(DialectRegistry &registry) {
  registry.insert<MlxirDialect, arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect, linalg::LinalgDialect,
                  kernel::MlxirKernelDialect, LLVM::LLVMDialect, math::MathDialect, scf::SCFDialect,
                  tensor::TensorDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void buildKernelPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createDecompose());
  passes.addPass(createSimplify());
  passes.addPass(createFormKernels());
}

namespace {

/// Turns the function of launches and views into a schedule.
class ProgramBuilder {
public:
  ProgramBuilder(func::FuncOp func, SizeArena &sizes, std::vector<CompiledKernel> &kernels, Program &program)
      : func(func), kernels(kernels), program(program) {
    program.sizes.adopt(sizes, sizeOf);
  }

  LogicalResult build() {
    for (BlockArgument argument : func.getArguments())
      addInput(argument);
    for (Operation &op : func.getBody().front())
      if (auto launch = dyn_cast<LaunchOp>(op))
        addResults(launch);
    addOutputs();
    for (Operation &op : func.getBody().front())
      if (auto launch = dyn_cast<LaunchOp>(op))
        if (failed(addLaunch(launch)))
          return failure();
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

  Size bytesOf(Value value) {
    std::vector<Size> dims = dimsOf(value);
    Size elements = program.sizes.product(dims.data(), dims.data() + dims.size());
    return program.sizes.mul(elements, Size::constant(itemSize(getDType(value.getType()))));
  }

  void addInput(BlockArgument argument) {
    ProgramInput input;
    input.isLiteral = bool(func.getArgAttr(argument.getArgNumber(), kLiteralAttr));
    input.dtype = getDType(argument.getType());
    input.dims = dimsOf(argument);
    program.inputs.push_back(input);
    if (input.isLiteral)
      return;
    bufferOf[argument] = program.buffers.size();
    program.buffers.push_back({BufferKind::Input, argument.getArgNumber(), bytesOf(argument)});
  }

  /// The operand whose memory a kernel changes in place, if it does.
  Value destination(LaunchOp launch) {
    auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(launch, launch.getKernelAttr());
    for (Operation &op : kernel.getBody().front())
      if (auto scatter = dyn_cast<ScatterOpInterface>(op)) {
        Value changed = scatter->getOperand(scatter.getDestinationOperand());
        return launch.getInputs()[cast<BlockArgument>(changed).getArgNumber()];
      }
    return {};
  }

  /// Is the memory of `value` the program's own, and read by nobody but `launch`?
  bool isLastUse(Value value, LaunchOp launch) {
    Value memory = base(value);
    if (isa<BlockArgument>(memory))
      return false;
    SmallVector<Value> work{memory};
    while (!work.empty())
      for (Operation *user : work.pop_back_val().getUsers()) {
        if (isa<LaunchOp>(user) ? user != launch.getOperation() : user->getNumResults() == 0)
          return false;
        if (!isa<LaunchOp>(user))
          llvm::append_range(work, user->getResults());
      }
    return true;
  }

  void addResults(LaunchOp launch) {
    Value changed = destination(launch);
    if (changed && isLastUse(changed, launch)) {
      bufferOf[launch->getResult(0)] = bufferOf.lookup(base(changed));
      return;
    }
    if (changed)
      copies[launch] = bufferOf.lookup(base(changed));
    for (Value result : launch->getResults()) {
      bufferOf[result] = program.buffers.size();
      program.buffers.push_back({BufferKind::Temporary, 0, bytesOf(result)});
    }
  }

  /// The value whose memory this one is.
  Value base(Value value) {
    while (value.getDefiningOp() && !isa<LaunchOp>(value.getDefiningOp()))
      value = value.getDefiningOp()->getOperand(0);
    return value;
  }

  void addOutputs() {
    for (Value value : func.getBody().front().getTerminator()->getOperands()) {
      ProgramOutput output;
      output.dtype = getDType(value.getType());
      output.dims = dimsOf(value);
      output.buffer = bufferOf.lookup(base(value));
      ProgramBuffer &buffer = program.buffers[output.buffer];
      if (buffer.kind == BufferKind::Temporary) {
        buffer.kind = BufferKind::Output;
        buffer.index = program.outputs.size();
      }
      program.outputs.push_back(std::move(output));
    }
  }

  LogicalResult addLaunch(LaunchOp launch) {
    StringRef name = launch.getKernel();
    auto found = llvm::find_if(kernels, [&](const CompiledKernel &k) { return k.name == name; });
    if (found == kernels.end())
      return launch.emitError("kernel @") << name << " was not compiled";
    unsigned number = found - kernels.begin();
    std::vector<Size> sizes;
    program.sizes.adopt(found->sizes, sizes);
    Command command;
    command.kind = CommandKind::Launch;
    command.callee = number;
    command.grid = SizeArena::mapped(found->launch.grid, sizes);
    command.grain = SizeArena::mapped(found->launch.grain, sizes);
    command.scratch = SizeArena::mapped(found->launch.scratch, sizes);
    command.location = getTraceNode(launch.getLoc()).value_or(0);
    for (Value input : launch.getInputs()) {
      CommandArg arg;
      auto argument = dyn_cast<BlockArgument>(input);
      if (argument && program.inputs[argument.getArgNumber()].isLiteral) {
        arg.kind = ArgKind::Literal;
        arg.index = argument.getArgNumber();
      } else {
        arg.index = bufferOf.lookup(base(input));
      }
      command.args.push_back(arg);
    }
    for (Size size : launch.getSymbols().getValues()) {
      CommandArg arg;
      arg.kind = ArgKind::Size;
      arg.size = mapped(size);
      command.args.push_back(arg);
    }
    for (Value result : launch->getResults()) {
      CommandArg arg;
      arg.index = bufferOf.lookup(result);
      arg.written = true;
      command.args.push_back(arg);
    }
    if (auto copy = copies.find(launch); copy != copies.end())
      addCopy(copy->second, bufferOf.lookup(launch->getResult(0)));
    program.commands.push_back(std::move(command));
    return success();
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
  DenseMap<Value, unsigned> bufferOf;
  DenseMap<Operation *, unsigned> copies; // launch -> buffer that its result starts as
};

void report(const std::vector<CompiledKernel> &kernels, Diagnostics &diagnostics) {
  auto join = [&](const char *stage, std::string CompiledKernel::*text) {
    if (!diagnostics.wantsStage(stage))
      return;
    std::string all;
    for (const CompiledKernel &kernel : kernels)
      all += kernel.*text + "\n";
    diagnostics.stage(stage, all);
  };
  join("linalg", &CompiledKernel::linalg);
  join("llvm", &CompiledKernel::llvm);
  join("asm", &CompiledKernel::assembly);
  llvm::json::Array list;
  for (const CompiledKernel &kernel : kernels)
    list.push_back(llvm::json::Object{
        {"kernel", kernel.name}, {"ir_lines", int64_t(kernel.irLines)}, {"ms", kernel.milliseconds}});
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::json::Value(llvm::json::Object{{"kernels", std::move(list)}});
  diagnostics.send("stats", text);
}

} // namespace

LogicalResult compileModule(ModuleOp module, const CompileOptions &options, Program &program,
                            Diagnostics &diagnostics) {
  diagnostics.stage("mlxir", module);
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  buildKernelPipeline(passes);
  if (failed(diagnostics.run(passes, module)))
    return failure();
  diagnostics.stage("kernels", module);
  auto func = module.lookupSymbol<func::FuncOp>(options.name);
  SmallVector<int64_t> sample;
  if (auto symbols = func->getAttrOfType<DenseI64ArrayAttr>(kSymbolsAttr))
    sample.append(symbols.asArrayRef().begin(), symbols.asArrayRef().end());
  std::vector<CompiledKernel> kernels;
  if (failed(compileKernels(module, options, sample, diagnostics, kernels)))
    return failure();
  cpu::CpuTarget target = cpu::describeTarget(options.cpu);
  program.target = "llvm-cpu:" + target.triple + ":" + target.cpu + ":" + target.features;

  program.numSymbols = sample.size();
  SizesLock sizes(module.getContext());
  if (failed(ProgramBuilder(func, *sizes, kernels, program).build()))
    return failure();
  report(kernels, diagnostics);
  return success();
}

} // namespace mlxir
