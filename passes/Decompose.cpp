// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Inlines composites. A composite is isolated, so its body is cloned with the operands in place of its arguments.

#include "passes/Decompose.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringSet.h"

namespace mlxir {
#define GEN_PASS_DEF_DECOMPOSE
#include "passes/Decompose.h.inc"
} // namespace mlxir

using namespace mlir;
using namespace mlxir;

SmallVector<Value> mlxir::inlineBody(OpBuilder &builder, Region &body, ValueRange arguments) {
  Block &block = body.front();
  IRMapping mapping;
  mapping.map(block.getArguments(), arguments);
  for (Operation &op : block.without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(block.getTerminator()->getOperands(),
                             [&](Value yielded) { return mapping.lookup(yielded); });
}

StringAttr mlxir::getCompositeName(Operation *op) {
  auto named = op->getLoc()->findInstanceOf<NameLoc>();
  return named ? named.getName() : StringAttr();
}

void mlxir::inlineComposites(Block &block, function_ref<bool(CompositeOp)> chosen) {
  for (Block::iterator it = block.begin(); it != block.end();) {
    auto composite = dyn_cast<CompositeOp>(*it);
    if (!composite || !chosen(composite)) {
      ++it;
      continue;
    }
    Operation *before = composite->getPrevNode();
    OpBuilder builder(composite);
    composite.replaceAllUsesWith(inlineBody(builder, composite->getRegion(0), composite->getOperands()));
    StringAttr name = getCompositeName(composite);
    if (!name)
      name = composite.getFunctionAttr();
    for (Operation &op : llvm::make_range(before ? std::next(before->getIterator()) : block.begin(), it))
      op.setLoc(NameLoc::get(name, op.getLoc()));
    // What came in is looked at next: it may hold composites itself.
    composite.erase();
    it = before ? std::next(before->getIterator()) : block.begin();
  }
}

namespace {
struct DecomposePass : public mlxir::impl::DecomposeBase<DecomposePass> {
  using DecomposeBase::DecomposeBase;
  void runOnOperation() override {
    llvm::StringSet<> kept;
    for (const std::string &name : keep)
      kept.insert(name);
    for (Block &block : getOperation().getBody())
      inlineComposites(block, [&](CompositeOp composite) { return !kept.contains(composite.getFunction()); });
  }
};
} // namespace
