// Writes and reads disk-cache entries through the one bounds-checked cursor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/DiskForm.h"

#include "runtime/format/Container.h"
#include "runtime/format/SizeForm.h"

namespace mlxir {
namespace {

constexpr uint32_t kVersion = 1;

FormId cacheForm() { return {kCacheMagic, kVersion, opTableHash()}; }

void writeBytes(Writer &writer, const std::vector<uint8_t> &bytes) {
  writer.count(bytes.size());
  writer.bytes(bytes.data(), bytes.size());
}

void writeEntry(Writer &writer, const CacheEntry &entry) {
  writer.words(entry.pattern);
  writer.words(entry.sample);
  writeSizes(writer, entry.guardSizes);
  writeGuards(writer, entry.guards);
  writeBytes(writer, entry.batched);
  writeBytes(writer, entry.flat);
}

std::shared_ptr<CacheEntry> readEntry(Reader &reader) {
  auto entry = std::make_shared<CacheEntry>();
  entry->pattern = reader.words();
  entry->sample = reader.words();
  auto numSymbols = static_cast<uint32_t>(entry->sample.size());
  for (int64_t word : entry->pattern)
    if (isPatternSymbol(word))
      reader.require(word >= 0 && (word >> 1) < int64_t(numSymbols), "unknown symbol in a pattern");
  entry->guardSizes = readSizes(reader, numSymbols);
  entry->guards = readGuards(reader, entry->guardSizes.nodes().size());
  entry->batched = reader.blob(reader.count(1));
  entry->flat = reader.blob(reader.count(1));
  return entry;
}

} // namespace

void writeDiskForm(const DiskForm &form, std::vector<uint8_t> &out) {
  std::vector<uint8_t> payload;
  Writer writer(payload);
  writer.string(form.environment);
  writer.u8(form.isProgram);
  writer.count(form.text.size());
  for (uint32_t word : form.text)
    writer.u32(word);
  writer.u32(form.generalisations);
  writer.count(form.entries.size());
  for (const auto &entry : form.entries)
    writeEntry(writer, *entry);
  writeContainer(cacheForm(), payload, out);
}

bool readDiskForm(const uint8_t *data, size_t size, DiskForm &form, std::string &error) {
  Reader reader;
  if (!openContainer(cacheForm(), data, size, reader, error))
    return false;
  form.environment = reader.string();
  form.isProgram = reader.boolean();
  form.text.resize(reader.count(4));
  for (uint32_t &word : form.text)
    word = reader.u32();
  form.generalisations = reader.u32();
  uint32_t count = reader.count(24);
  for (uint32_t i = 0; i < count && reader.ok(); ++i)
    form.entries.push_back(readEntry(reader));
  reader.finish();
  error = reader.error();
  return reader.ok();
}

} // namespace mlxir
