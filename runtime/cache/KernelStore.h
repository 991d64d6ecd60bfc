// Kernels by content (D4): what the compiler has made of a kernel's text, kept for all Programs, in memory and on disk.
// To the runtime it is bytes under a key.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mlxir {

/// What was kept under `key` by this build of the compiler; false if that is nothing.
bool findKernel(const std::string &key, std::vector<uint8_t> &bytes);
void keepKernel(const std::string &key, const std::vector<uint8_t> &bytes);

struct KernelInfo {
  uint64_t kernels = 0;  // in memory
  uint64_t hits = 0;     // found in memory
  uint64_t diskHits = 0; // found on disk
  uint64_t compiles = 0; // kept after they were compiled
};
KernelInfo kernelInfo();
/// Forgets the kernels in memory.
void clearKernels();

} // namespace mlxir
