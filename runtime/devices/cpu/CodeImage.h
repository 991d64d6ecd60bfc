// A Program's machine code in executable memory: written first, then made executable, never both (D9).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlxir {

class CodeImage {
public:
  CodeImage() = default;
  ~CodeImage();
  CodeImage(const CodeImage &) = delete;
  CodeImage &operator=(const CodeImage &) = delete;

  /// Bytes from `readOnlyFrom` on are constants: they are not executable. False if there is no memory for it.
  bool map(const std::vector<uint8_t> &code, uint64_t readOnlyFrom);
  const void *at(uint64_t offset) const { return memory + offset; }

private:
  uint8_t *memory = nullptr;
  size_t size = 0;
};

} // namespace mlxir
