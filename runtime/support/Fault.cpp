// Parses MLXIR_FAULT once and counts how often each point is reached.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/support/Fault.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace mlxir {
namespace {

struct Point {
  char name[16];
  uint64_t at; // the visit that fails, from 1
  bool onwards;
  std::atomic<uint64_t> visits;
};

constexpr unsigned kMaxPoints = 16;
Point points[kMaxPoints];
unsigned numPoints;

/// Reads one "name:number[+]" and moves past it; false at the end or at anything else.
bool parsePoint(const char *&text, Point &point) {
  size_t length = std::strcspn(text, ":");
  if (text[length] != ':' || length == 0 || length >= sizeof(point.name))
    return false;
  std::memcpy(point.name, text, length);
  point.name[length] = 0;
  char *end;
  point.at = std::strtoull(text + length + 1, &end, 10);
  point.onwards = *end == '+';
  text = end + point.onwards;
  text += *text == ',';
  point.visits = 0;
  return point.at > 0;
}

struct FromEnvironment {
  FromEnvironment() { setFaults(std::getenv("MLXIR_FAULT")); }
} fromEnvironment;

} // namespace

namespace detail {

bool faultsArmed;

bool faultReached(const char *name) {
  for (unsigned i = 0; i < numPoints; ++i) {
    Point &p = points[i];
    if (std::strcmp(p.name, name) != 0)
      continue;
    uint64_t visit = p.visits.fetch_add(1, std::memory_order_relaxed) + 1;
    if (visit == p.at || (p.onwards && visit > p.at))
      return true;
  }
  return false;
}

} // namespace detail

void setFaults(const char *spec) {
  detail::faultsArmed = false;
  numPoints = 0;
  while (spec && *spec && numPoints < kMaxPoints && parsePoint(spec, points[numPoints]))
    ++numPoints;
  detail::faultsArmed = numPoints != 0;
}

} // namespace mlxir
