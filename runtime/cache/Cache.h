// What the front end sees of the caches of Programs and transforms: counters, clearing, and the compiler's texts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mlxir {

struct CacheInfo {
  uint64_t structures = 0;      // in memory
  uint64_t programs = 0;        // in memory
  uint64_t hits = 0;            // lookups answered by memory
  uint64_t diskHits = 0;        // answered by the disk
  uint64_t compiles = 0;        // calls of the compiler
  uint64_t transforms = 0;      // of which transforms
  uint64_t generalisations = 0; // compiles that turned sizes into symbols
  double compileSeconds = 0;
  uint64_t kernels = 0;        // in memory, of all Programs
  uint64_t kernelHits = 0;     // kernels that a compilation found in memory
  uint64_t kernelDiskHits = 0; // or on disk
  uint64_t kernelCompiles = 0; // kernels that were compiled
  uint64_t diskWrites = 0;
  uint64_t diskErrors = 0; // bad entries found, writes that failed
  uint64_t diskBytes = 0;  // in the folder
  std::string directory;   // "" if the disk cache is off
  std::string buildId;     // of the compiler
  bool compilerLoaded = false;
};

MLXIR_API CacheInfo cacheInfo();
/// Forgets Programs and transforms in memory, and the files if `disk`.
MLXIR_API void clearCache(bool disk);

/// Numeric options that belong to every key: "debug=nans,bounds" and the like; "" by default.
MLXIR_API void setCompileOptions(const std::string &options);

/// Runs the compiler on a flat trace for its texts: (stage, text) pairs.
MLXIR_API std::vector<std::pair<std::string, std::string>>
compileStages(const std::vector<uint8_t> &trace, const std::string &stages, const std::string &name);

/// Loads the compiler library ahead of the first miss.
MLXIR_API void loadCompiler();

} // namespace mlxir
