// The CPU as the one device, and its streams: evaluations run in the order in which they are asked for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/Device.h"

#include "runtime/devices/cpu/ThreadPool.h"
#include "runtime/eval/Eval.h"
#include "runtime/support/Error.h"

#include <atomic>
#include <cstdlib>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace mlxir {
namespace {

std::atomic<int32_t> lastStream{0};
thread_local Stream threadStream;

/// The levels that x86-64 code is commonly built for, best first, and what some machines have beyond them.
std::string hostCpu() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  std::string cpu = "x86-64";
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    cpu = "x86-64-v4";
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    cpu = "x86-64-v3";
  if (__builtin_cpu_supports("avx512bf16"))
    cpu += ",+avx512bf16";
  if (__builtin_cpu_supports("avx512vnni"))
    cpu += ",+avx512vnni";
  return cpu;
#else
  return "generic";
#endif
}

/// What this processor is and can, as its own words: part of every key.
std::string cpuIdentity() {
  std::string text = "host=";
#if defined(__x86_64__)
  unsigned a, b, c, d;
  auto append = [&](unsigned word) { text += std::to_string(word) + "."; };
  // The second register of leaf 1 names the core that asks, so it is left out.
  if (__get_cpuid(1, &a, &b, &c, &d))
    append(a), append(c), append(d);
  for (unsigned leaf = 0; leaf < 2; ++leaf)
    if (__get_cpuid_count(7, leaf, &a, &b, &c, &d))
      append(a), append(b), append(c), append(d);
#endif
  return text + "\n";
}

std::string chosenCpu() {
  const char *set = std::getenv("MLXIR_CPU");
  return set && *set ? set : hostCpu();
}

void requireDevice(Device device) {
  if (device.index < 0 || static_cast<unsigned>(device.index) >= deviceCount(device.type))
    throw Error(ErrorKind::Value, "",
                std::string("expected a device of this machine, got ") +
                    (device.type == DeviceType::Cpu ? "cpu" : "gpu") + " " + std::to_string(device.index));
}

} // namespace

unsigned deviceCount(DeviceType type) { return type == DeviceType::Cpu; }
Device defaultDevice() { return Device(); }
void setDefaultDevice(Device device) { requireDevice(device); }

Stream defaultStream(Device device) {
  requireDevice(device);
  return threadStream;
}

void setDefaultStream(Stream stream) {
  requireDevice(stream.device);
  threadStream = stream;
}

Stream newStream(Device device) {
  requireDevice(device);
  return {++lastStream, device};
}

void synchronize(Stream stream) {
  requireDevice(stream.device);
  synchronize();
}

const std::string &cpuTarget() {
  static const std::string *const target = new std::string("llvm-cpu:" + chosenCpu());
  return *target;
}

const std::string &cpuOptions() {
  static const std::string *const options = [] {
    const char *set = std::getenv("MLXIR_CPU");
    return new std::string("target=llvm-cpu\ncpu=" + std::string(set && *set ? set : "native") + "\n");
  }();
  return *options;
}

const std::string &hostIdentity() {
  static const std::string *const identity = new std::string(cpuIdentity());
  return *identity;
}

unsigned numThreads() { return poolThreads(); }
void setNumThreads(unsigned count) { setPoolThreads(count); }

} // namespace mlxir
