// Structures in memory, and what happens on a miss.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/Store.h"

#include "runtime/cache/Cache.h"
#include "runtime/cache/Compiler.h"
#include "runtime/cache/DiskCache.h"
#include "runtime/cache/KernelStore.h"
#include "runtime/cache/Oldest.h"
#include "runtime/cache/Storm.h"
#include "runtime/devices/Device.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <unistd.h>
#include <unordered_map>

namespace mlxir {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kMaxStructures = 8192;

/// MLXIR_DEBUG: checks in generated code. Guards are the allocator's matter.
std::string debugOptions() {
  const char *given = std::getenv("MLXIR_DEBUG");
  std::stringstream words(given ? given : "");
  std::string checks;
  for (std::string word; std::getline(words, word, ',');)
    if (word != "guards")
      checks += (checks.empty() ? "" : ",") + word;
  return checks.empty() ? "" : "debug=" + checks + "\n";
}

struct KeyHash {
  size_t operator()(const Hash128 &h) const { return h.low; }
};

struct Slot {
  std::shared_ptr<Structure> structure;
  std::string purpose;
  uint64_t used = 0;
};

struct Store {
  std::mutex mutex;
  std::unordered_multimap<Hash128, Slot, KeyHash> structures;
  uint64_t clock = 0;
  std::string options = debugOptions(); // or as the front end sets them
  std::atomic<uint64_t> hits{0}, diskHits{0}, compiles{0}, transforms{0}, generalisations{0}, nanoseconds{0};
};

Store &store() {
  static Store *const instance = new Store;
  return *instance;
}

/// The store's lock, then those of all structures: a child must find none of them taken. In one order: the map's own
/// changes as it grows.
template <typename Visit> void forEachStructure(Visit &&visit) {
  std::vector<Structure *> structures;
  for (auto &entry : store().structures)
    structures.push_back(entry.second.structure.get());
  std::sort(structures.begin(), structures.end(), std::less<>());
  for (Structure *structure : structures)
    visit(*structure);
}

const ForkHooks forkHooks(
    ForkOrder::Cache,
    [] {
      store().mutex.lock();
      forEachStructure([](Structure &s) { s.mutex.lock(); });
    },
    [] {
      forEachStructure([](Structure &s) { s.mutex.unlock(); });
      store().mutex.unlock();
    },
    [] {
      forEachStructure([](Structure &s) {
        s.isBusy = false; // whoever was busy is not in this process
        new (&s.changed) std::condition_variable;
        s.mutex.unlock();
      });
      store().mutex.unlock();
    });

/// MLXIR_DUMP: where all stages of all compilations go; what is on disk is then compiled again.
const char *dumpFolder() {
  const char *folder = std::getenv("MLXIR_DUMP");
  return folder && *folder ? folder : nullptr;
}

std::string purposeText(const CachePurpose &purpose, const std::string &options) {
  return purpose.transform + "\n" + purpose.options + "\n" + (purpose.transform.empty() ? options : "");
}

/// With the lock held: makes room by forgetting what was used longest ago.
void evictStructures(Store &s) {
  if (s.structures.size() < kMaxStructures)
    return;
  uint64_t limit = lastUseOfOldest(s.structures, 4);
  for (auto it = s.structures.begin(); it != s.structures.end();)
    it = it->second.used <= limit ? s.structures.erase(it) : std::next(it);
}

/// All of the key that is not the structure's text.
std::string environmentOf(const CachePurpose &purpose) {
  std::string text = "build=" + compilerBuildId() + "\n" + purpose.transform + "\n" + purpose.options;
  return purpose.transform.empty() ? text + hostIdentity() + compileOptions() : text;
}

/// What changes how the compiler works, but not its result.
std::string sideOptions() {
  std::string text = "threads=" + std::to_string(numThreads()) + "\n";
  if (const char *folder = dumpFolder()) {
    // A name for each compilation, or the last one would be all that is left in the folder.
    static std::atomic<unsigned> compilations{0};
    std::string name = "program_" + std::to_string(getpid()) + "_" + std::to_string(compilations.fetch_add(1));
    text += "dump=" + std::string(folder) + "\nname=" + name + "\n";
  }
  return text;
}

/// Marks a structure busy; whoever else wants it waits.
class Busy {
public:
  explicit Busy(Structure &structure) : structure(structure) {}
  ~Busy() {
    std::lock_guard<std::mutex> lock(structure.mutex);
    structure.isBusy = false;
    structure.changed.notify_all();
  }
  Busy(const Busy &) = delete;
  Busy &operator=(const Busy &) = delete;

private:
  Structure &structure;
};

void waitWhileBusy(Structure &structure, std::unique_lock<std::mutex> &lock) {
  while (structure.isBusy && !endsProcess()) {
    structure.changed.wait_for(lock, std::chrono::milliseconds(50));
    if (!structure.isBusy)
      return;
    lock.unlock();
    if (interruptRequested())
      throw Error(ErrorKind::Interrupted, "", "interrupted");
    lock.lock();
  }
}

void searchDisk(Structure &structure, const CachePurpose &purpose) {
  unsigned generalisations = 0;
  std::vector<CacheEntryRef> entries;
  if (!dumpFolder())
    entries = readDiskEntries(structure, environmentOf(purpose), generalisations);
  std::lock_guard<std::mutex> lock(structure.mutex);
  structure.entries = std::move(entries);
  structure.generalisations = generalisations;
  structure.diskSearched = true;
}

[[noreturn]] void raiseCompilerError(const CompilerResult &result, const CacheRequest &request) {
  uint32_t location = 0;
  if (result.node >= 0 && static_cast<size_t>(result.node) < request.locations.size())
    location = request.locations[static_cast<size_t>(result.node)];
  ErrorKind kind = result.status == MLXIR_ERROR_MEMORY        ? ErrorKind::Memory
                   : result.status == MLXIR_ERROR_INTERRUPTED ? ErrorKind::Interrupted
                                                              : ErrorKind::Runtime;
  std::string text = result.error.empty() ? "the compiler failed without a word" : result.error;
  throw Error(kind, request.purpose.transform, std::move(text), location);
}

/// vmap's batch size is a leaf after those of the trace.
std::string sizeOption(const LeafPattern &pattern, size_t numLeaves) {
  if (pattern.size() == numLeaves)
    return "";
  int64_t word = pattern.back();
  return std::string("size=") + (isPatternSymbol(word) ? "s" : "") + std::to_string(word >> 1) + "\n";
}

std::shared_ptr<CacheEntry> compileEntry(const CacheRequest &request, LeafPattern pattern) {
  auto entry = std::make_shared<CacheEntry>();
  std::unique_ptr<Trace> trace = generalise(*request.trace, pattern, request.leaves);
  size_t numLeaves = traceLeaves(*request.trace).size();
  CompilerCall call;
  call.transform = request.purpose.transform;
  bool isProgram = call.transform.empty();
  call.options =
      isProgram ? compileOptions() + sideOptions() : request.purpose.options + sizeOption(pattern, numLeaves);
  entry->guardSizes = trace->sizes;
  entry->guards = trace->guards;
  entry->sample = trace->sample;
  entry->pattern = std::move(pattern);
  writeTrace(*trace, call.trace);

  auto start = Clock::now();
  CompilerResult result = callCompiler(std::move(call));
  Store &s = store();
  s.nanoseconds += static_cast<uint64_t>(std::chrono::nanoseconds(Clock::now() - start).count());
  ++(isProgram ? s.compiles : s.transforms);
  if (result.status != MLXIR_OK)
    raiseCompilerError(result, request);
  if (const auto *batched = result.extra("batched"))
    entry->batched = *batched;
  entry->flat = std::move(result.data);
  std::string error;
  std::vector<int64_t> symbols;
  if (!entry->load(isProgram, error))
    throw Error(ErrorKind::Runtime, request.purpose.transform,
                "expected a valid result of the compiler, got: " + error);
  if (!entry->matches(request.leaves, symbols))
    throw Error(ErrorKind::Runtime, request.purpose.transform,
                "expected guards that hold for the sizes compiled for, got "
                "a result whose guards do not");
  return entry;
}

} // namespace

std::string compileOptions() {
  Store &s = store();
  std::string extra;
  {
    std::lock_guard<std::mutex> lock(s.mutex);
    extra = s.options;
  }
  return cpuOptions() + extra;
}

std::shared_ptr<Structure> structureOf(const CachePurpose &purpose, const std::vector<uint32_t> &text) {
  Store &s = store();
  std::lock_guard<std::mutex> lock(s.mutex);
  std::string wanted;
  bool plain = purpose.transform.empty() && s.options.empty();
  if (!plain)
    wanted = purposeText(purpose, s.options);
  uint64_t seed = plain ? 0 : hashText(wanted.data(), wanted.size()).low;
  Hash128 key = hashText(text.data(), text.size() * sizeof(uint32_t), seed);
  auto range = s.structures.equal_range(key);
  for (auto it = range.first; it != range.second; ++it) {
    Slot &slot = it->second;
    if (slot.purpose == wanted && slot.structure->text == text) {
      slot.used = ++s.clock;
      return slot.structure;
    }
  }
  evictStructures(s);
  auto made = std::make_shared<Structure>();
  made->text = text;
  made->key = key;
  made->isProgram = purpose.transform.empty();
  s.structures.emplace(key, Slot{made, wanted, ++s.clock});
  return made;
}

CacheMatch findInMemory(Structure &structure, const std::vector<int64_t> &leaves) {
  CacheMatch match;
  std::lock_guard<std::mutex> lock(structure.mutex);
  match.entry = structure.find(leaves, match.symbols);
  if (match)
    store().hits.fetch_add(1, std::memory_order_relaxed);
  return match;
}

CacheMatch obtain(Structure &structure, const CacheRequest &request) {
  CacheMatch match;
  bool fromDisk = false;
  LeafPattern pattern;
  for (;;) {
    std::unique_lock<std::mutex> lock(structure.mutex);
    waitWhileBusy(structure, lock);
    match.entry = structure.find(request.leaves, match.symbols);
    if (match && (request.sizes != SizeMode::Static || match.symbols.empty())) {
      ++(fromDisk ? store().diskHits : store().hits);
      return match;
    }
    structure.isBusy = true;
    if (structure.diskSearched) {
      bool isTransform = !request.purpose.transform.empty(), isStatic = request.sizes == SizeMode::Static;
      pattern = isTransform || request.sizes == SizeMode::Dynamic ? freePattern(request.leaves)
                : isStatic ? nextPattern({}, request.leaves, 0)
                           : nextPattern(structure.entries, request.leaves, structure.generalisations);
      if (!structure.entries.empty() && !isStatic) {
        ++structure.generalisations;
        ++store().generalisations;
      }
      break;
    }
    lock.unlock();
    Busy busy(structure);
    searchDisk(structure, request.purpose);
    fromDisk = true;
  }

  std::vector<CacheEntryRef> entries;
  unsigned generalisations;
  {
    Busy busy(structure);
    std::shared_ptr<CacheEntry> entry = compileEntry(request, pattern);
    std::lock_guard<std::mutex> lock(structure.mutex);
    structure.entries.insert(structure.entries.begin(), entry);
    entries = structure.entries;
    generalisations = structure.generalisations;
    match.entry = structure.find(request.leaves, match.symbols);
  }
  writeDiskEntries(structure, environmentOf(request.purpose), entries, generalisations);
  noteCompile(*request.trace, request.locations);
  return match;
}

CacheInfo cacheInfo() {
  Store &s = store();
  CacheInfo info;
  DiskInfo d = diskInfo();
  KernelInfo k = kernelInfo();
  info.kernels = k.kernels;
  info.kernelHits = k.hits;
  info.kernelDiskHits = k.diskHits;
  info.kernelCompiles = k.compiles;
  info.directory = d.directory;
  info.diskWrites = d.writes;
  info.diskErrors = d.errors;
  info.diskBytes = d.bytes;
  info.buildId = compilerBuildId();
  info.compilerLoaded = compilerIsLoaded();
  info.hits = s.hits;
  info.diskHits = s.diskHits;
  info.compiles = s.compiles + s.transforms;
  info.transforms = s.transforms;
  info.generalisations = s.generalisations;
  info.compileSeconds = static_cast<double>(s.nanoseconds.load()) * 1e-9;
  std::lock_guard<std::mutex> lock(s.mutex);
  info.structures = s.structures.size();
  for (const auto &entry : s.structures) {
    std::lock_guard<std::mutex> inner(entry.second.structure->mutex);
    if (entry.second.structure->isProgram)
      info.programs += entry.second.structure->entries.size();
  }
  return info;
}

void clearCache(bool disk) {
  if (disk)
    clearDisk();
  clearKernels();
  Store &s = store();
  std::unordered_multimap<Hash128, Slot, KeyHash> old;
  std::lock_guard<std::mutex> lock(s.mutex);
  old.swap(s.structures);
}

void setCompileOptions(const std::string &options) {
  Store &s = store();
  std::lock_guard<std::mutex> lock(s.mutex);
  s.options = options;
  if (!options.empty() && options.back() != '\n')
    s.options += '\n';
}

std::vector<std::pair<std::string, std::string>> compileStages(const std::vector<uint8_t> &trace,
                                                               const std::string &stages, const std::string &name) {
  CompilerCall call;
  call.trace = trace;
  call.options = compileOptions() + "stages=" + stages + "\n";
  if (!name.empty())
    call.options += "name=" + name + "\n";
  CompilerResult result = callCompiler(std::move(call));
  if (result.status != MLXIR_OK)
    throw Error(ErrorKind::Runtime, "lower", result.error);
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto &[what, data] : result.extras)
    if (what == "stats" || what.compare(0, 6, "stage:") == 0)
      texts.emplace_back(what == "stats" ? what : what.substr(6), std::string(data.begin(), data.end()));
  return texts;
}

void loadCompiler() { loadCompilerLibrary(); }

} // namespace mlxir
