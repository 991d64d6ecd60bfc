// Which results a kernel may write over which of its arguments (D10): every element of the argument is read before the
// same element of the result is written, by the same work item, and never again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Emitter.h"

using namespace mlir;

namespace mlxir::cpu {

namespace {

/// The one stage that writes a result, and where.
struct Write {
  unsigned stage = 0;
  const Access *access = nullptr; // null if it is written in pieces or not at all
};

Write findWrite(const Nest &nest, unsigned result) {
  Write found;
  unsigned count = 0;
  for (auto [i, stage] : llvm::enumerate(nest.stages))
    for (auto &writes : stage.writes)
      for (const Access &access : writes)
        if (access.place == Place::Output && access.number == result) {
          found = {unsigned(i), &access};
          ++count;
        }
  return count == 1 ? found : Write{};
}

/// Does one item alone write each element, and only once? Dims that are reduced lie inside of an item, all others may
/// be cut into items. A reduction writes after its own reads, but how it is cut into items is its emitter's business.
bool writesOnce(const Nest &nest, const Write &write) {
  const Stage &stage = nest.stages[write.stage];
  if (stage.reduces())
    return false;
  for (unsigned i = 0; i < nest.rank(); ++i) {
    bool steps = stage.iterates[i] && write.access->strides[i] != Size::constant(0);
    if (!steps && (stage.iterates[i] || !nest.reduced[i]) && nest.domain[i] != Size::constant(1))
      return false;
  }
  return true;
}

bool isSameMemory(const Access &a, const Access &b) {
  return storedBytes(a.element) == storedBytes(b.element) && a.offset == b.offset && a.strides == b.strides;
}

/// Is the argument read, and only where and when the write allows it?
bool isReadBefore(const Nest &nest, unsigned argument, const Write &write) {
  for (const auto &entry : nest.tables)
    if (entry.second.base.place == Place::Input && entry.second.base.number == argument)
      return false;
  bool isRead = false;
  for (auto [i, stage] : llvm::enumerate(nest.stages))
    for (const Access &read : stage.reads) {
      if (read.place != Place::Input || read.number != argument)
        continue;
      if (i > write.stage || !isSameMemory(read, *write.access))
        return false;
      isRead = true;
    }
  return isRead;
}

} // namespace

SmallVector<InPlace> findInPlace(Nest &nest) {
  SmallVector<InPlace> pairs;
  for (unsigned result = 0; result < nest.func.getNumResults(); ++result) {
    Write write = findWrite(nest, result);
    if (!write.access || !writesOnce(nest, write))
      continue;
    for (unsigned argument = 0; argument < nest.func.getNumArguments(); ++argument)
      if (isReadBefore(nest, argument, write))
        pairs.push_back({result, argument});
  }
  return pairs;
}

} // namespace mlxir::cpu
