// How sizes, guards and types are written in a flat form; shared by trace and Program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/OpTable.h"
#include "runtime/format/Reader.h"
#include "runtime/format/Writer.h"

namespace mlxir {

void writeSizes(Writer &writer, const SizeArena &sizes);
void writeGuards(Writer &writer, const std::vector<SizeGuard> &guards);
void writeType(Writer &writer, const TensorType &type);

/// Each node may only name earlier ones, a symbol only one of `numSymbols`, a divisor is not a constant below 1.
SizeArena readSizes(Reader &reader, uint32_t numSymbols);
std::vector<SizeGuard> readGuards(Reader &reader, size_t numExprs);

/// A constant, or one of the `numExprs` expressions.
Size readSize(Reader &reader, size_t numExprs);
/// As readSize, and never a negative constant.
Size readExtent(Reader &reader, size_t numExprs);
std::vector<Size> readDims(Reader &reader, size_t numExprs, DType dtype);
DType readDType(Reader &reader);
TensorType readType(Reader &reader, size_t numExprs);

inline bool isSize(int64_t word, size_t numExprs) {
  Size size{word};
  return size.isConstant() || (word >= 0 && size.id() < numExprs && Size::expr(size.id()) == size);
}

} // namespace mlxir
