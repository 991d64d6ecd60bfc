// Writes and checks the header of a flat form. The hash covers the header's other fields too, so that no bit of a
// form can change unseen.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/format/Container.h"

#include "runtime/format/Sha256.h"
#include "runtime/format/Writer.h"

namespace mlxir {
namespace {

constexpr size_t kMagicSize = 8;
constexpr size_t kHashOffset = 32; // behind magic, version, flags, payload size, op-table hash
constexpr size_t kHashSize = 16;
constexpr uint32_t kMustUnderstand = 0xffff0000u;

/// Of everything but the hash field itself.
Sha256::Digest hashOf(const uint8_t *header, const uint8_t *payload, size_t size) {
  return Sha256().update(header, kHashOffset).update(payload, size).finish();
}

} // namespace

void writeContainer(const FormId &form, const std::vector<uint8_t> &payload, std::vector<uint8_t> &out) {
  size_t begin = out.size();
  Writer writer(out);
  writer.bytes(form.magic, kMagicSize);
  writer.u32(form.version);
  writer.u32(0);
  writer.u64(payload.size());
  writer.u64(form.opTable);
  Sha256::Digest hash = hashOf(out.data() + begin, payload.data(), payload.size());
  writer.bytes(hash.data(), kHashSize);
  writer.bytes(payload.data(), payload.size());
}

bool openContainer(const FormId &form, const uint8_t *data, size_t size, Reader &payload, std::string &error) {
  Reader reader(data, size);
  const uint8_t *header = reader.take(kHashOffset);
  const uint8_t *hash = reader.take(kHashSize);
  if (!header || !hash) {
    error = "truncated header: expected 48 bytes, got " + std::to_string(size);
    return false;
  }
  Reader fields(header, kHashOffset);
  if (std::memcmp(fields.take(kMagicSize), form.magic, kMagicSize) != 0) {
    error = std::string("expected a form that starts with ") + form.magic;
    return false;
  }
  uint32_t foundVersion = fields.u32(), flags = fields.u32();
  uint64_t payloadSize = fields.u64(), table = fields.u64();
  const uint8_t *begin = reader.take(reader.remaining());
  if (foundVersion != form.version)
    error = "expected version " + std::to_string(form.version) + ", got " + std::to_string(foundVersion);
  else if (flags & kMustUnderstand)
    error = "flags that this build does not know";
  else if (table != form.opTable)
    error = "made with another op table";
  else if (payloadSize != size - kContainerHeaderSize)
    error = "expected " + std::to_string(payloadSize) + " payload bytes, got " +
            std::to_string(size - kContainerHeaderSize);
  else if (std::memcmp(hashOf(header, begin, payloadSize).data(), hash, kHashSize) != 0)
    error = "the content does not match its hash";
  else {
    payload = Reader(begin, payloadSize);
    return true;
  }
  error = std::string(form.magic) + ": " + error;
  return false;
}

} // namespace mlxir
