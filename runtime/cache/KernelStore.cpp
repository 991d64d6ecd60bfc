// A map from hash to key and bytes; what was used longest ago goes first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/KernelStore.h"

#include "runtime/cache/Compiler.h"
#include "runtime/cache/DiskCache.h"
#include "runtime/cache/Oldest.h"
#include "runtime/format/Container.h"
#include "runtime/format/Writer.h"
#include "runtime/record/Structure.h"
#include "runtime/support/Fork.h"

#include <mutex>
#include <unordered_map>

namespace mlxir {
namespace {

constexpr size_t kMaxBytes = size_t(64) << 20;
constexpr FormId kKernelFile = {kCacheMagic, 1, 0};

struct Entry {
  std::string key;
  std::vector<uint8_t> bytes;
  uint64_t used = 0;
  size_t size() const { return key.size() + bytes.size(); }
};

struct HashOf {
  size_t operator()(const Hash128 &h) const { return h.low; }
};

struct Kernels {
  std::mutex mutex;
  std::unordered_map<Hash128, Entry, HashOf> entries;
  size_t bytes = 0;
  uint64_t clock = 0;
  KernelInfo info;
};

Kernels &kernels() {
  static Kernels *const instance = new Kernels;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Kernels, [] { return &kernels().mutex; });

/// With the lock held: forgets the half that was used longest ago.
void evictKernels(Kernels &k) {
  uint64_t limit = lastUseOfOldest(k.entries, 2);
  for (auto it = k.entries.begin(); it != k.entries.end();) {
    bool goes = it->second.used <= limit;
    k.bytes -= goes ? it->second.size() : 0;
    it = goes ? k.entries.erase(it) : std::next(it);
  }
}

void remember(const Hash128 &hash, const std::string &key, const std::vector<uint8_t> &bytes) {
  Kernels &k = kernels();
  std::lock_guard<std::mutex> lock(k.mutex);
  Entry &entry = k.entries[hash];
  k.bytes -= entry.size();
  entry = {key, bytes, ++k.clock};
  k.bytes += entry.size();
  if (k.bytes > kMaxBytes)
    evictKernels(k);
}

std::string fullKey(const std::string &key) { return "kernel\nbuild=" + compilerBuildId() + "\n" + key; }

/// False if the file is no kernel; `isOurs` is false too if it is that of another key.
bool readKernelFile(const std::vector<uint8_t> &file, const std::string &key, std::vector<uint8_t> &bytes,
                    bool &isOurs) {
  Reader reader;
  std::string error;
  if (!openContainer(kKernelFile, file.data(), file.size(), reader, error))
    return false;
  isOurs = reader.string() == key;
  bytes = reader.blob(reader.count(1));
  reader.finish();
  return reader.ok();
}

} // namespace

bool findKernel(const std::string &shortKey, std::vector<uint8_t> &bytes) {
  std::string key = fullKey(shortKey);
  Hash128 hash = hashText(key.data(), key.size());
  Kernels &k = kernels();
  {
    std::lock_guard<std::mutex> lock(k.mutex);
    auto found = k.entries.find(hash);
    if (found != k.entries.end() && found->second.key == key) {
      found->second.used = ++k.clock;
      ++k.info.hits;
      bytes = found->second.bytes;
      return true;
    }
  }
  std::vector<uint8_t> file;
  bool isOurs = false;
  if (!readDiskFile(hash, file))
    return false;
  if (!readKernelFile(file, key, bytes, isOurs)) {
    dropDiskFile(hash);
    return false;
  }
  if (!isOurs)
    return false;
  remember(hash, key, bytes);
  std::lock_guard<std::mutex> lock(k.mutex);
  ++k.info.diskHits;
  return true;
}

void keepKernel(const std::string &shortKey, const std::vector<uint8_t> &bytes) {
  std::string key = fullKey(shortKey);
  Hash128 hash = hashText(key.data(), key.size());
  remember(hash, key, bytes);
  {
    std::lock_guard<std::mutex> lock(kernels().mutex);
    ++kernels().info.compiles;
  }
  std::vector<uint8_t> payload, file;
  Writer writer(payload);
  writer.string(key);
  writer.count(bytes.size());
  writer.bytes(bytes.data(), bytes.size());
  writeContainer(kKernelFile, payload, file);
  writeDiskFile(hash, file, Durable::Soon); // there are many, and each can be made again
}

KernelInfo kernelInfo() {
  Kernels &k = kernels();
  std::lock_guard<std::mutex> lock(k.mutex);
  KernelInfo info = k.info;
  info.kernels = k.entries.size();
  return info;
}

void clearKernels() {
  Kernels &k = kernels();
  std::lock_guard<std::mutex> lock(k.mutex);
  k.entries.clear();
  k.bytes = 0;
}

} // namespace mlxir
