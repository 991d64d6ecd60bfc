// Appends integers, strings and lists to a flat form, the way Reader.h takes them out.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace mlxir {

class Writer {
public:
  explicit Writer(std::vector<uint8_t> &out) : out(out) {}

  template <typename T> void write(T value) {
    static_assert(std::is_integral_v<T>, "only integers have a byte order");
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (size_t i = 0; i < sizeof(T); ++i)
      out.push_back(static_cast<uint8_t>(static_cast<uint64_t>(bits) >> (8 * i)));
  }
  void u8(uint8_t value) { write(value); }
  void u16(uint16_t value) { write(value); }
  void u32(uint32_t value) { write(value); }
  void u64(uint64_t value) { write(value); }
  void i64(int64_t value) { write(value); }
  template <typename E> void enumerator(E value) { u8(static_cast<uint8_t>(value)); }

  void count(size_t n) { u32(static_cast<uint32_t>(n)); }
  void bytes(const void *data, size_t size) {
    auto *begin = static_cast<const uint8_t *>(data);
    out.insert(out.end(), begin, begin + size);
  }
  void string(const std::string &text) {
    count(text.size());
    bytes(text.data(), text.size());
  }
  void words(const std::vector<int64_t> &list) {
    count(list.size());
    for (int64_t word : list)
      i64(word);
  }

private:
  std::vector<uint8_t> &out;
};

} // namespace mlxir
