// Function transforms on recorded graphs: capture, fetch the transformed trace from the caches or the compiler, and
// record it again with numbers (D1, D7). Nothing is evaluated.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/record/Scope.h"

namespace mlxir {

/// Reverse mode. `inputs` are identity values of `scope`; `cotangents[i]` belongs to `outputs[i]`, null if it has none.
/// One gradient per input, zeros where an output does not depend on it.
MLXIR_API std::vector<Value> vjp(Scope &scope, Span<const Value> inputs, Span<const Value> outputs,
                                 Span<const Value> cotangents);
/// Forward mode: one tangent per output. `tangents[i]` belongs to `inputs[i]`, null if it is zero.
MLXIR_API std::vector<Value> jvp(Scope &scope, Span<const Value> inputs, Span<const Value> outputs,
                                 Span<const Value> tangents);

struct BatchedValues {
  std::vector<Value> values;
  std::vector<bool> batched; // false: the value has no batch dim
};
/// `inputs` are placeholders of `scope`; `operands[i]` is what comes in their place: with a new first dim of
/// `batchSize` if `batched[i]`. An output that does not depend on a batched input comes back unbatched.
MLXIR_API BatchedValues vmap(Scope &scope, Span<const Value> inputs, Span<const Value> outputs,
                             Span<const Value> operands, const std::vector<bool> &batched, int64_t batchSize);

/// The flat trace of a function, or of its transform with this function's sizes: what is recorded again. For tests.
/// `transform` is "" (the function itself), "vjp" or "jvp" with respect to all inputs and outputs, or "vmap" over the
/// inputs that `batched` marks.
MLXIR_API std::vector<uint8_t> transformedTrace(Scope &scope, Span<const Value> inputs, Span<const Value> outputs,
                                                const char *transform, const std::vector<bool> &batched,
                                                int64_t batchSize);

} // namespace mlxir
