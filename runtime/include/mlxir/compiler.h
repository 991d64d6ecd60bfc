/* The two calls between runtime and compiler (D1). libmlxir_compiler exports them; the runtime finds them by dlopen on
 * the first cache miss. All data are flat bytes: nothing but this header is shared.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MLXIR_COMPILER_H
#define MLXIR_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MLXIR_COMPILER_ABI 2

typedef enum {
  MLXIR_OK = 0,
  MLXIR_ERROR_INVALID = 1,     /* the trace is malformed */
  MLXIR_ERROR_UNSUPPORTED = 2, /* a rule or lowering is missing; the text names op and rule */
  MLXIR_ERROR_INTERNAL = 3,    /* a pass failed; the text names pass, op and reproducer */
  MLXIR_ERROR_INTERRUPTED = 4, /* interrupted() returned non-zero */
  MLXIR_ERROR_MEMORY = 5
} mlxir_status;

typedef struct mlxir_host {
  uint32_t abi; /* MLXIR_COMPILER_ABI */
  void *context;
  /* Receives results: "trace", "program", "stage:<name>" (text), "error" (text), "node" (decimal node index of the
   * error), "warning" (text, for the user to see), "stats" (JSON: kernels, ir_lines and compile ms per kernel). */
  void (*sink)(void *context, const char *what, const void *data, size_t size);
  /* Polled between passes, kernels and functions; non-zero stops the call. */
  int (*interrupted)(void *context);
  /* Fault point (D15): non-zero makes the named step fail. */
  int (*fault)(void *context, const char *point);
  /* Kernels by content (D4), from this call or others; null if the host keeps none. `key` is all that a kernel's code
   * depends on but the compiler's build. find_kernel() hands what was kept to receive() and returns non-zero, or
   * returns 0. What it hands out is checked again. Both may be called from several threads at once. */
  int (*find_kernel)(void *context, const void *key, size_t key_size,
                     void (*receive)(void *to, const void *data, size_t size), void *to);
  void (*keep_kernel)(void *context, const void *key, size_t key_size, const void *data, size_t size);
} mlxir_host;

/* Options are "key=value" lines: target=llvm-cpu, cpu=<features>, dump=<dir>,
 * stages=mlxir,simplified,kernels,linalg,llvm,asm, debug=nans,bounds, threads=<n>, name=<function name>. */

/* transform: "vjp" (wrt=<inputs>, of=<outputs>), "jvp" (wrt=...), "vmap" (batched=<0/1 per input>, size is symbol or
 * constant in the option size=...). Result trace: see docs/rfcs/0002. */
mlxir_status mlxir_transform(const mlxir_host *host, const char *transform, const char *options, const void *trace,
                             size_t size);
mlxir_status mlxir_compile(const mlxir_host *host, const char *options, const void *trace, size_t size);

#ifdef __cplusplus
}
#endif
#endif
