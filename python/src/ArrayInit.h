// Arrays from Python data: numbers, nested lists, buffers, and whatever offers `__array__` or `__dlpack__`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "python/src/Call.h"

#include "runtime/array/Node.h"

#include <optional>

namespace mlxir::py {

/// What `array(object, dtype)` holds. Copies; nothing is shared with `object`.
Value arrayFrom(PyObject *object, std::optional<DType> dtype);

/// An object that is neither an array, a number nor a list but holds elements, copied. False if it does not.
bool importArrayLike(PyObject *object, Value &value);

/// A rank-0 or dense array of `bytes` from host memory.
Value makeLeaf(DType dtype, Span<const int64_t> dims, const void *data);
/// Uninitialised memory for a leaf of this type.
BufferRef allocateFor(DType dtype, Span<const int64_t> dims);

/// The element type of a struct-module format of one character; false if arrays have none like it.
bool dtypeOfFormat(const char *format, Py_ssize_t itemSize, DType &dtype);
/// The format, or null for types that the struct module does not know.
const char *formatOfDType(DType dtype);

/// From a DLPack capsule (ArrayShare.cpp). Shares the memory if it can and `copy` is not true.
Value importDLPack(PyObject *object, std::optional<bool> copy);
/// Shares the memory of an object with a contiguous buffer; false if it must be copied.
bool shareBuffer(PyObject *object, Value &value);

} // namespace mlxir::py
