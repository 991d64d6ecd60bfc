// Files of the disk cache: unique temporary name, fsync, rename; eviction in the background.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/DiskCache.h"

#include "runtime/cache/DiskForm.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <mutex>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace mlxir {
namespace {

constexpr uint64_t kMaxBytes = uint64_t(1) << 30;
constexpr uint64_t kEvictTo = kMaxBytes / 10 * 8;
constexpr uint64_t kEvictEvery = uint64_t(64) << 20; // bytes written between looks at the folder
constexpr off_t kMaxFile = off_t(256) << 20;
constexpr char kSuffix[] = ".mlxc";

struct Disk {
  std::mutex mutex;
  bool resolved = false, warned = false;
  std::string directory; // with a slash, "" if off
  uint64_t writes = 0, errors = 0;
  uint64_t sinceEviction = kEvictEvery; // the first write looks
  std::atomic<bool> evicting{false};
};

Disk &disk() {
  static Disk *const instance = new Disk;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Disk, [] { return &disk().mutex; });
const ForkHooks forkHooks(ForkOrder::Disk, nullptr, nullptr, [] { disk().evicting = false; });

/// A file descriptor that closes itself.
struct File {
  int fd;
  explicit File(int fd) : fd(fd) {}
  ~File() {
    if (fd >= 0)
      ::close(fd);
  }
  File(const File &) = delete;
  File &operator=(const File &) = delete;
};

bool makeFolders(const std::string &path) {
  for (size_t at = 1; at != std::string::npos;) {
    at = path.find('/', at);
    std::string part = path.substr(0, at);
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST && errno != EROFS)
      return false;
    if (at != std::string::npos)
      ++at;
  }
  return true;
}

std::string configuredDirectory() {
  const char *mode = std::getenv("MLXIR_CACHE");
  if (mode && std::strcmp(mode, "off") == 0)
    return "";
  const char *set = std::getenv("MLXIR_CACHE_DIR");
  const char *home = std::getenv("HOME");
  std::string path = set && *set ? set : home && *home ? std::string(home) + "/.cache/mlxir" : "";
  while (path.size() > 1 && path.back() == '/')
    path.pop_back();
  return path.empty() ? "" : path + "/";
}

std::string directory() {
  Disk &d = disk();
  std::lock_guard<std::mutex> lock(d.mutex);
  if (!d.resolved)
    d.directory = configuredDirectory();
  d.resolved = true;
  return d.directory;
}

Hash128 hashOf(const Structure &structure, const std::string &environment) {
  Hash128 h = hashText(environment.data(), environment.size(), structure.key.low ^ structure.key.high);
  uint64_t parts[4] = {structure.key.high, structure.key.low, h.high, h.low};
  return hashText(parts, sizeof parts);
}

std::string fileName(const Hash128 &hash) {
  constexpr char digits[] = "0123456789abcdef";
  std::string name;
  for (uint64_t half : {hash.high, hash.low})
    for (int shift = 60; shift >= 0; shift -= 4)
      name += digits[half >> shift & 15];
  return name + kSuffix;
}

void countError() {
  Disk &d = disk();
  std::lock_guard<std::mutex> lock(d.mutex);
  ++d.errors;
}

/// The first failure is told; the cache then goes on trying in silence.
void writeFailed(const char *step) {
  std::string reason = std::strerror(errno);
  Disk &d = disk();
  std::string text;
  {
    std::lock_guard<std::mutex> lock(d.mutex);
    ++d.errors;
    if (d.warned)
      return;
    d.warned = true;
    text = "the cache folder " + d.directory + " cannot be used (" + step + ": " + reason +
           "); compiled programs are not kept";
  }
  warn(text.c_str());
}

/// Only what this user wrote may be executed.
bool isTrusted(const struct stat &s) {
  return S_ISREG(s.st_mode) && (s.st_uid == geteuid() || s.st_uid == 0) && !(s.st_mode & (S_IWGRP | S_IWOTH));
}

bool readAll(const std::string &path, std::vector<uint8_t> &bytes) {
  File file(fault("open") ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat s;
  if (file.fd < 0 || fstat(file.fd, &s) != 0 || !isTrusted(s) || s.st_size > kMaxFile)
    return false;
  bytes.resize(static_cast<size_t>(s.st_size));
  size_t at = 0;
  while (at < bytes.size()) {
    ssize_t n = fault("read") ? -1 : ::read(file.fd, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    at += static_cast<size_t>(n);
  }
  // Read last is evicted last.
  futimens(file.fd, nullptr);
  return true;
}

/// A fault point that fails as a system call does.
bool failsAs(const char *point, int error) {
  if (!fault(point))
    return false;
  errno = error;
  return true;
}

/// Null on success, otherwise the step that failed, with errno set.
const char *writeAll(const std::string &path, const std::vector<uint8_t> &bytes, Durable durable) {
  File file(failsAs("open", EACCES) ? -1 : ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.fd < 0)
    return "open";
  for (size_t at = 0; at < bytes.size();) {
    ssize_t n = failsAs("write", ENOSPC) ? -1 : ::write(file.fd, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return "write";
    at += static_cast<size_t>(n);
  }
  if (durable == Durable::Soon)
    return nullptr;
  if (failsAs("sync", EIO) || fsync(file.fd) != 0)
    return "fsync";
  return nullptr;
}

struct Found {
  std::string name;
  uint64_t bytes;
  timespec used;
};

/// Entries of the folder; unknown names are left alone, temporary files of an hour ago are debris.
std::vector<Found> listEntries(const std::string &folder, bool removeDebris) {
  std::vector<Found> found;
  DIR *dir = opendir(folder.c_str());
  if (!dir)
    return found;
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  while (const dirent *entry = readdir(dir)) {
    std::string name = entry->d_name;
    size_t suffix = name.rfind(kSuffix);
    bool isEntry = suffix == 32 && name.size() == suffix + sizeof kSuffix - 1;
    bool isTemporary = name.compare(0, 8, "tmp-mlxc") == 0;
    struct stat s;
    if ((!isEntry && !isTemporary) || fstatat(dirfd(dir), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    if (isEntry)
      found.push_back({name, static_cast<uint64_t>(s.st_size), s.st_mtim});
    else if (removeDebris && s.st_mtim.tv_sec + 3600 < now.tv_sec)
      unlinkat(dirfd(dir), name.c_str(), 0);
  }
  closedir(dir);
  return found;
}

void evict(const std::string &folder) {
  std::vector<Found> entries = listEntries(folder, true);
  uint64_t total = 0;
  for (const Found &f : entries)
    total += f.bytes;
  if (total > kMaxBytes) {
    std::sort(entries.begin(), entries.end(), [](const Found &a, const Found &b) {
      return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec : a.used.tv_nsec < b.used.tv_nsec;
    });
    for (const Found &f : entries) {
      if (total <= kEvictTo)
        break;
      if (unlink((folder + f.name).c_str()) == 0)
        total -= f.bytes;
    }
  }
  disk().evicting = false;
}

/// Now and then, on a thread of its own: never in the way of a write.
void considerEviction(uint64_t written, const std::string &folder) {
  Disk &d = disk();
  {
    std::lock_guard<std::mutex> lock(d.mutex);
    d.sinceEviction += written;
    if (d.sinceEviction < kEvictEvery || d.evicting.exchange(true))
      return;
    d.sinceEviction = 0;
  }
  try {
    std::thread(evict, folder).detach();
  } catch (const std::system_error &) {
    d.evicting = false;
  }
}

std::string temporaryName() {
  static std::atomic<unsigned> counter{0};
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return "tmp-mlxc-" + std::to_string(getpid()) + "-" + std::to_string(counter.fetch_add(1)) + "-" +
         std::to_string(now.tv_nsec);
}

} // namespace

std::vector<CacheEntryRef> readDiskEntries(const Structure &structure, const std::string &environment,
                                           unsigned &generalisations) {
  Hash128 name = hashOf(structure, environment);
  std::vector<uint8_t> bytes;
  if (!readDiskFile(name, bytes))
    return {};
  DiskForm form;
  std::string error;
  bool good = readDiskForm(bytes.data(), bytes.size(), form, error);
  std::vector<CacheEntryRef> entries;
  if (good && (form.environment != environment || form.text != structure.text || form.isProgram != structure.isProgram))
    return {}; // another structure with the same hash: left alone
  for (const auto &entry : form.entries) {
    good = good && entry->load(structure.isProgram, error);
    if (good)
      entries.push_back(entry);
  }
  if (good) {
    generalisations = form.generalisations;
    return entries;
  }
  dropDiskFile(name);
  return {};
}

void writeDiskEntries(const Structure &structure, const std::string &environment,
                      const std::vector<CacheEntryRef> &entries, unsigned generalisations) {
  if (directory().empty())
    return;
  DiskForm form;
  form.environment = environment;
  form.isProgram = structure.isProgram;
  form.text = structure.text;
  form.generalisations = generalisations;
  for (const CacheEntryRef &entry : entries)
    form.entries.push_back(std::const_pointer_cast<CacheEntry>(entry));
  std::vector<uint8_t> bytes;
  writeDiskForm(form, bytes);
  writeDiskFile(hashOf(structure, environment), bytes, Durable::Now);
}

bool readDiskFile(const Hash128 &name, std::vector<uint8_t> &bytes) {
  std::string folder = directory();
  return !folder.empty() && readAll(folder + fileName(name), bytes);
}

void dropDiskFile(const Hash128 &name) {
  countError();
  unlink((directory() + fileName(name)).c_str());
}

void writeDiskFile(const Hash128 &name, const std::vector<uint8_t> &bytes, Durable durable) {
  std::string folder = directory();
  if (folder.empty())
    return;
  if (!makeFolders(folder)) {
    writeFailed("mkdir");
    return;
  }
  std::string temporary = folder + temporaryName();
  const char *failed = writeAll(temporary, bytes, durable);
  if (!failed) {
    std::string path = folder + fileName(name);
    if (failsAs("rename", EACCES) || rename(temporary.c_str(), path.c_str()) != 0)
      failed = "rename";
  }
  if (failed) {
    int reason = errno;
    unlink(temporary.c_str());
    errno = reason;
    writeFailed(failed);
    return;
  }
  {
    Disk &d = disk();
    std::lock_guard<std::mutex> lock(d.mutex);
    ++d.writes;
  }
  considerEviction(bytes.size(), folder);
}

DiskInfo diskInfo() {
  DiskInfo info;
  info.directory = directory();
  if (!info.directory.empty())
    for (const Found &f : listEntries(info.directory, false))
      info.bytes += f.bytes;
  Disk &d = disk();
  std::lock_guard<std::mutex> lock(d.mutex);
  info.writes = d.writes;
  info.errors = d.errors;
  return info;
}

void clearDisk() {
  std::string folder = directory();
  if (folder.empty())
    return;
  for (const Found &f : listEntries(folder, true))
    unlink((folder + f.name).c_str());
}

bool checkDiskEntry(const uint8_t *data, size_t size, std::string &error) {
  DiskForm form;
  return readDiskForm(data, size, form, error);
}

} // namespace mlxir
