// Attributes as text, and the hash.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Structure.h"

#include <cstring>

namespace mlxir {

void StructureText::string(const char *value) {
  size_t length = std::strlen(value);
  word(static_cast<uint32_t>(length));
  for (size_t i = 0; i < length; i += 4) {
    uint32_t w = 0;
    std::memcpy(&w, value + i, length - i < 4 ? length - i : 4);
    word(w);
  }
}

bool isNameAttr(const OpInfo &info, unsigned attr) {
  return info.hasRegion && info.attrs[attr].kind == AttrKind::Int &&
         std::strcmp(info.attrs[attr].name, "function") == 0;
}

void StructureText::attrs(const OpInfo &info, Span<const int64_t> words, const char *(*nameOf)(void *, int64_t),
                          void *context) {
  const int64_t *at = words.begin();
  for (unsigned i = 0; i < info.numAttrs; ++i) {
    switch (info.attrs[i].kind) {
    case AttrKind::Int:
      if (isNameAttr(info, i)) {
        string(nameOf(context, *at++));
        break;
      }
      [[fallthrough]];
    case AttrKind::Bool:
    case AttrKind::Double:
    case AttrKind::DType:
      wide(*at++);
      break;
    case AttrKind::Size:
      leaf(Size{*at++}.value());
      break;
    case AttrKind::IntList:
    case AttrKind::SizeList: {
      auto count = static_cast<uint32_t>(*at++);
      word(count);
      for (uint32_t j = 0; j < count; ++j, ++at) {
        if (info.attrs[i].kind == AttrKind::SizeList)
          leaf(Size{*at}.value());
        else
          wide(*at);
      }
      break;
    }
    }
  }
}

namespace {

/// Both halves of a 128-bit product, folded.
uint64_t mix(uint64_t a, uint64_t b) {
  auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

} // namespace

Hash128 hashText(const void *data, size_t size, uint64_t seed) {
  // Two independent multiply-and-fold streams with odd 64-bit constants.
  constexpr uint64_t k0 = 0x9e3779b97f4a7c15, k1 = 0xd1b54a32d192ed03, k2 = 0x8cb92ba72f3d8dd7,
                     k3 = 0xaaaaaaaaaaaaaaab ^ k0;
  const auto *bytes = static_cast<const uint8_t *>(data);
  uint64_t a = seed ^ k0 ^ size, b = mix(seed ^ k1, size ^ k2);
  size_t left = size;
  for (; left >= 16; left -= 16, bytes += 16) {
    uint64_t x, y;
    std::memcpy(&x, bytes, 8);
    std::memcpy(&y, bytes + 8, 8);
    a = mix(a ^ x ^ k1, y ^ k2);
    b = mix(b ^ y ^ k3, x ^ k0) + a;
  }
  uint64_t x = 0, y = 0;
  std::memcpy(&x, bytes, left < 8 ? left : 8);
  if (left > 8)
    std::memcpy(&y, bytes + 8, left - 8);
  a = mix(a ^ x ^ k1, y ^ k2);
  b = mix(b ^ y ^ k3, x ^ k0) + a;
  return {mix(a ^ k3, b ^ k1), mix(b ^ k0, a ^ k2)};
}

} // namespace mlxir
