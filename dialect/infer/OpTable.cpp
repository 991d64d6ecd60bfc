// The op table: the rows that mlxir-tblgen generates, and lookup by name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/OpTable.h"
#include "dialect/infer/Infer.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace mlxir {

#define GET_OP_ROWS
#include "dialect/OpTable.inc"

const OpInfo *opTable() { return kOpRows; }
unsigned opTableSize() { return std::size(kOpRows); }
uint64_t opTableHash() { return kOpTableHash; }

// Rows are in order of their names.
const OpInfo *findOp(const char *name) {
  const OpInfo *end = std::end(kOpRows);
  const OpInfo *row = std::lower_bound(std::begin(kOpRows), end, name,
                                       [](const OpInfo &row, const char *n) { return std::strcmp(row.name, n) < 0; });
  return row != end && std::strcmp(row->name, name) == 0 ? row : nullptr;
}

} // namespace mlxir
