// Whether this processor can run code that was made for a CPU which somebody named (MLXIR_CPU).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace mlxir {

/// A feature that a Program's target uses and this processor lacks; "" if there is none.
std::string missingFeature(const std::string &target);

} // namespace mlxir
