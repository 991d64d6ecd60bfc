// One element between memory, C++ numbers and Python objects, for every element type.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <Python.h>

#include "runtime/format/DType.h"

#include <string>

namespace mlxir::py {

/// How wide the number of an element is in Python: what a list of elements becomes by default.
enum class NumberClass : uint8_t { Bool, Int, Float };

/// A new reference: bool, int or float.
PyObject *loadElement(DType dtype, const void *memory);

/// Writes a Python number the way a cast would: integers wrap, floats are truncated. False with a Python error set if
/// `object` is no number or an integer beyond 64 bits.
bool storeElement(DType dtype, PyObject *object, void *memory);
void storeDouble(DType dtype, double value, void *memory);
void storeInteger(DType dtype, int64_t value, void *memory);

/// As a double, or as an integer for integer types.
double loadDouble(DType dtype, const void *memory);
int64_t loadInteger(DType dtype, const void *memory);

/// The element as `repr` shows it; `precision` digits after the point, or six significant ones if negative.
void formatElement(DType dtype, const void *memory, int precision, std::string &out);

} // namespace mlxir::py
