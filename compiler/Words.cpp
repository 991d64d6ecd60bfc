// Translates size words between arenas, and names of region ops between attributes and the trace's table of strings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Words.h"

#include "dialect/Words.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlxir;

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

static Size make(SizeArena &arena, SizeKind kind, Size a, Size b) {
  switch (kind) {
  case SizeKind::Symbol:
    return arena.symbol(static_cast<uint32_t>(a.bits));
  case SizeKind::Add:
    return arena.add(a, b);
  case SizeKind::Mul:
    return arena.mul(a, b);
  case SizeKind::FloorDiv:
    return arena.floorDiv(a, b);
  case SizeKind::Mod:
    return arena.mod(a, b);
  case SizeKind::Min:
    return arena.min(a, b);
  case SizeKind::Max:
    return arena.max(a, b);
  }
  llvm_unreachable("all kinds are handled");
}

Size SizeTranslation::operator()(Size size) {
  if (size.isConstant())
    return size;
  if (auto it = known.find(size.id()); it != known.end())
    return it->second;
  SizeNode node = from.nodes()[size.id()];
  if (node.kind != SizeKind::Symbol) {
    node.a = (*this)(node.a);
    node.b = (*this)(node.b);
  } else if (!symbols.empty()) {
    return known[size.id()] = symbols[node.a.bits];
  }
  return known[size.id()] = make(to, node.kind, node.a, node.b);
}

mlxir::TensorType SizeTranslation::operator()(const mlxir::TensorType &type) {
  mlxir::TensorType result{type.dtype, {}};
  for (Size dim : type.dims)
    result.dims.push_back((*this)(dim));
  return result;
}

void SizeTranslation::translate(const OpInfo &op, SmallVectorImpl<int64_t> &words) {
  SmallVector<bool> isSize;
  markSizeWords(op, words, isSize);
  for (auto [word, marked] : llvm::zip_equal(words, isSize))
    if (marked)
      word = (*this)(Size{word}).bits;
}

//===----------------------------------------------------------------------===//
// Region ops
//===----------------------------------------------------------------------===//

bool mlxir::getRegionOpAttributes(MLIRContext *context, const OpInfo &op, ArrayRef<int64_t> words,
                                  const std::vector<std::string> &names, NamedAttrList &attributes) {
  Builder b(context);
  for (const AttrInfo &attr : ArrayRef(op.attrs, op.numAttrs)) {
    if (attr.kind == AttrKind::IntList) {
      int64_t count = words.front();
      attributes.set(attr.name, b.getDenseI64ArrayAttr(words.slice(1, count)));
      words = words.drop_front(count + 1);
      continue;
    }
    uint64_t name = words.front();
    words = words.drop_front();
    if (name >= names.size())
      return false;
    attributes.set(attr.name, b.getStringAttr(names[name]));
  }
  return true;
}

void mlxir::getRegionOpWords(Operation *op, const OpInfo &info, std::vector<std::string> &names,
                             SmallVectorImpl<int64_t> &words) {
  for (const AttrInfo &attr : ArrayRef(info.attrs, info.numAttrs)) {
    if (attr.kind == AttrKind::IntList) {
      ArrayRef<int64_t> list = cast<DenseI64ArrayAttr>(op->getAttr(attr.name)).asArrayRef();
      words.push_back(list.size());
      llvm::append_range(words, list);
      continue;
    }
    StringRef name = cast<StringAttr>(op->getAttr(attr.name)).getValue();
    auto it = llvm::find(names, name);
    if (it == names.end())
      it = names.insert(names.end(), name.str());
    words.push_back(it - names.begin());
  }
}
