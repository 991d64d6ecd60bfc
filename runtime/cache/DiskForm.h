// The flat form of a disk-cache entry.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/cache/Structure.h"

namespace mlxir {

struct DiskForm {
  std::string environment;
  bool isProgram = true;
  std::vector<uint32_t> text;
  unsigned generalisations = 0;
  std::vector<std::shared_ptr<CacheEntry>> entries; // not loaded
};

void writeDiskForm(const DiskForm &form, std::vector<uint8_t> &out);
bool readDiskForm(const uint8_t *data, size_t size, DiskForm &form, std::string &error);

} // namespace mlxir
