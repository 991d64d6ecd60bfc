// Evaluation: the lazy cut, claimed under one lock and run outside of it (D10, D11).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/Array.h"
#include "runtime/record/Scalar.h"

namespace mlxir {

/// Makes the values' buffers. Call without the GIL. Several threads may evaluate overlapping graphs. Raises if a value
/// depends on a placeholder, memory runs out, a compile fails or the user interrupts; the graph is then as before.
MLXIR_API void evaluate(Span<const Value> values);
/// Starts the same on a background thread; a later evaluate() of the values waits for it and reports its error.
MLXIR_API void evaluateAsync(Span<const Value> values);
/// Waits for everything started by evaluateAsync.
MLXIR_API void synchronize();

/// evaluate() and the buffer, for readers (item, tolist, NumPy).
MLXIR_API BufferRef materialize(const Value &value);
/// The one element of a value of size 1, converted.
MLXIR_API Scalar readScalar(const Value &value);
/// The number that lies at `data`.
Scalar scalarAt(DType dtype, const void *data);

/// Recording evaluates by itself after this many nodes or bytes of results (per thread); 0 turns it off.
MLXIR_API void setFlushLimits(uint32_t nodes, uint64_t bytes);
/// True if recording has passed a limit: the front end then calls evaluate(), without the GIL, on the value it has
/// just made.
MLXIR_API bool flushIsDue(const Value &last);

} // namespace mlxir
