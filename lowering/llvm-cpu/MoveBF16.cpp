// The pass mlxir-cpu-move-bf16: types and constants of bfloat16 become those of 16-bit integers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/MoveBF16.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace mlxir {

#define GEN_PASS_DEF_CPUMOVEBF16
#include "lowering/llvm-cpu/MoveBF16.h.inc"

namespace {

struct CpuMoveBF16 : impl::CpuMoveBF16Base<CpuMoveBF16> {
  void runOnOperation() override {
    Type bf16 = BFloat16Type::get(&getContext()), integer = IntegerType::get(&getContext(), 16);
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](BFloat16Type) { return integer; });
    replacer.addReplacement([&](FloatAttr value) -> std::optional<std::pair<Attribute, WalkResult>> {
      if (value.getType() != bf16)
        return std::nullopt;
      return std::make_pair(IntegerAttr::get(integer, value.getValue().bitcastToAPInt()), WalkResult::skip());
    });
    replacer.addReplacement([&](DenseElementsAttr values) -> std::optional<std::pair<Attribute, WalkResult>> {
      if (values.getElementType() != bf16)
        return std::nullopt;
      return std::make_pair(values.bitcast(integer), WalkResult::skip());
    });
    replacer.recursivelyReplaceElementsIn(getOperation(), /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
  }
};

} // namespace
} // namespace mlxir
