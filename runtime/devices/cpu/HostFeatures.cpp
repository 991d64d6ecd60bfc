// Features by LLVM's names, and the processor's own word for each. What is not listed here is taken for granted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/cpu/HostFeatures.h"

#include <string_view>

namespace mlxir {

#if defined(__x86_64__)
constexpr char kArchitecture[] = "x86_64";
#elif defined(__aarch64__)
constexpr char kArchitecture[] = "aarch64";
#endif

std::string missingFeature(const std::string &target) {
  constexpr std::string_view kPrefix = "llvm-cpu:"; // then a triple
  if (target.compare(0, kPrefix.size(), kPrefix) != 0)
    return "";
  std::string architecture = target.substr(kPrefix.size(), target.find('-', kPrefix.size()) - kPrefix.size());
  if (architecture != kArchitecture)
    return architecture + " instructions";
#if defined(__x86_64__)
  __builtin_cpu_init();
  const struct {
    const char *name;
    bool isHere;
  } features[] = {
      {"sse4.2", __builtin_cpu_supports("sse4.2") != 0},
      {"popcnt", __builtin_cpu_supports("popcnt") != 0},
      {"avx", __builtin_cpu_supports("avx") != 0},
      {"avx2", __builtin_cpu_supports("avx2") != 0},
      {"bmi", __builtin_cpu_supports("bmi") != 0},
      {"bmi2", __builtin_cpu_supports("bmi2") != 0},
      {"f16c", __builtin_cpu_supports("f16c") != 0},
      {"fma", __builtin_cpu_supports("fma") != 0},
      {"lzcnt", __builtin_cpu_supports("lzcnt") != 0},
      {"avx512f", __builtin_cpu_supports("avx512f") != 0},
      {"avx512bw", __builtin_cpu_supports("avx512bw") != 0},
      {"avx512cd", __builtin_cpu_supports("avx512cd") != 0},
      {"avx512dq", __builtin_cpu_supports("avx512dq") != 0},
      {"avx512vl", __builtin_cpu_supports("avx512vl") != 0},
      {"avx512ifma", __builtin_cpu_supports("avx512ifma") != 0},
      {"avx512vbmi", __builtin_cpu_supports("avx512vbmi") != 0},
      {"avx512vbmi2", __builtin_cpu_supports("avx512vbmi2") != 0},
      {"avx512vnni", __builtin_cpu_supports("avx512vnni") != 0},
      {"avx512bitalg", __builtin_cpu_supports("avx512bitalg") != 0},
      {"avx512vpopcntdq", __builtin_cpu_supports("avx512vpopcntdq") != 0},
      {"avx512bf16", __builtin_cpu_supports("avx512bf16") != 0},
      {"avx512fp16", __builtin_cpu_supports("avx512fp16") != 0},
      {"avxvnni", __builtin_cpu_supports("avxvnni") != 0},
      {"gfni", __builtin_cpu_supports("gfni") != 0},
      {"vaes", __builtin_cpu_supports("vaes") != 0},
      {"vpclmulqdq", __builtin_cpu_supports("vpclmulqdq") != 0},
  };
  // "...:+avx,+avx2": each feature ends at a comma or at the end.
  std::string used = target.substr(target.rfind(':') + 1) + ",";
  for (const auto &feature : features)
    if (!feature.isHere && used.find(std::string("+") + feature.name + ",") != std::string::npos)
      return feature.name;
#endif
  return "";
}

} // namespace mlxir
