// The pass mlxir-cpu-loops, and the choice between the emitters.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Loops.h"

#include "dialect/AttributeNames.h"
#include "dialect/Attributes.h"
#include "dialect/kernel/Kernel.h"
#include "lowering/llvm-cpu/Codegen.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace mlxir {

#define GEN_PASS_DEF_CPULOOPS
#include "lowering/llvm-cpu/Loops.h.inc"

namespace cpu {

FailureOr<LaunchInfo> emitLoops(func::FuncOp kernel, SizeArena &sizes, const CpuTarget &target) {
  auto scatters = kernel.getOps<kernel::ScatterOp>();
  if (!scatters.empty()) {
    Nest nest;
    nest.func = kernel;
    nest.sizes = &sizes;
    return emitScatter(nest, *scatters.begin(), target);
  }
  FailureOr<Nest> nest = analyzeKernel(kernel, sizes);
  if (failed(nest))
    return failure();
  collapseDims(*nest);
  bool isPacked = isPackedContraction(*nest);
  if (!isPacked)
    runAlongMemory(*nest);
  SmallVector<InPlace> inPlace = findInPlace(*nest);
  FailureOr<LaunchInfo> info = isPacked ? emitContraction(*nest, target) : emitNest(*nest, target);
  if (succeeded(info))
    info->inPlace = std::move(inPlace);
  return info;
}

} // namespace cpu

namespace {

struct CpuLoops : impl::CpuLoopsBase<CpuLoops> {
  using CpuLoopsBase::CpuLoopsBase;
  void runOnOperation() override {
    SizesLock sizes(&getContext());
    cpu::CpuTarget target = cpu::describeTarget(cpu);
    for (func::FuncOp func : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (func->hasAttr(kDomainAttr) && failed(cpu::emitLoops(func, *sizes, target)))
        return signalPassFailure();
  }
};

} // namespace
} // namespace mlxir
