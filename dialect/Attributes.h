// Sizes in the IR: the attributes that hold them, tensor types with symbolic dims, and dtypes as element types.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_ATTRIBUTES_H
#define MLXIR_DIALECT_ATTRIBUTES_H

#include "dialect/Dialect.h"
#include "dialect/infer/OpTable.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TensorEncoding.h"
#include "llvm/ADT/Hashing.h"

#include <mutex>

namespace mlxir {
inline llvm::hash_code hash_value(Size size) { return llvm::hash_value(size.bits); }
} // namespace mlxir

#define GET_ATTRDEF_CLASSES
#include "dialect/Attributes.h.inc"

namespace mlxir {

struct MlxirDialect::Sizes {
  SizeArena arena;
  std::recursive_mutex mutex;
};

/// Size words in the IR are numbers of an arena that belongs to the context. Whoever works with them holds its lock:
/// `SizesLock sizes(op->getContext()); Size n = sizes->mul(a, b);`. The same thread may hold it more than once.
class SizesLock {
public:
  explicit SizesLock(mlir::MLIRContext *context);
  SizeArena *operator->() { return &sizes.arena; }
  SizeArena &operator*() { return sizes.arena; }

private:
  MlxirDialect::Sizes &sizes;
  std::lock_guard<std::recursive_mutex> guard;
};

/// One size per dim of a ranked tensor type.
llvm::SmallVector<Size> getDims(mlir::Type type);
llvm::SmallVector<Size> getDims(mlir::Value value);
/// The tensor type with these dims; it has an encoding only if one of them is not a number.
mlir::RankedTensorType getTensorType(llvm::ArrayRef<Size> dims, mlir::Type element);

/// Element types and dtypes name the same things.
mlir::Type getElementType(mlir::MLIRContext *context, DType dtype);
/// `type` is an element type or a tensor of it. False if it is no element type of the dialect.
bool isElementType(mlir::Type type);
/// A tensor of such elements whose dims are all known: numbers, or sizes of its encoding.
bool isArrayType(mlir::Type type);
DType getDType(mlir::Type type);
TypeClass getTypeClass(mlir::Type type);
/// The type that scalars of a kernel body have: integers without a sign.
mlir::Type getScalarType(mlir::Type element);

/// From types of the IR to what inference sees, and back.
TensorType toTensorType(mlir::Type type);
mlir::RankedTensorType fromTensorType(mlir::MLIRContext *context, const TensorType &type);

// The directives with which op formats print and parse lists of sizes: `[s0*4+1, 2]`.
mlir::ParseResult parseSizes(mlir::OpAsmParser &parser, SizesAttr &sizes);
void printSizes(mlir::OpAsmPrinter &printer, mlir::Operation *op, SizesAttr sizes);

} // namespace mlxir

#endif // MLXIR_DIALECT_ATTRIBUTES_H
