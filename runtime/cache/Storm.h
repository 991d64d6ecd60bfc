// Recompilation storms: one line of a program that is compiled again and again is reported once, with what varied.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/format/Trace.h"
#include "runtime/support/Span.h"

namespace mlxir {

/// Called after each compilation of a trace with constant sizes; `locations` are where its nodes were recorded.
void noteCompile(const Trace &trace, Span<const uint32_t> locations);

} // namespace mlxir
