// The disk cache: what is kept comes back, what is damaged or foreign is rebuilt, what cannot be written is done
// without. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/Cache.h"
#include "runtime/cache/DiskCache.h"
#include "runtime/eval/Eval.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Interrupt.h"
#include "test/c/Check.h"
#include "test/c/FakeCompiler.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlxir;

static std::string folder;
static int warnings = 0;
static std::string lastWarning;

static std::vector<std::string> filesOf(const std::string &path) {
  std::vector<std::string> names;
  if (DIR *dir = opendir(path.c_str())) {
    while (const dirent *entry = readdir(dir))
      if (entry->d_name[0] != '.')
        names.push_back(path + "/" + entry->d_name);
    closedir(dir);
  }
  return names;
}

static std::vector<uint8_t> readFile(const std::string &path) {
  std::vector<uint8_t> bytes;
  if (FILE *file = std::fopen(path.c_str(), "rb")) {
    for (int c; (c = std::fgetc(file)) != EOF;)
      bytes.push_back(static_cast<uint8_t>(c));
    std::fclose(file);
  }
  return bytes;
}

static void writeFile(const std::string &path, const std::vector<uint8_t> &bytes) {
  FILE *file = std::fopen(path.c_str(), "wb");
  CHECK(file && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size());
  std::fclose(file);
}

static Value ones(int64_t n) {
  BufferRef buffer = Buffer::allocate(static_cast<size_t>(n) * 4);
  for (int64_t i = 0; i < n; ++i)
    static_cast<float *>(buffer->data())[i] = 1;
  return makeBufferLeaf(buffer, DType::Float32, {n});
}

/// 3.5 * n, from a structure with `extra` additions of nothing.
static float compute(int64_t n, int extra = 0) {
  Value v = apply(Op::Multiply, {ones(n), Scalar::of(3.5)});
  for (int i = 0; i < extra; ++i)
    v = apply(Op::Add, {v, Scalar::of(0.0)});
  v = record(Op::Sum, {v}, Attrs().integers({0}));
  return *static_cast<float *>(materialize(v)->data());
}

static void testComesBack() {
  int before = fake::compiles;
  CHECK(compute(10) == 35 && fake::compiles == before + 1 && filesOf(folder).size() == 1);
  clearCache(false);
  CHECK(compute(10) == 35 && fake::compiles == before + 1 && cacheInfo().diskHits == 1);
  CHECK(compute(12) == 42 && fake::compiles == before + 2); // generalised, and kept so
  clearCache(false);
  CHECK(compute(77) == 269.5f && fake::compiles == before + 2);
  CHECK(cacheInfo().diskBytes > 0 && cacheInfo().directory == folder + "/");
}

static void testEveryBit() {
  std::vector<uint8_t> good = readFile(filesOf(folder)[0]);
  std::string error;
  CHECK(checkDiskEntry(good.data(), good.size(), error));
  size_t accepted = 0;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    good[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    accepted += checkDiskEntry(good.data(), good.size(), error);
    good[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
  }
  for (size_t size = 0; size < good.size(); ++size)
    accepted += checkDiskEntry(good.data(), size, error);
  CHECK(accepted == 0);
}

static void testDamage() {
  std::string path = filesOf(folder)[0];
  std::vector<uint8_t> good = readFile(path);
  for (size_t at : {size_t(0), size_t(20), size_t(50), good.size() / 2, good.size() - 1}) {
    std::vector<uint8_t> bad = good;
    bad[at] ^= 4;
    writeFile(path, bad);
    clearCache(false);
    int before = fake::compiles;
    CHECK(compute(10) == 35 && fake::compiles == before + 1);
    clearCache(false);
    CHECK(compute(10) == 35 && fake::compiles == before + 1); // written again
  }
  writeFile(path, {});
  clearCache(false);
  CHECK(compute(10) == 35);
  writeFile(path, std::vector<uint8_t>(good.begin(), good.begin() + 100));
  clearCache(false);
  CHECK(compute(10) == 35 && warnings == 0);
}

static void testForeign() {
  std::string path = filesOf(folder)[0];
  clearCache(false);
  int before = fake::compiles;
  chmod(path.c_str(), 0666); // others may have written it
  CHECK(compute(10) == 35 && fake::compiles == before + 1);
  clearCache(false);
  CHECK(compute(10) == 35 && fake::compiles == before + 1);

  // Another compiler, other options: other files.
  clearCache(false);
  const CompilerEntryPoints calls = {fake::transform, fake::compile};
  setCompilerForTests(&calls, "fake-2");
  CHECK(compute(10) == 35 && fake::compiles == before + 2 && filesOf(folder).size() == 2);
  setCompileOptions("debug=nans");
  CHECK(compute(10) == 35 && fake::compiles == before + 3 && filesOf(folder).size() == 3);
  setCompileOptions("");
  fake::install();
}

static void testWriteFails() {
  for (const char *point : {"open:1+", "write:1", "write:1+", "sync:1", "rename:1"}) {
    clearCache(true);
    size_t files = filesOf(folder).size();
    setFaults(point);
    CHECK(compute(10, 1) == 35);
    setFaults(nullptr);
    CHECK(filesOf(folder).size() == files); // nothing half-written is left
    clearCache(false);
    CHECK(compute(10, 1) == 35 && filesOf(folder).size() == files + 1);
  }
  CHECK(warnings == 1 && lastWarning.find(folder) != std::string::npos);
  for (const char *point : {"read:1", "open:1"}) {
    clearCache(false);
    setFaults(point);
    CHECK(compute(10, 1) == 35);
    setFaults(nullptr);
  }
}

/// Runs in a child, so that the folder is looked up afresh.
template <typename F> static void inChild(F &&f) {
  pid_t child = fork();
  if (child == 0) {
    f();
    _exit(check::failures ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void testConcurrent() {
  clearCache(true);
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    pid_t child = fork();
    if (child == 0) {
      for (int round = 0; round < 20; ++round) {
        clearCache(false);
        for (int extra = 0; extra < 4; ++extra)
          CHECK(compute(5 + (round + i) % 7, extra) == 3.5f * static_cast<float>(5 + (round + i) % 7));
      }
      _exit(check::failures ? 1 : 0);
    }
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

static void testKilled() {
  for (int i = 0; i < 40; ++i) {
    pid_t child = fork();
    if (child == 0)
      for (int round = 0;; ++round) {
        clearCache(round % 3 == 0);
        compute(5 + round % 11, round % 5);
      }
    usleep(static_cast<useconds_t>(500 + i * 211 % 4000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    // Whatever is visible under its final name is whole.
    std::string error;
    for (const std::string &path : filesOf(folder)) {
      std::vector<uint8_t> bytes = readFile(path);
      if (path.find("tmp-mlxc") == std::string::npos)
        CHECK(checkDiskEntry(bytes.data(), bytes.size(), error));
    }
    CHECK(compute(10, i % 5) == 35);
  }
}

int main() {
  char name[] = "/tmp/mlxir-cache-XXXXXX";
  folder = mkdtemp(name);
  setenv("MLXIR_CACHE_DIR", folder.c_str(), 1);
  setWarningHook([](const char *text) {
    ++warnings;
    lastWarning = text;
  });
  fake::install();
  // First, before this process has looked at its folder: one that cannot be made.
  inChild([] {
    setenv("MLXIR_CACHE_DIR", "/dev/null/cache", 1);
    CHECK(compute(10) == 35 && compute(11) == 38.5f && compute(12, 2) == 42 && warnings == 1);
  });
  inChild([] {
    setenv("MLXIR_CACHE", "off", 1);
    CHECK(compute(10) == 35 && filesOf(folder).empty() && cacheInfo().directory.empty());
  });
  testComesBack();
  testEveryBit();
  testDamage();
  testForeign();
  testWriteFails();
  testConcurrent();
  testKilled();
  clearCache(true);
  for (const std::string &path : filesOf(folder))
    unlink(path.c_str());
  CHECK(rmdir(folder.c_str()) == 0);
  return check::finish();
}
