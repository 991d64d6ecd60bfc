// mlxir._core: puts the parts of the extension together.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/ArrayObject.h"
#include "python/src/ArrayPrint.h"
#include "python/src/DTypeObject.h"
#include "python/src/LibraryFunction.h"
#include "python/src/OpFunction.h"
#include "python/src/Recording.h"
#include "python/src/System.h"
#include "python/src/Tracing.h"
#include "python/src/Tree.h"

PYBIND11_MODULE(_core, m) {
  using namespace mlxir::py;
  PyObject *module = m.ptr();
  bool isReady = addErrors(module) && addDTypes(module) && addArray(module) && addTree(module) &&
                 addOpFunctions(module) && addLibraryFunctions(module) && addRecording(module) &&
                 PyModule_AddFunctions(module, printMethods) == 0;
  if (!isReady)
    throw pybind11::error_already_set();
  addTracing(m);
  addSystem(m);
}
