// The disk cache: one structure is one file, named by its key. Hash first, parse second; a bad file is removed and
// written again; a folder that cannot be used is warned of once and done without (D15).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/cache/Structure.h"

#include <string>

namespace mlxir {

/// `environment` is everything of the key that is not the structure: build id, target, options. Entries come back
/// loaded. Nothing is found if the file is missing, bad, foreign, or of another environment.
std::vector<CacheEntryRef> readDiskEntries(const Structure &structure, const std::string &environment,
                                           unsigned &generalisations);
/// Replaces the structure's file by these entries.
void writeDiskEntries(const Structure &structure, const std::string &environment,
                      const std::vector<CacheEntryRef> &entries, unsigned generalisations);

/// Any other entry, named by a hash: false if there is no such file or it cannot be read.
bool readDiskFile(const Hash128 &name, std::vector<uint8_t> &bytes);
/// `Soon`: after a loss of power the file may be there without its contents, which its hash then tells.
enum class Durable { Now, Soon };
/// Puts a file in place in one step; failing that, there is one warning.
void writeDiskFile(const Hash128 &name, const std::vector<uint8_t> &bytes, Durable durable);
/// Removes a file that turned out bad.
void dropDiskFile(const Hash128 &name);

struct DiskInfo {
  std::string directory; // "" if off
  uint64_t writes = 0, errors = 0, bytes = 0;
};
DiskInfo diskInfo();
void clearDisk();

/// The flat form of a file, for its reader's tests.
MLXIR_API bool checkDiskEntry(const uint8_t *data, size_t size, std::string &error);

} // namespace mlxir
