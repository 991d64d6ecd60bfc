// The pass mlxir-form-kernels: outlines the groups that the former found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/AttributeNames.h"
#include "dialect/Ops.h"
#include "passes/FormKernels.h"
#include "passes/KernelSymbols.h"
#include "passes/Program.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace mlxir {

#define GEN_PASS_DEF_FORMKERNELS
#include "passes/FormKernels.h.inc"

namespace {

class Outliner {
public:
  Outliner(func::FuncOp func, KernelFormer &former, SizeArena &sizes, llvm::StringMap<std::string> &known)
      : func(func), former(former), sizes(sizes), known(known), b(func.getContext()) {
    if (auto symbols = func->getAttrOfType<DenseI64ArrayAttr>(kSymbolsAttr))
      sample.append(symbols.asArrayRef().begin(), symbols.asArrayRef().end());
  }

  void run() {
    Operation *end = func.getBody().front().getTerminator();
    for (const KernelGroup &group : former.groups) {
      b.setInsertionPoint(end);
      launch(group);
    }
    b.setInsertionPoint(end);
    for (OpOperand &operand : end->getOpOperands())
      operand.set(inMemory(operand.get()));
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(func.getBody().front())))
      if (&op != end && op.use_empty() && !isa<LaunchOp>(op))
        op.erase();
  }

private:
  /// The value in the outlined program: an argument, a result of a launch, or a view of one.
  Value inMemory(Value value) {
    if (isa<BlockArgument>(value))
      return value;
    if (Value done = written.lookup(value))
      return done;
    Operation *view = value.getDefiningOp();
    IRMapping map;
    map.map(view->getOperand(0), inMemory(view->getOperand(0)));
    return written[value] = b.clone(*view, map)->getResult(0);
  }

  /// Is a root read by another kernel or returned?
  bool isOutput(Value root, unsigned group) {
    for (Operation *user : reachableUsers(root))
      if (!user->getNumResults() || former.groupOf.find(user->getResult(0)) == former.groupOf.end() ||
          former.groupOf[user->getResult(0)] != group)
        return true;
    return false;
  }
  /// The roots and terminators that a value reaches through clones and views.
  SmallVector<Operation *> reachableUsers(Value value) {
    SmallVector<Operation *> found;
    SmallVector<Value> work{value};
    SmallPtrSet<Operation *, 16> seen;
    while (!work.empty())
      for (Operation *user : work.pop_back_val().getUsers()) {
        if (!seen.insert(user).second || isa<LaunchOp>(user))
          continue;
        if (user->getNumResults() && !former.groupOf.count(user->getResult(0)))
          llvm::append_range(work, user->getResults());
        else
          found.push_back(user);
      }
    return found;
  }

  /// The ops of a kernel, in program order, and the values in memory that they read, by first use.
  void collect(const KernelGroup &group, SetVector<Operation *> &ops, SetVector<Value> &inputs) {
    SmallPtrSet<Operation *, 8> own;
    for (const KernelGroup::Root &root : group.roots)
      own.insert(root.value.getDefiningOp());
    for (const KernelGroup::Root &root : group.roots)
      collectOp(root.value.getDefiningOp(), own, ops, inputs);
  }
  void collectOp(Operation *op, const SmallPtrSetImpl<Operation *> &own, SetVector<Operation *> &ops,
                 SetVector<Value> &inputs) {
    if (ops.contains(op))
      return;
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      bool isView = producer && former.isView(operand);
      if (!producer ||
          (former.isMaterialized(operand) && !own.contains(producer) && !(isView && readsOwn(operand, own))))
        inputs.insert(operand);
      else
        collectOp(producer, own, ops, inputs);
    }
    ops.insert(op);
  }
  bool readsOwn(Value view, const SmallPtrSetImpl<Operation *> &own) {
    return own.contains(former.baseOf(view).getDefiningOp());
  }

  void launch(const KernelGroup &group) {
    SetVector<Operation *> ops;
    SetVector<Value> inputs;
    collect(group, ops, inputs);
    SmallVector<Value> outputs;
    for (const KernelGroup::Root &root : group.roots)
      if (isOutput(root.value, &group - former.groups.data()))
        outputs.push_back(root.value);
    SmallVector<Value> operands;
    for (Value input : inputs)
      operands.push_back(inMemory(input));
    SmallVector<Size> symbols;
    std::string name = kernel(group, ops, inputs, outputs, symbols);
    auto launch = LaunchOp::create(b, group.roots[0].value.getLoc(), ValueRange(outputs).getTypes(), name, operands,
                                   SizesAttr::get(b.getContext(), symbols));
    for (auto [output, result] : llvm::zip(outputs, launch->getResults()))
      written[output] = result;
  }

  /// The kernel function; one that says the same already is used again. `symbols` receives what it is launched with.
  std::string kernel(const KernelGroup &group, const SetVector<Operation *> &ops, const SetVector<Value> &inputs,
                     ArrayRef<Value> outputs, SmallVector<Size> &symbols) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(func->getParentOfType<ModuleOp>().getBody(),
                        func->getParentOfType<ModuleOp>().getBody()->end());
    auto type = b.getFunctionType(ValueRange(inputs.getArrayRef()).getTypes(), ValueRange(outputs).getTypes());
    std::string name = "kernel_" + std::to_string(known.size());
    auto kernel = func::FuncOp::create(b, func.getLoc(), "kernel", type);
    kernel.setPrivate();
    kernel->setAttr(kKernelAttr, b.getUnitAttr());
    kernel->setAttr(kDomainAttr, TypeAttr::get(getTensorType(group.domain, b.getI1Type())));
    SmallVector<int64_t> reduced;
    for (auto [dim, isReduced] : llvm::enumerate(group.reduced))
      if (isReduced)
        reduced.push_back(dim);
    kernel->setAttr(kReducedAttr, b.getDenseI64ArrayAttr(reduced));
    Block *body = kernel.addEntryBlock();
    IRMapping map;
    for (auto [i, input] : llvm::enumerate(inputs)) {
      map.map(input, body->getArgument(i));
      if (auto argument = dyn_cast<BlockArgument>(input))
        if (func.getArgAttr(argument.getArgNumber(), kLiteralAttr))
          kernel.setArgAttr(i, kLiteralAttr, b.getUnitAttr());
    }
    b.setInsertionPointToStart(body);
    for (Operation *op : ops)
      b.clone(*op, map)->removeAttr(kDimsAttr);
    for (const KernelGroup::Root &root : group.roots) {
      SmallVector<int64_t> dims(root.dims.begin(), root.dims.end());
      map.lookup(root.value).getDefiningOp()->setAttr(kDimsAttr, b.getDenseI64ArrayAttr(dims));
    }
    SmallVector<Value> results;
    for (Value output : outputs)
      results.push_back(map.lookup(output));
    func::ReturnOp::create(b, func.getLoc(), results);
    // Code depends on the sizes that were seen first: they decide how loops are cut.
    SmallVector<int64_t> seen;
    if (!sample.empty())
      for (uint32_t symbol : renumberSymbols(kernel, sizes)) {
        symbols.push_back(sizes.symbol(symbol));
        seen.push_back(sample[symbol]);
      }
    kernel->setAttr(kSymbolsAttr, b.getDenseI64ArrayAttr(seen));
    std::string text;
    llvm::raw_string_ostream stream(text);
    kernel->print(stream, OpPrintingFlags().useLocalScope());
    auto [entry, isNew] = known.try_emplace(text, name);
    if (isNew)
      kernel.setName(name);
    else
      kernel.erase();
    return entry->second;
  }

  func::FuncOp func;
  KernelFormer &former;
  SizeArena &sizes;
  SmallVector<int64_t> sample; // the value of each symbol that was seen first
  llvm::StringMap<std::string> &known;
  OpBuilder b;
  DenseMap<Value, Value> written;
};

/// Literals have no memory: where one would be viewed, returned or handed to an opaque op, a map makes an array of it.
void placeLiterals(func::FuncOp func) {
  OpBuilder b(func.getContext());
  for (BlockArgument argument : func.getArguments()) {
    if (!func.getArgAttr(argument.getArgNumber(), kLiteralAttr))
      continue;
    for (OpOperand &use : llvm::make_early_inc_range(argument.getUses())) {
      Operation *user = use.getOwner();
      b.setInsertionPoint(user);
      auto array = dyn_cast<ArrayOpInterface>(user);
      if (isReshape(user)) {
        Value filled =
            BroadcastOp::create(b, user->getLoc(), argument, ArrayRef<int64_t>{}, getDims(user->getResult(0)));
        user->getResult(0).replaceAllUsesWith(filled);
      } else if (!array || array.getOpKind() == OpKind::Opaque) {
        use.set(BroadcastOp::create(b, user->getLoc(), argument, ArrayRef<int64_t>{}, ArrayRef<Size>{}));
      }
    }
  }
}

struct FormKernels : impl::FormKernelsBase<FormKernels> {
  void runOnOperation() override {
    SizesLock sizes(&getContext());
    llvm::StringMap<std::string> known;
    for (func::FuncOp func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (func.isExternal() || func->hasAttr(kKernelAttr))
        continue;
      if (failed(verifyProgram(func)))
        return signalPassFailure();
      placeLiterals(func);
      KernelFormer former(func, *sizes);
      former.run();
      Outliner(func, former, *sizes, known).run();
    }
    // The sample is that of the program's symbols, which the kernels number anew: it would mislead their verifiers.
    sizes->setSample({});
  }
};

} // namespace
} // namespace mlxir
