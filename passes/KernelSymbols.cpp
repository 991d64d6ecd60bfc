// Finds symbols in the order in which types and attributes name them, and renames them there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "passes/KernelSymbols.h"

#include "dialect/Attributes.h"

#include "mlir/IR/AttrTypeSubElements.h"

#include <unordered_map>

using namespace mlir;

namespace mlxir {

namespace {

/// Calls `replace` with every list of sizes that the kernel's types and attributes hold, in the order of its ops.
void replaceSizes(func::FuncOp kernel, llvm::function_ref<SmallVector<Size>(ArrayRef<Size>)> replace) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](DimsAttr dims) -> std::optional<Attribute> {
    return DimsAttr::get(dims.getContext(), replace(dims.getValues()));
  });
  replacer.addReplacement([&](SizesAttr sizes) -> std::optional<Attribute> {
    return SizesAttr::get(sizes.getContext(), replace(sizes.getValues()));
  });
  replacer.recursivelyReplaceElementsIn(kernel, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
}

class SymbolOrder {
public:
  explicit SymbolOrder(const SizeArena &sizes) : sizes(sizes) {}

  void visit(Size size) {
    if (size.isConstant() || !seen.insert(size.id()).second)
      return;
    const SizeNode &node = sizes.nodes()[size.id()];
    if (node.kind == SizeKind::Symbol) {
      order.push_back(static_cast<uint32_t>(node.a.bits));
      return;
    }
    visit(node.a);
    visit(node.b);
  }

  std::vector<uint32_t> order;

private:
  const SizeArena &sizes;
  llvm::DenseSet<uint32_t> seen;
};

} // namespace

std::vector<uint32_t> renumberSymbols(func::FuncOp kernel, SizeArena &sizes) {
  SymbolOrder found(sizes);
  replaceSizes(kernel, [&](ArrayRef<Size> list) {
    for (Size size : list)
      found.visit(size);
    return SmallVector<Size>(list);
  });
  std::vector<Size> numbers;
  for (auto [i, symbol] : llvm::enumerate(found.order)) {
    numbers.resize(std::max<size_t>(numbers.size(), symbol + 1));
    numbers[symbol] = sizes.symbol(i);
  }
  std::unordered_map<uint32_t, Size> done;
  replaceSizes(kernel, [&](ArrayRef<Size> list) {
    SmallVector<Size> renamed;
    for (Size size : list)
      renamed.push_back(sizes.substitute(size, numbers, done));
    return renamed;
  });
  return found.order;
}

} // namespace mlxir
