// Devices and streams. A stream's evaluations run in order; arrays belong to no device (D10).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/support/Export.h"

#include <cstdint>
#include <string>

namespace mlxir {

enum class DeviceType : uint8_t { Cpu, Gpu };

struct Device {
  DeviceType type = DeviceType::Cpu;
  int32_t index = 0;
  bool operator==(const Device &o) const { return type == o.type && index == o.index; }
};
struct Stream {
  int32_t index = 0;
  Device device;
  bool operator==(const Stream &o) const { return index == o.index && device == o.device; }
};

MLXIR_API unsigned deviceCount(DeviceType type);
MLXIR_API Device defaultDevice();
/// Raises Error(Value) if there is no such device.
MLXIR_API void setDefaultDevice(Device device);
MLXIR_API Stream defaultStream(Device device); // of this thread
MLXIR_API void setDefaultStream(Stream stream);
MLXIR_API Stream newStream(Device device);
MLXIR_API void synchronize(Stream stream);

/// Target string of the CPU in use ("llvm-cpu:x86-64-v4", with its features); MLXIR_CPU chooses another.
MLXIR_API const std::string &cpuTarget();
/// The same as options of the compiler.
const std::string &cpuOptions();
/// What the processor is and can: code made for "native" runs only where this is the same.
const std::string &hostIdentity();
/// Threads that kernels run on. MLXIR_NUM_THREADS, otherwise the cores this process may use.
MLXIR_API unsigned numThreads();
MLXIR_API void setNumThreads(unsigned count);

} // namespace mlxir
