// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of the attributes that carry from one stage to the next what types and ops do not say.

#ifndef MLXIR_DIALECT_ATTRIBUTENAMES_H
#define MLXIR_DIALECT_ATTRIBUTENAMES_H

namespace mlxir {

// What a trace says.
inline constexpr char kLiteralAttr[] = "mlxir.literal";   // argument: a Python number
inline constexpr char kResidualAttr[] = "mlxir.residual"; // argument: number of the value that it is (RFC 0002)
inline constexpr char kSymbolsAttr[] = "mlxir.symbols";   // function: the sample's value of each symbol
inline constexpr char kGuardsAttr[] = "mlxir.guards";     // function: a #mlxir.sizes<kind, a, b> for each guard
inline constexpr char kInsertedAttr[] = "mlxir.inserted"; // op: no node of the trace; its results have no number
inline constexpr char kCheckAttr[] = "mlxir.check";       // result: what it checks (passes/InsertChecks.h)
inline constexpr char kBatchedAttr[] = "mlxir.batched";   // function: 1 per result that has a batch dim, else 0

// What kernel forming has found.
inline constexpr char kKernelAttr[] = "mlxir.kernel";   // function: a kernel that is not lowered yet
inline constexpr char kDomainAttr[] = "mlxir.domain";   // kernel: its iteration domain, as the type of a tensor
inline constexpr char kReducedAttr[] = "mlxir.reduced"; // kernel: the domain dims that are reduced
inline constexpr char kDimsAttr[] = "mlxir.dims";       // root: the domain dim of each dim, -1 where it has extent 1;
                                                        // stage: the domain dim of each loop

// What lowered kernels say to their targets.
inline constexpr char kSymbolAttr[] = "mlxir.symbol";           // argument: the symbol whose value it is
inline constexpr char kStartsAttr[] = "mlxir.starts";           // slice of an operand: where it starts, as sizes
inline constexpr char kAccumulatorAttr[] = "mlxir.accumulator"; // marker: which accumulator takes this value in

} // namespace mlxir

#endif // MLXIR_DIALECT_ATTRIBUTENAMES_H
