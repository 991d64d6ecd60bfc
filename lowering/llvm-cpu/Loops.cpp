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

static FailureOr<LaunchInfo> emitLoops(func::FuncOp kernel, SizeArena &sizes, const CpuTarget &target) {
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
  CpuLoops(const cpu::CpuTarget &target, cpu::LaunchInfo &launch)
      : CpuLoopsBase({target.description}), target(&target), launch(&launch) {}

  void runOnOperation() override {
    SizesLock sizes(&getContext());
    FailureOr<cpu::CpuTarget> described = cpu::resolveTarget(target, cpu, getOperation());
    if (failed(described))
      return signalPassFailure();
    for (func::FuncOp func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (!func->hasAttr(kDomainAttr))
        continue;
      FailureOr<cpu::LaunchInfo> info = cpu::emitLoops(func, *sizes, *described);
      if (failed(info))
        return signalPassFailure();
      if (launch)
        *launch = *info;
    }
  }

  const cpu::CpuTarget *target = nullptr;
  cpu::LaunchInfo *launch = nullptr;
};

} // namespace

std::unique_ptr<Pass> cpu::createLoops(const CpuTarget &target, LaunchInfo &launch) {
  return std::make_unique<CpuLoops>(target, launch);
}

} // namespace mlxir
