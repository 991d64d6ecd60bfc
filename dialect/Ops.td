// All ops of the dialect, family by family.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_OPS
#define MLXIR_OPS

include "dialect/Binary.td"
include "dialect/Compare.td"
include "dialect/Contract.td"
include "dialect/Convert.td"
include "dialect/Index.td"
include "dialect/Reduce.td"
include "dialect/Shape.td"
include "dialect/Structural.td"
include "dialect/Unary.td"

#endif // MLXIR_OPS
