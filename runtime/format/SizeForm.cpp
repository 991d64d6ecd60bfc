// Reads and writes size expressions, guards and types. Extents whose constant part would overflow an address are
// refused here, so that nobody who multiplies them later has to ask.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/format/SizeForm.h"

namespace mlxir {

void writeSizes(Writer &writer, const SizeArena &sizes) {
  writer.count(sizes.nodes().size());
  for (const SizeNode &node : sizes.nodes()) {
    writer.enumerator(node.kind);
    writer.i64(node.a.bits);
    writer.i64(node.b.bits);
  }
}

void writeGuards(Writer &writer, const std::vector<SizeGuard> &guards) {
  writer.count(guards.size());
  for (const SizeGuard &guard : guards) {
    writer.enumerator(guard.kind);
    writer.i64(guard.a.bits);
    writer.i64(guard.b.bits);
  }
}

void writeType(Writer &writer, const TensorType &type) {
  writer.enumerator(type.dtype);
  writer.u8(static_cast<uint8_t>(type.dims.size()));
  for (Size dim : type.dims)
    writer.i64(dim.bits);
}

static void checkNode(Reader &reader, const SizeNode &node, size_t numEarlier, uint32_t numSymbols) {
  if (node.kind == SizeKind::Symbol) {
    reader.require(node.a.bits >= 0 && node.a.bits < numSymbols && node.b.bits == 0, "unknown symbol");
    return;
  }
  reader.require(isSize(node.a.bits, numEarlier) && isSize(node.b.bits, numEarlier), "size names a later one");
  bool divides = node.kind == SizeKind::FloorDiv || node.kind == SizeKind::Mod;
  reader.require(!divides || !node.b.isConstant() || node.b.value() >= 1, "size divided by less than 1");
}

SizeArena readSizes(Reader &reader, uint32_t numSymbols) {
  std::vector<SizeNode> nodes(reader.count(17));
  for (size_t i = 0; i < nodes.size() && reader.ok(); ++i) {
    nodes[i].kind = reader.enumerator(SizeKind::Max);
    nodes[i].a.bits = reader.i64();
    nodes[i].b.bits = reader.i64();
    checkNode(reader, nodes[i], i, numSymbols);
  }
  return reader.ok() ? SizeArena::fromNodes(std::move(nodes)) : SizeArena();
}

std::vector<SizeGuard> readGuards(Reader &reader, size_t numExprs) {
  std::vector<SizeGuard> guards(reader.count(17));
  for (SizeGuard &guard : guards) {
    guard.kind = reader.enumerator(SizeGuard::DivisibleBy);
    guard.a = readSize(reader, numExprs);
    guard.b = readSize(reader, numExprs);
    bool divides = guard.kind == SizeGuard::DivisibleBy;
    reader.require(!divides || !guard.b.isConstant() || guard.b.value() >= 1, "guard divides by less than 1");
  }
  return guards;
}

Size readSize(Reader &reader, size_t numExprs) {
  Size size{reader.i64()};
  reader.require(isSize(size.bits, numExprs), "unknown size");
  return reader.ok() ? size : Size();
}

Size readExtent(Reader &reader, size_t numExprs) {
  Size size = readSize(reader, numExprs);
  reader.require(!size.isConstant() || size.value() >= 0, "negative size");
  return size;
}

std::vector<Size> readDims(Reader &reader, size_t numExprs, DType dtype) {
  uint8_t rank = reader.u8();
  size_t bytes = 0;
  if (!checkedMultiply<size_t>(rank, 8, bytes) || bytes > reader.remaining()) {
    reader.fail("rank exceeds the bytes that remain");
    return {};
  }
  std::vector<Size> dims(rank);
  int64_t extent = static_cast<int64_t>(itemSize(dtype));
  for (Size &dim : dims) {
    dim = readExtent(reader, numExprs);
    bool counts = dim.isConstant() && dim.value() > 0;
    reader.require(!counts || checkedMultiply(extent, dim.value(), extent), "type has too many elements");
  }
  return dims;
}

DType readDType(Reader &reader) { return reader.enumerator(static_cast<DType>(kNumDTypes - 1)); }

TensorType readType(Reader &reader, size_t numExprs) {
  TensorType type;
  type.dtype = readDType(reader);
  type.dims = readDims(reader, numExprs, type.dtype);
  return type;
}

} // namespace mlxir
