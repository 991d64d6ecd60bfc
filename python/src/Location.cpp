// The user's file and line, cheaply: an id stands for a code object and an offset into it, and becomes a line only
// when somebody asks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/Call.h"

#include "runtime/support/Fork.h"
#include "runtime/support/Location.h"

#include <mutex>
#include <unordered_map>
#include <vector>

namespace mlxir::py {
namespace {

struct Site {
  PyCodeObject *code; // kept alive: ids are never taken back
  int offset;
};

struct SiteKey {
  PyCodeObject *code;
  int offset;
  bool operator==(const SiteKey &o) const { return code == o.code && offset == o.offset; }
};
struct SiteHash {
  size_t operator()(const SiteKey &key) const { return (reinterpret_cast<uintptr_t>(key.code) >> 4) * 31 + key.offset; }
};

/// Ids of frames of this package, which are looked through.
constexpr uint32_t kInternal = 0xffffffffu;
/// Programs that make code without end get no further locations.
constexpr size_t kMostSites = 1u << 20;

std::string packageFolder;
std::mutex sitesLock; // guards `sites`; everything else is under the GIL
const ForkLock forkLock(ForkOrder::Sites, [] { return &sitesLock; });
std::vector<Site> sites;
std::unordered_map<SiteKey, uint32_t, SiteHash> idOfSite;
std::unordered_map<PyCodeObject *, bool> isInternal;

struct CacheLine {
  PyCodeObject *code = nullptr;
  int offset = -1;
  uint32_t id = 0;
};
constexpr size_t kCacheLines = 1024;
CacheLine recent[kCacheLines];

bool belongsToPackage(PyCodeObject *code) {
  auto [entry, isNew] = isInternal.try_emplace(code, false);
  if (isNew) {
    Py_INCREF(code); // its address must not be used again
    const char *file = PyUnicode_AsUTF8(code->co_filename);
    entry->second = file && std::string_view(file).substr(0, packageFolder.size()) == packageFolder;
    PyErr_Clear();
  }
  return entry->second;
}

uint32_t internSite(PyCodeObject *code, int offset) {
  if (isInternal.size() >= kMostSites)
    return 0;
  if (belongsToPackage(code))
    return kInternal;
  std::lock_guard<std::mutex> guard(sitesLock);
  if (sites.size() >= kMostSites)
    return 0;
  auto [entry, isNew] = idOfSite.try_emplace({code, offset}, sites.size() + 1);
  if (isNew)
    sites.push_back({code, offset});
  return entry->second;
}

uint32_t siteOf(PyFrameObject *frame) {
  PyCodeObject *code = PyFrame_GetCode(frame);
  Py_DECREF(code); // the frame holds it
  int offset = PyFrame_GetLasti(frame);
  CacheLine &line = recent[SiteHash()({code, offset}) % kCacheLines];
  if (line.code != code || line.offset != offset)
    line = {code, offset, internSite(code, offset)};
  return line.id;
}

bool resolve(uint32_t id, Location &location) {
  Site site;
  {
    std::lock_guard<std::mutex> guard(sitesLock);
    if (id == 0 || id > sites.size())
      return false;
    site = sites[id - 1];
  }
  // Both only read what never changes: the line table, and the name as a string that was encoded when it was interned.
  const char *file = PyUnicode_AsUTF8(site.code->co_filename);
  int line = PyCode_Addr2Line(site.code, site.offset);
  if (!file || line < 0)
    return false;
  location = {file, static_cast<uint32_t>(line)};
  return true;
}

} // namespace

uint32_t callerLocation() {
  PyFrameObject *frame = PyEval_GetFrame();
  if (!frame)
    return 0;
  uint32_t id = siteOf(frame);
  if (id != kInternal)
    return id;
  Py_INCREF(frame);
  while (id == kInternal) {
    PyFrameObject *caller = PyFrame_GetBack(frame);
    Py_DECREF(frame);
    if (!caller)
      return 0;
    frame = caller;
    id = siteOf(frame);
  }
  Py_DECREF(frame);
  return id;
}

void installLocations(const char *folder) {
  packageFolder = folder;
  setLocationResolver(resolve);
}

} // namespace mlxir::py
