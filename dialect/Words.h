// Between ops of the IR and rows of the op table: attributes as the flat words of a trace, and ops made from words.
// Nothing here knows any op but the constant, whose value is a number of its dtype.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_WORDS_H
#define MLXIR_DIALECT_WORDS_H

#include "dialect/Interfaces.h"

namespace mlxir {

/// The attributes of `op` in the order of its row's schema. Size words name expressions of the context's arena.
void getAttrWords(mlir::Operation *op, llvm::SmallVectorImpl<int64_t> &words);

/// An op from its row, operands and attribute words (sizes of the context's arena); its types are inferred. Operands
/// whose dims are equal only under a guard are brought to one type first. Null, with `error` set, if the types are not
/// what the op expects. Not for ops with regions.
mlir::Operation *createOp(mlir::OpBuilder &builder, mlir::Location loc, const OpInfo &info, mlir::ValueRange operands,
                          llvm::ArrayRef<int64_t> words, InferError &error);

/// A number and its bits in a dtype: as many low bits as the dtype has, integers extended to 64.
int64_t getBits(mlir::TypedAttr number);
mlir::TypedAttr getNumber(mlir::MLIRContext *context, DType dtype, int64_t bits);

/// Whether each attribute word of a row is a size, for words as given.
void markSizeWords(const OpInfo &info, llvm::ArrayRef<int64_t> words, llvm::SmallVectorImpl<bool> &isSize);

} // namespace mlxir

#endif // MLXIR_DIALECT_WORDS_H
