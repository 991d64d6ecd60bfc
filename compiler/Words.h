// Sizes and strings on their way between a trace and the IR.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_WORDS_H
#define MLXIR_COMPILER_WORDS_H

#include "dialect/infer/OpTable.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

#include <string>
#include <vector>

namespace mlxir {

/// Sizes of one arena in the words of another: only what is used is made there. `symbols`, sizes of the other arena,
/// stand for the symbols; absent, those stay what they are.
class SizeTranslation {
public:
  SizeTranslation(const SizeArena &from, SizeArena &to, llvm::ArrayRef<Size> symbols = {})
      : from(from), to(to), symbols(symbols) {}
  Size operator()(Size size);
  TensorType operator()(const TensorType &type);
  /// Every size among the attribute words of an op.
  void translate(const OpInfo &op, llvm::SmallVectorImpl<int64_t> &words);

private:
  const SizeArena &from;
  SizeArena &to;
  llvm::ArrayRef<Size> symbols;
  llvm::DenseMap<uint32_t, Size> known;
};

// An op with regions names a function of the array API. In its words a single number stands for the name, by its place
// in the trace's table of strings; lists are numbers as they are.

/// False if a number names no string.
bool getRegionOpAttributes(mlir::MLIRContext *context, const OpInfo &op, llvm::ArrayRef<int64_t> words,
                           const std::vector<std::string> &names, mlir::NamedAttrList &attributes);
/// A string that `names` lacks is added.
void getRegionOpWords(mlir::Operation *op, const OpInfo &info, std::vector<std::string> &names,
                      llvm::SmallVectorImpl<int64_t> &words);

} // namespace mlxir

#endif // MLXIR_COMPILER_WORDS_H
