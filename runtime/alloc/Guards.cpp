// Guards are filled and compared as one pattern.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/alloc/Guards.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace mlxir {
namespace {

constexpr unsigned char kPattern = 0xA5;

bool environmentWants() {
  const char *checks = std::getenv("MLXIR_DEBUG");
  return checks && std::strstr(checks, "guards");
}

std::atomic<bool> &isOn() {
  static std::atomic<bool> on{environmentWants()};
  return on;
}

/// Where the first byte of a guard was changed; `kGuardBytes` if none was.
size_t firstChange(const unsigned char *guard) {
  size_t at = 0;
  while (at < kGuardBytes && guard[at] == kPattern)
    ++at;
  return at;
}

} // namespace

void setGuards(bool on) { isOn() = on; }
bool guardsAreOn() { return isOn().load(std::memory_order_relaxed); }

void *fillGuards(void *block, size_t bytes) {
  auto *begin = static_cast<char *>(block);
  std::memset(begin, kPattern, kGuardBytes);
  std::memset(begin + kGuardBytes + bytes, kPattern, kGuardBytes);
  return begin + kGuardBytes;
}

void *checkGuards(void *data, size_t bytes) {
  auto *begin = static_cast<unsigned char *>(data);
  size_t before = firstChange(begin - kGuardBytes), behind = firstChange(begin + bytes);
  if (before < kGuardBytes || behind < kGuardBytes) {
    long at = before < kGuardBytes ? static_cast<long>(before) - static_cast<long>(kGuardBytes)
                                   : static_cast<long>(bytes + behind);
    std::fprintf(stderr, "mlxir: a buffer of %zu bytes was written at offset %ld\n", bytes, at);
    std::abort();
  }
  return begin - kGuardBytes;
}

} // namespace mlxir
