// Finds, loads and calls libmlxir_compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/Compiler.h"

#include "runtime/cache/KernelStore.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <memory>
#include <mutex>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace mlxir {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPollEvery = std::chrono::milliseconds(50);
constexpr auto kGrace = std::chrono::milliseconds(100);

struct Job;

struct Loader {
  std::mutex mutex;
  std::atomic<bool> loaded{false};
  CompilerEntryPoints calls = {};
  std::string buildId;
  // Calls that are running: a fork waits for them, since LLVM's own locks would stay taken in the child.
  std::vector<std::shared_ptr<Job>> running;
  std::condition_variable idle;
  std::atomic<bool> isExiting{false};
};

Loader &loader() {
  static Loader *const instance = new Loader;
  return *instance;
}

const ForkHooks forkHooks(
    ForkOrder::Worker,
    [] {
      Loader &l = loader();
      std::unique_lock<std::mutex> lock(l.mutex);
      l.idle.wait(lock, [&] { return l.running.empty(); });
      lock.release();
    },
    [] { loader().mutex.unlock(); },
    [] {
      Loader &l = loader();
      new (&l.idle) std::condition_variable;
      l.mutex.unlock();
    });

/// MLXIR_COMPILER, or the library beside this one.
std::string libraryPath() {
  if (const char *path = std::getenv("MLXIR_COMPILER"))
    return path;
  Dl_info info;
  std::string folder;
  if (dladdr(reinterpret_cast<void *>(&loader), &info) && info.dli_fname)
    folder = info.dli_fname;
  folder.erase(folder.find_last_of('/') + 1);
  return folder + "libmlxir_compiler.so";
}

std::string readFirstLine(const std::string &path) {
  std::string line;
  if (FILE *file = std::fopen(path.c_str(), "re")) {
    char text[512];
    if (std::fgets(text, sizeof text, file))
      line.assign(text, std::strcspn(text, "\r\n"));
    std::fclose(file);
  }
  return line;
}

std::string findBuildId() {
  std::string path = libraryPath();
  std::string id = readFirstLine(path + ".id");
  struct stat s;
  if (id.empty() && stat(path.c_str(), &s) == 0)
    id = std::to_string(s.st_size) + "-" + std::to_string(s.st_mtim.tv_sec) + "." + std::to_string(s.st_mtim.tv_nsec);
  return id.empty() ? "none" : id;
}

void stopAtExit();

/// With the loader's lock held.
void loadLocked(Loader &l) {
  if (l.loaded)
    return;
  std::string path = libraryPath();
  void *library = fault("load") ? nullptr : dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    throw Error(ErrorKind::Runtime, "",
                "expected the compiler library at " + path + ", got " + (reason ? reason : "a failure to load it"));
  }
  l.calls.transform = reinterpret_cast<decltype(&mlxir_transform)>(dlsym(library, "mlxir_transform"));
  l.calls.compile = reinterpret_cast<decltype(&mlxir_compile)>(dlsym(library, "mlxir_compile"));
  if (!l.calls.transform || !l.calls.compile)
    throw Error(ErrorKind::Runtime, "",
                "expected mlxir_transform and mlxir_compile in " + path + ", got a library without them");
  l.loaded = true;
  // After the library's own handlers, so that it runs before them.
  std::atexit(stopAtExit);
}

/// Shared by the caller and the worker: either may be gone first.
struct Job {
  CompilerCall call;
  CompilerEntryPoints calls;
  CompilerResult result;
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable finished;
  bool isFinished = false;

  void run() {
    mlxir_host host = {MLXIR_COMPILER_ABI, this, sink, interrupted, faultPoint, find, keep};
    const std::vector<uint8_t> &trace = call.trace;
    if (fault("compile"))
      result.error = "a compilation failed", result.status = MLXIR_ERROR_INTERNAL;
    else if (call.transform.empty())
      result.status = calls.compile(&host, call.options.c_str(), trace.data(), trace.size());
    else
      result.status = calls.transform(&host, call.transform.c_str(), call.options.c_str(), trace.data(), trace.size());
  }

  static void sink(void *context, const char *what, const void *data, size_t size) {
    CompilerResult &r = static_cast<Job *>(context)->result;
    const auto *bytes = static_cast<const uint8_t *>(data);
    std::string text(reinterpret_cast<const char *>(bytes), size);
    if (!std::strcmp(what, "program") || !std::strcmp(what, "trace"))
      r.data.assign(bytes, bytes + size);
    else if (!std::strcmp(what, "error"))
      r.error = text;
    else if (!std::strcmp(what, "node"))
      r.node = std::strtoll(text.c_str(), nullptr, 10);
    else
      r.extras.emplace_back(what, std::vector<uint8_t>(bytes, bytes + size));
  }
  static int interrupted(void *context) { return static_cast<Job *>(context)->stop.load(std::memory_order_relaxed); }
  static int find(void *, const void *key, size_t keySize, void (*receive)(void *, const void *, size_t), void *to) {
    std::vector<uint8_t> bytes;
    if (!findKernel(std::string(static_cast<const char *>(key), keySize), bytes))
      return 0;
    receive(to, bytes.data(), bytes.size());
    return 1;
  }
  static void keep(void *, const void *key, size_t keySize, const void *data, size_t size) {
    const auto *bytes = static_cast<const uint8_t *>(data);
    keepKernel(std::string(static_cast<const char *>(key), keySize), std::vector<uint8_t>(bytes, bytes + size));
  }
  static int faultPoint(void *, const char *point) { return fault(point); }
};

void runJob(std::shared_ptr<Job> job) {
  try {
    job->run();
  } catch (const std::bad_alloc &) {
    job->result.status = MLXIR_ERROR_MEMORY;
    job->result.error = "the compiler ran out of memory";
  }
  {
    std::lock_guard<std::mutex> lock(job->mutex);
    job->isFinished = true;
    job->finished.notify_all();
  }
  Loader &l = loader();
  std::lock_guard<std::mutex> lock(l.mutex);
  l.running.erase(std::find(l.running.begin(), l.running.end(), job));
  if (l.running.empty())
    l.idle.notify_all();
}

/// True on the thread that ends the process: it may still compile, since it does not go on before that is done.
thread_local bool isEndingThread = false;

/// LLVM's static objects must not go while a call is under way, one that its caller has given up included.
void stopAtExit() {
  Loader &l = loader();
  std::unique_lock<std::mutex> lock(l.mutex);
  l.isExiting = isEndingThread = true;
  for (const std::shared_ptr<Job> &job : l.running)
    job->stop = true;
  l.idle.wait(lock, [&] { return l.running.empty(); });
}

/// The process ends under this thread: it stays where it is, since an error that nobody catches would abort the exit.
[[noreturn]] void waitForTheEnd() {
  for (;;)
    pause();
}

/// Waits for the job. After an interrupt it gets a moment to stop by itself; then it is left alone and its result lost.
void waitForJob(Job &job) {
  std::unique_lock<std::mutex> lock(job.mutex);
  Clock::time_point giveUp = Clock::time_point::max();
  while (!job.isFinished && Clock::now() < giveUp) {
    job.finished.wait_for(lock, kPollEvery);
    if (job.isFinished || job.stop)
      continue;
    lock.unlock();
    if (interruptRequested()) {
      job.stop = true;
      giveUp = Clock::now() + kGrace;
    }
    lock.lock();
  }
}

} // namespace

const std::vector<uint8_t> *CompilerResult::extra(const char *name) const {
  for (const auto &[what, data] : extras)
    if (what == name)
      return &data;
  return nullptr;
}

CompilerResult callCompiler(CompilerCall call) {
  auto job = std::make_shared<Job>();
  job->call = std::move(call);
  Loader &l = loader();
  {
    std::unique_lock<std::mutex> lock(l.mutex);
    if (l.isExiting && !isEndingThread) {
      lock.unlock();
      waitForTheEnd();
    }
    loadLocked(l);
    job->calls = l.calls;
    l.running.push_back(job);
  }
  try {
    if (fault("thread"))
      throw std::system_error(EAGAIN, std::generic_category());
    std::thread(runJob, job).detach();
  } catch (const std::system_error &) {
    runJob(job); // no thread to be had: compile here, deaf to Ctrl-C
  }
  waitForJob(*job);
  if (!job->stop) {
    for (const auto &[what, data] : job->result.extras)
      if (what == "warning")
        warn(("[compile] " + std::string(data.begin(), data.end())).c_str());
    return std::move(job->result);
  }
  if (l.isExiting && !isEndingThread)
    waitForTheEnd();
  throw Error(ErrorKind::Interrupted, "", "interrupted");
}

const std::string &compilerBuildId() {
  Loader &l = loader();
  std::lock_guard<std::mutex> lock(l.mutex);
  if (l.buildId.empty())
    l.buildId = findBuildId();
  return l.buildId;
}

bool compilerIsLoaded() { return loader().loaded; }

void stopCompiler() { stopAtExit(); }

bool endsProcess() { return isEndingThread; }

void loadCompilerLibrary() {
  Loader &l = loader();
  std::lock_guard<std::mutex> lock(l.mutex);
  loadLocked(l);
}

void setCompilerForTests(const CompilerEntryPoints *calls, const char *buildId) {
  Loader &l = loader();
  std::lock_guard<std::mutex> lock(l.mutex);
  l.calls = calls ? *calls : CompilerEntryPoints{};
  l.loaded = calls != nullptr;
  static const int registered = std::atexit(stopAtExit);
  (void)registered;
  l.buildId = calls ? buildId : "";
}

} // namespace mlxir
