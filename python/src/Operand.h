// From Python objects to operands and attributes of ops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "python/src/Call.h"

#include "runtime/record/Scalar.h"

namespace mlxir::py {

/// True for what counts as a number: bool, int, float and NumPy's scalars.
bool isNumber(PyObject *object);

/// Throws for an int beyond 64 bits or an object that is no number.
Scalar toScalar(PyObject *object);

/// An array, a number, or something with a buffer, `__array__` or `__dlpack__`. Returns false if `object` is none.
bool tryOperand(PyObject *object, Operand &operand);
/// Throws TypeError naming what was expected.
Operand toOperand(PyObject *object);

/// An operand that is no number, as a value; arrays-likes are converted. Throws otherwise.
Value toValue(PyObject *object);

/// An int, also through `__index__`.
int64_t toInteger(PyObject *object, const char *what);
/// A sequence of ints, or one.
std::vector<int64_t> toIntegers(PyObject *object, const char *what);
DType toDType(PyObject *object, const char *what);

} // namespace mlxir::py
