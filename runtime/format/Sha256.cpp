// SHA-256 as FIPS 180-4 states it, in plain C++: the forms it guards are small beside what they describe.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/format/Sha256.h"

#include <algorithm>
#include <cstring>

namespace mlxir {
namespace {

/// First 32 bits of the fractional parts of the cube roots of the first 64 primes.
constexpr uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t rotate(uint32_t x, unsigned n) { return (x >> n) | (x << (32 - n)); }

uint32_t bigEndian(const uint8_t *p) {
  return uint32_t(p[0]) << 24 | uint32_t(p[1]) << 16 | uint32_t(p[2]) << 8 | uint32_t(p[3]);
}

} // namespace

Sha256::Sha256()
    : state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, pending{} {
}

void Sha256::compress(const uint8_t *block) {
  uint32_t w[64];
  for (unsigned t = 0; t < 16; ++t)
    w[t] = bigEndian(block + 4 * t);
  for (unsigned t = 16; t < 64; ++t) {
    uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >> 3);
    uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  std::array<uint32_t, 8> v = state;
  for (unsigned t = 0; t < 64; ++t) {
    uint32_t sum1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
    uint32_t choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
    uint32_t t1 = v[7] + sum1 + choose + kRound[t] + w[t];
    uint32_t sum0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
    uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    v = {t1 + sum0 + majority, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
  }
  for (unsigned i = 0; i < 8; ++i)
    state[i] += v[i];
}

Sha256 &Sha256::update(const void *data, size_t size) {
  if (size == 0)
    return *this;
  auto *bytes = static_cast<const uint8_t *>(data);
  size_t held = length % 64;
  length += size;
  if (held) {
    size_t part = std::min(size, 64 - held);
    std::memcpy(pending.data() + held, bytes, part);
    bytes += part;
    size -= part;
    if (held + part < 64)
      return *this;
    compress(pending.data());
  }
  for (; size >= 64; bytes += 64, size -= 64)
    compress(bytes);
  if (size)
    std::memcpy(pending.data(), bytes, size);
  return *this;
}

Sha256::Digest Sha256::finish() {
  uint64_t bits = length * 8;
  const uint8_t padding[64] = {0x80};
  update(padding, 1 + (119 - length % 64) % 64);
  uint8_t tail[8];
  for (unsigned i = 0; i < 8; ++i)
    tail[i] = static_cast<uint8_t>(bits >> (56 - 8 * i));
  update(tail, 8);
  Digest digest;
  for (unsigned i = 0; i < 32; ++i)
    digest[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  return digest;
}

} // namespace mlxir
