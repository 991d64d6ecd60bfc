// The mlxir_kernel dialect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_KERNEL_KERNEL_H
#define MLXIR_DIALECT_KERNEL_KERNEL_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/kernel/KernelDialect.h.inc"

#define GET_OP_CLASSES
#include "dialect/kernel/KernelOps.h.inc"

#endif // MLXIR_DIALECT_KERNEL_KERNEL_H
