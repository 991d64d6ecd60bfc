// The ops of Reduce.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"
#include "dialect/Ops.h"
#include "dialect/Scalar.h"

using namespace mlir;
using namespace mlxir;

#define GET_OP_CLASSES
#include "dialect/Reduce.cpp.inc"

#include "dialect/Reduce.rules.inc"
