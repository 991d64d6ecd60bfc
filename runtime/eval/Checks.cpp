// A check is an output of the Program: here its number becomes an error.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/eval/Checks.h"

#include "runtime/record/Record.h"
#include "runtime/support/Error.h"

#include <cstring>

namespace mlxir {
namespace {

[[noreturn]] void raiseCheck(const Program &program, const ProgramCheck &check, const std::vector<int64_t> &symbols,
                             const std::vector<int64_t> &dims, int64_t position, uint32_t location) {
  std::vector<int64_t> index(dims.size());
  for (size_t d = dims.size(); d-- > 0; position /= dims[d])
    index[d] = position % dims[d];
  if (check.kind == ProgramCheck::Nan)
    throw Error(ErrorKind::FloatingPoint, check.function,
                "expected no NaN, got one at index " + shapeText(index) + " of a result of shape " + shapeText(dims) +
                    " and dtype " + dtypeName(check.dtype),
                location);
  int64_t extent = program.sizes.evaluate(check.extent, symbols.data());
  throw Error(ErrorKind::Index, check.function,
              "expected indices into axis " + std::to_string(check.axis) + " of size " + std::to_string(extent) +
                  ", got one out of bounds at index " + shapeText(index) + " of indices of shape " + shapeText(dims),
              location);
}

} // namespace

void raiseFailedCheck(const Program &program, const std::vector<int64_t> &symbols,
                      const std::vector<BufferRef> &outputs, const std::vector<uint32_t> &locations) {
  size_t first = program.outputs.size() - program.checks.size();
  for (size_t i = 0; i < program.checks.size(); ++i) {
    const ProgramCheck &check = program.checks[i];
    std::vector<int64_t> dims;
    int64_t elements = 1;
    for (Size dim : check.dims) {
      dims.push_back(program.sizes.evaluate(dim, symbols.data()));
      elements *= dims.back();
    }
    int64_t position = 0;
    std::memcpy(&position, outputs[first + i]->data(), sizeof position);
    if (position >= 0 && position < elements)
      raiseCheck(program, check, symbols, dims, position,
                 check.location < locations.size() ? locations[check.location] : 0);
  }
}

} // namespace mlxir
