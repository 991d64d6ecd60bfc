// The dialect class. Attributes.h, Interfaces.h and Ops.h add what lives in the dialect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_DIALECT_H
#define MLXIR_DIALECT_DIALECT_H

#include "mlir/IR/Dialect.h"

#include <memory>

#include "dialect/Dialect.h.inc"

#endif // MLXIR_DIALECT_DIALECT_H
