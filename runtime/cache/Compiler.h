// The two calls of the compiler library (D1), loaded when they are first needed. A call runs on a worker thread while
// the caller waits and polls for Ctrl-C.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/include/mlxir/compiler.h"
#include "runtime/support/Export.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mlxir {

struct CompilerCall {
  std::string transform; // "" compiles
  std::string options;   // key=value lines
  std::vector<uint8_t> trace;
};

struct CompilerResult {
  mlxir_status status = MLXIR_OK;
  std::vector<uint8_t> data;                                        // flat Program or trace
  std::vector<std::pair<std::string, std::vector<uint8_t>>> extras; // all else that the sink received
  std::string error;
  int64_t node = -1; // that the error is about

  const std::vector<uint8_t> *extra(const char *name) const;
};

/// Blocks; call it without locks and without the GIL. Raises Error(Interrupted), or Error(Runtime) if there is no
/// compiler library; all other failures are in the result.
CompilerResult callCompiler(CompilerCall call);

/// Identity of the compiler, from the file beside its library: nothing is loaded for it.
const std::string &compilerBuildId();
bool compilerIsLoaded();
void loadCompilerLibrary();
/// To be called by the thread that ends the process, before exit(): only that thread compiles from then on. exit()
/// itself is too late, since it destroys first what LLVM made last.
MLXIR_API void stopCompiler();

/// True on the thread that has called stopCompiler(). Others that were about to compile have stopped where they were,
/// and what they hold is never given back: it must not wait for them.
bool endsProcess();

/// Calls that stand in for the library's, for tests. Null: the library's again.
struct CompilerEntryPoints {
  decltype(&mlxir_transform) transform;
  decltype(&mlxir_compile) compile;
};
MLXIR_API void setCompilerForTests(const CompilerEntryPoints *calls, const char *buildId);

} // namespace mlxir
