// The little that a C++ test of the runtime needs: CHECK counts and prints failures, finish() is the exit status.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdio>

namespace mlxir::check {

inline unsigned failures = 0;

inline bool report(bool holds, const char *what, const char *file, int line) {
  if (!holds && ++failures <= 20)
    std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, what);
  return holds;
}

inline int finish() {
  if (failures)
    std::fprintf(stderr, "%u checks failed\n", failures);
  return failures ? 1 : 0;
}

} // namespace mlxir::check

#define CHECK(condition) mlxir::check::report(static_cast<bool>(condition), #condition, __FILE__, __LINE__)
