// The text of a structure: how sizes, inputs and attributes are written into the key (RFC 0001, 0003).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/OpTable.h"
#include "runtime/support/Span.h"

#include <cstdint>
#include <vector>

namespace mlxir {

/// Appends to a structure's text and to its leaf sizes.
class StructureText {
public:
  StructureText(std::vector<uint32_t> &text, std::vector<int64_t> &sizes) : text(text), sizes(sizes) {}

  void word(uint32_t w) { text.push_back(w); }
  void wide(int64_t w) {
    text.push_back(static_cast<uint32_t>(w));
    text.push_back(static_cast<uint32_t>(static_cast<uint64_t>(w) >> 32));
  }
  /// A leaf size: its class is text, its value a leaf. Negative numbers are text altogether.
  void leaf(int64_t value) {
    sizes.push_back(value);
    word(value < 0 ? 3 : value < 2 ? static_cast<uint32_t>(value) : 2);
    if (value < 0)
      wide(value);
  }
  void string(const char *value);
  /// Attributes with constant sizes, by the op's schema. `nameOf(number)` gives the string of a name attribute.
  void attrs(const OpInfo &info, Span<const int64_t> words, const char *(*nameOf)(void *context, int64_t number),
             void *context);
  void append(const std::vector<uint32_t> &other) {
    word(static_cast<uint32_t>(other.size()));
    text.insert(text.end(), other.begin(), other.end());
  }

private:
  std::vector<uint32_t> &text;
  std::vector<int64_t> &sizes;
};

/// True for the attribute that holds the number of a name (Trace::names; internName in a node).
bool isNameAttr(const OpInfo &info, unsigned attr);

/// A 128-bit hash of a text.
struct Hash128 {
  uint64_t high = 0, low = 0;
  bool operator==(const Hash128 &o) const { return high == o.high && low == o.low; }
};
Hash128 hashText(const void *data, size_t size, uint64_t seed = 0);

} // namespace mlxir
