/* The C API of libmlxir_runtime: running compiled Programs without Python, LLVM or the compiler. Every function may be
 * called from any thread. A function that can fail returns null or a negative number, and mlxir_last_error() says why.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MLXIR_RUNTIME_H
#define MLXIR_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the last failing call of this thread says; valid until its next failing call. */
const char *mlxir_last_error(void);

/* A Program in its flat form (docs/rfcs/0002), checked and mapped. Native code runs with your rights: load only what
 * you trust. */
typedef struct mlxir_program mlxir_program;
mlxir_program *mlxir_program_load(const void *data, size_t size);
void mlxir_program_free(mlxir_program *program);
size_t mlxir_program_num_symbols(const mlxir_program *program);
size_t mlxir_program_num_inputs(const mlxir_program *program);
size_t mlxir_program_num_outputs(const mlxir_program *program);

/* A block of memory that a run has made. */
typedef struct mlxir_buffer mlxir_buffer;
void *mlxir_buffer_data(const mlxir_buffer *buffer);
size_t mlxir_buffer_size(const mlxir_buffer *buffer);
void mlxir_buffer_free(mlxir_buffer *buffer);

/* An input: dense row-major elements, or for a literal its bits in the input's type. */
typedef struct mlxir_operand {
  const void *data;
  size_t bytes;
  uint64_t literal;
} mlxir_operand;

/* Runs the Program for these sizes: `outputs` receives num_outputs buffers, which the caller frees. 0, or -1: nothing
 * was made, inputs are as they were. Inputs are never written. */
int mlxir_program_run(mlxir_program *program, const int64_t *symbols, const mlxir_operand *inputs,
                      mlxir_buffer **outputs);

/* Bytes in live buffers, the highest since the start, and kept for reuse. */
void mlxir_memory_info(size_t *active, size_t *peak, size_t *cached);
void mlxir_memory_clear_cache(void);
/* Threads that kernels run on; 0 asks, anything else sets. Returns what holds now. */
unsigned mlxir_threads(unsigned count);

#ifdef __cplusplus
}
#endif
#endif
