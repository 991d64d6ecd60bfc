// SHA-256 (FIPS 180-4): what every flat form and cache entry is checked with before it is parsed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mlxir {

class Sha256 {
public:
  using Digest = std::array<uint8_t, 32>;

  Sha256();
  Sha256 &update(const void *data, size_t size);
  /// Ends the message; the object is used up.
  Digest finish();

  static Digest of(const void *data, size_t size) { return Sha256().update(data, size).finish(); }

private:
  void compress(const uint8_t *block);
  std::array<uint32_t, 8> state;
  std::array<uint8_t, 64> pending;
  uint64_t length = 0;
};

} // namespace mlxir
