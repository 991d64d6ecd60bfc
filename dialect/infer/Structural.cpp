// Inference of constants. Region ops have the types that their region yields.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/infer/Infer.h"

namespace mlxir {

bool inferConstant(Inference &in) {
  in.word(); // the bits
  return in.result(in.dtype(), {});
}

} // namespace mlxir
