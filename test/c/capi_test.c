/* The C API from C: hostile bytes are refused with a reason, counters count. What a Program computes is tested in
 * runtime_test.cpp, which can make one.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "mlxir/runtime.h"

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void check(int holds, const char *what) {
  if (holds)
    return;
  ++failures;
  fprintf(stderr, "check failed: %s\n", what);
}

int main(void) {
  unsigned char bytes[64];
  memset(bytes, 'x', sizeof bytes);
  check(mlxir_program_load(bytes, sizeof bytes) == NULL, "garbage is refused");
  check(strstr(mlxir_last_error(), "mlxir_program_load") != NULL, "the error names the function");
  check(mlxir_program_load(NULL, 0) == NULL, "nothing is refused");

  size_t active = 1, peak = 1, cached = 1;
  mlxir_memory_info(&active, &peak, &cached);
  check(active == 0, "no buffer is live");
  mlxir_memory_clear_cache();
  check(mlxir_threads(3) == 3 && mlxir_threads(0) == 3, "the number of threads is set and asked for");
  return failures != 0;
}
