// The one bounds-checked cursor with which every flat form and file is read (D15): a failed read yields zeros, sets
// a flag and stays failed, so that a parser may check once per record and never touches a raw pointer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace mlxir {

/// Arithmetic on sizes that came from a file: false instead of a wrapped result.
template <typename T> bool checkedAdd(T a, T b, T &result) { return !__builtin_add_overflow(a, b, &result); }
template <typename T> bool checkedMultiply(T a, T b, T &result) { return !__builtin_mul_overflow(a, b, &result); }

class Reader {
public:
  static constexpr unsigned kMaxDepth = 64;

  Reader() = default;
  Reader(const uint8_t *data, size_t size) : at(data), left(size), total(size) {}

  bool ok() const { return message.empty(); }
  const std::string &error() const { return message; }
  size_t remaining() const { return left; }
  size_t position() const { return total - left; }

  /// The first failure stays; nothing can be read after it. Returns false, so that a check can end with it.
  bool fail(const std::string &what) {
    if (ok())
      message = what + " at byte " + std::to_string(position());
    left = 0;
    return false;
  }
  bool require(bool condition, const char *what) { return (condition && ok()) || fail(what); }

  /// A little-endian integer.
  template <typename T> T read() {
    static_assert(std::is_integral_v<T>, "only integers have a byte order");
    std::make_unsigned_t<T> value = 0;
    const uint8_t *bytes = take(sizeof(T));
    for (size_t i = 0; bytes && i < sizeof(T); ++i)
      value = static_cast<std::make_unsigned_t<T>>(value | static_cast<std::make_unsigned_t<T>>(bytes[i]) << (8 * i));
    return static_cast<T>(value);
  }
  uint8_t u8() { return read<uint8_t>(); }
  uint16_t u16() { return read<uint16_t>(); }
  uint32_t u32() { return read<uint32_t>(); }
  uint64_t u64() { return read<uint64_t>(); }
  int64_t i64() { return read<int64_t>(); }

  /// A value of an enumeration whose last member is `last`.
  template <typename E> E enumerator(E last) {
    uint8_t value = u8();
    require(value <= static_cast<uint8_t>(last), "unknown kind");
    return ok() ? static_cast<E>(value) : E{};
  }
  bool boolean() {
    uint8_t value = u8();
    return require(value <= 1, "expected 0 or 1") && value;
  }

  /// A u32 count of things that take at least `bytesEach` bytes: a count that the rest cannot hold is refused here,
  /// before anybody reserves memory for it.
  uint32_t count(size_t bytesEach) {
    uint32_t n = u32();
    size_t bytes = 0;
    if (!checkedMultiply<size_t>(n, bytesEach, bytes) || bytes > left) {
      fail("count exceeds the bytes that remain");
      return 0;
    }
    return n;
  }

  /// `size` bytes, or null (and failed) if fewer remain. Points into the data that the reader was given.
  const uint8_t *take(size_t size) {
    if (!ok() || size > left) {
      fail("truncated");
      return nullptr;
    }
    const uint8_t *begin = at;
    at += size;
    left -= size;
    return begin;
  }
  bool bytes(void *to, size_t size) {
    const uint8_t *from = take(size);
    if (from && size)
      std::memcpy(to, from, size);
    return from != nullptr;
  }
  std::string string() {
    uint32_t size = count(1);
    const uint8_t *from = take(size);
    return from ? std::string(reinterpret_cast<const char *>(from), size) : std::string();
  }
  std::vector<uint8_t> blob(size_t size) {
    const uint8_t *from = take(size);
    return from ? std::vector<uint8_t>(from, from + size) : std::vector<uint8_t>();
  }
  std::vector<int64_t> words() {
    std::vector<int64_t> list(count(8));
    for (int64_t &word : list)
      word = i64();
    return list;
  }

  /// Nothing may be left over.
  bool finish() { return require(left == 0, "bytes left over"); }

  /// Bounds the nesting of a recursive form: while one of these lives, the reader is a level deeper.
  class Nested {
  public:
    explicit Nested(Reader &reader) : reader(reader) { reader.require(++reader.depth <= kMaxDepth, "nested too deep"); }
    ~Nested() { --reader.depth; }
    Nested(const Nested &) = delete;

  private:
    Reader &reader;
  };

private:
  const uint8_t *at = nullptr;
  size_t left = 0, total = 0;
  unsigned depth = 0;
  std::string message;
};

} // namespace mlxir
