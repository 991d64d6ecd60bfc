// Maps code images.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/cpu/CodeImage.h"

#include "runtime/support/Fault.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace mlxir {

CodeImage::~CodeImage() {
  if (memory)
    munmap(memory, size);
}

bool CodeImage::map(const std::vector<uint8_t> &code, uint64_t readOnlyFrom) {
  if (code.empty())
    return true;
  auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_t bytes = (code.size() + page - 1) / page * page;
  void *mapped =
      fault("map") ? MAP_FAILED : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED)
    return false;
  memory = static_cast<uint8_t *>(mapped);
  size = bytes;
  std::memcpy(memory, code.data(), code.size());
  // A format-checked Program has the boundary on a page; anything else maps all of it executable and read-only.
  size_t text = readOnlyFrom && readOnlyFrom % page == 0 ? std::min<size_t>(readOnlyFrom, bytes) : bytes;
  bool ok = mprotect(memory, text, PROT_READ | PROT_EXEC) == 0;
  if (text < bytes)
    ok &= mprotect(memory + text, bytes - text, PROT_READ) == 0;
  __builtin___clear_cache(reinterpret_cast<char *>(memory), reinterpret_cast<char *>(memory + size));
  return ok;
}

} // namespace mlxir
