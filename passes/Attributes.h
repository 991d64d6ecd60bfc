// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of the attributes that carry what a trace knows and the IR's types and ops do not.

#ifndef MLXIR_PASSES_ATTRIBUTES_H
#define MLXIR_PASSES_ATTRIBUTES_H

namespace mlxir {

inline constexpr char kLiteralAttr[] = "mlxir.literal";   // argument: a Python number
inline constexpr char kResidualAttr[] = "mlxir.residual"; // argument: number of the value that it is (RFC 0002)
inline constexpr char kSymbolsAttr[] = "mlxir.symbols";   // function: the sample's value of each symbol
inline constexpr char kGuardsAttr[] = "mlxir.guards";     // function: a #mlxir.sizes<kind, a, b> for each guard
inline constexpr char kInsertedAttr[] = "mlxir.inserted"; // op: no node of the trace; its results have no number
inline constexpr char kBatchedAttr[] = "mlxir.batched";   // function: 1 per result that has a batch dim, else 0

} // namespace mlxir

#endif // MLXIR_PASSES_ATTRIBUTES_H
