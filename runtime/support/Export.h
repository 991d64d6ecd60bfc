// MLXIR_API marks what libmlxir_runtime offers to the Python extension; everything else is hidden.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#define MLXIR_API __attribute__((visibility("default")))
