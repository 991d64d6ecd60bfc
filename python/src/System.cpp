// Devices, memory counters, caches, interrupts: the runtime's switches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/System.h"

#include "python/src/Call.h"
#include "python/src/Gil.h"

#include "runtime/alloc/Allocator.h"
#include "runtime/alloc/Guards.h"
#include "runtime/cache/Cache.h"
#include "runtime/devices/Device.h"
#include "runtime/eval/Eval.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Interrupt.h"

#include <pybind11/stl.h>

namespace pb = pybind11;

namespace mlxir::py {
namespace {

/// Runs signal handlers on the main thread. One that raises stops the call; its error stays set.
bool pollSignals() {
  WithGil gil;
  return gil && PyErr_CheckSignals() != 0;
}

void showWarning(const char *text) {
  WithGil gil;
  if (!gil)
    return;
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  // As an error where warnings are errors, there is no call that could raise it.
  if (PyErr_WarnEx(PyExc_RuntimeWarning, text, 1) < 0)
    PyErr_WriteUnraisable(nullptr);
  PyErr_Restore(type, value, trace);
}

Device deviceOf(int type, int index) { return {type == 0 ? DeviceType::Cpu : DeviceType::Gpu, index}; }

pb::tuple toTuple(Stream stream) {
  return pb::make_tuple(stream.index, static_cast<int>(stream.device.type), stream.device.index);
}

void addDevices(pb::module_ &m) {
  m.def("device_count", [](int type) { return deviceCount(deviceOf(type, 0).type); });
  m.def("default_device", [] {
    Device device = defaultDevice();
    return pb::make_tuple(static_cast<int>(device.type), device.index);
  });
  m.def("set_default_device", [](int type, int index) { setDefaultDevice(deviceOf(type, index)); });
  m.def("default_stream", [](int type, int index) { return toTuple(defaultStream(deviceOf(type, index))); });
  m.def("set_default_stream",
        [](int index, int type, int device) { setDefaultStream({index, deviceOf(type, device)}); });
  m.def("new_stream", [](int type, int index) { return toTuple(newStream(deviceOf(type, index))); });
  m.def("synchronize_stream", [](int index, int type, int device) {
    WithoutGil withoutGil;
    synchronize(Stream{index, deviceOf(type, device)});
  });
  m.def("cpu_target", [] { return cpuTarget(); });
  m.def("num_threads", [] { return numThreads(); });
  m.def("set_num_threads", [](unsigned count) { setNumThreads(count); });
}

void addMemory(pb::module_ &m) {
  m.def("memory_info", [] {
    MemoryInfo info = memoryInfo();
    return pb::dict(pb::arg("active") = info.active, pb::arg("peak") = info.peak, pb::arg("cached") = info.cached,
                    pb::arg("limit") = info.limit, pb::arg("cache_limit") = info.cacheLimit);
  });
  m.def("reset_peak_memory", [] { resetPeakMemory(); });
  m.def("set_memory_limit", [](size_t bytes) { return setMemoryLimit(bytes); });
  m.def("set_cache_limit", [](size_t bytes) { return setCacheLimit(bytes); });
  m.def("clear_memory_cache", [] { clearMemoryCache(); });
}

void addCaches(pb::module_ &m) {
  m.def("cache_info", [] {
    CacheInfo info = cacheInfo();
    pb::dict dict;
    dict["structures"] = info.structures;
    dict["programs"] = info.programs;
    dict["hits"] = info.hits;
    dict["disk_hits"] = info.diskHits;
    dict["compiles"] = info.compiles;
    dict["transforms"] = info.transforms;
    dict["generalisations"] = info.generalisations;
    dict["compile_seconds"] = info.compileSeconds;
    dict["kernels"] = info.kernels;
    dict["kernel_hits"] = info.kernelHits;
    dict["kernel_disk_hits"] = info.kernelDiskHits;
    dict["kernel_compiles"] = info.kernelCompiles;
    dict["disk_writes"] = info.diskWrites;
    dict["disk_errors"] = info.diskErrors;
    dict["disk_bytes"] = info.diskBytes;
    dict["directory"] = info.directory;
    dict["build_id"] = info.buildId;
    dict["compiler_loaded"] = info.compilerLoaded;
    return dict;
  });
  m.def("clear_cache", [](bool disk) {
    WithoutGil withoutGil;
    clearCache(disk);
  });
  m.def("set_compile_options", [](const std::string &options) { setCompileOptions(options); });
  m.def("compile_stages", [](const std::string &trace, const std::string &stages, const std::string &name) {
    std::vector<uint8_t> bytes(trace.begin(), trace.end());
    WithoutGil withoutGil;
    return compileStages(bytes, stages, name);
  });
  m.def("load_compiler", [] {
    WithoutGil withoutGil;
    loadCompiler();
  });
}

} // namespace

void addSystem(pb::module_ &m) {
  setInterruptPoll(pollSignals);
  setWarningHook(showWarning);
  pb::module_::import("atexit").attr("register")(pb::cpp_function([] { closeInterpreter(); }));
  m.def("set_package_folder", [](const std::string &folder) { installLocations(folder.c_str()); });
  m.def("set_guards", setGuards);
  m.def("set_faults", [](const std::string &spec) { setFaults(spec.c_str()); });
  m.def("set_flush_limits", [](uint32_t nodes, uint64_t bytes) { setFlushLimits(nodes, bytes); });
  addDevices(m);
  addMemory(m);
  addCaches(m);
}

} // namespace mlxir::py
