// Traces on the runtime's side: copies, symbols in and out, structure text of regions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/format/Trace.h"

namespace mlxir {

/// One word per leaf (RFC 0001): even is the constant `word / 2`, odd the symbol number `word / 2`. Unlike in a Size,
/// odd words are symbols and not expressions.
using LeafPattern = std::vector<int64_t>;
inline constexpr int64_t patternConstant(int64_t value) { return value * 2; }
inline constexpr int64_t patternSymbol(int64_t number) { return number * 2 + 1; }
inline constexpr bool isPatternSymbol(int64_t word) { return word & 1; }

std::unique_ptr<Trace> cloneTrace(const Trace &trace);

/// The trace for given symbol values: constant sizes throughout.
std::unique_ptr<Trace> concreteTrace(const Trace &trace, const int64_t *symbols);

/// Puts symbols into the leaves of a constant trace and infers all types again. `sample` has the value of each symbol.
/// False with `error` if inference does not go through (which the constant trace did).
bool makeSymbolic(Trace &trace, const LeafPattern &pattern, std::vector<int64_t> sample, std::string &error);

/// All leaves of a constant trace.
std::vector<int64_t> traceLeaves(const Trace &trace);

/// Words of one attribute evaluated: sizes become constants.
void evaluateAttrs(const OpInfo &info, const std::vector<int64_t> &words, const std::vector<int64_t> &expressions,
                   std::vector<int64_t> &out);

} // namespace mlxir
