// The C API over Executable and Buffer: no exception leaves it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/include/mlxir/runtime.h"

#include "runtime/alloc/Allocator.h"
#include "runtime/cache/Structure.h"
#include "runtime/devices/Device.h"
#include "runtime/support/Error.h"
#include "runtime/support/Export.h"

#include <cstring>
#include <memory>
#include <new>
#include <string>

using namespace mlxir;

struct mlxir_program {
  std::unique_ptr<Executable> executable;
};
struct mlxir_buffer {
  BufferRef buffer;
};

namespace {

thread_local std::string lastError;

/// Runs `body`; whatever it throws becomes the last error and `failed` the result.
template <typename T, typename Body> T guarded(T failed, Body &&body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    lastError = "out of memory";
  } catch (const std::exception &e) {
    lastError = e.what();
  }
  return failed;
}

[[noreturn]] void fail(const char *function, std::string text) {
  throw Error(ErrorKind::Value, function, std::move(text));
}

/// The caller's memory: it outlives the run, so nothing is to be given back.
RunInput borrowed(const mlxir_operand &operand, bool isLiteral) {
  RunInput input;
  input.bits = operand.literal;
  if (!isLiteral)
    input.buffer = Buffer::borrow(const_cast<void *>(operand.data), operand.bytes, [](void *) {}, nullptr);
  return input;
}

/// Bytes that an input must have, by its dims.
uint64_t bytesOf(const Program &program, const ProgramInput &input, const std::vector<int64_t> &expressions) {
  uint64_t bytes = itemSize(input.dtype);
  for (Size dim : input.dims)
    bytes *= static_cast<uint64_t>(dim.isConstant() ? dim.value() : expressions[dim.id()]);
  return bytes;
}

std::vector<BufferRef> runProgram(Executable &executable, const int64_t *symbolValues, const mlxir_operand *operands) {
  const Program &program = executable.program();
  std::vector<int64_t> symbols(symbolValues, symbolValues + program.numSymbols), expressions;
  if (!guardsHold(program.sizes, program.guards, symbols))
    fail("mlxir_program_run", "expected sizes for which the program was compiled, got others");
  program.sizes.evaluateAll(symbols.data(), expressions);
  std::vector<RunInput> inputs;
  for (size_t i = 0; i < program.inputs.size(); ++i) {
    const ProgramInput &in = program.inputs[i];
    uint64_t bytes = bytesOf(program, in, expressions);
    if (!in.isLiteral && operands[i].bytes != bytes)
      fail("mlxir_program_run", "expected input " + std::to_string(i) + " of " + std::to_string(bytes) +
                                    " bytes, got " + std::to_string(operands[i].bytes));
    inputs.push_back(borrowed(operands[i], in.isLiteral));
  }
  std::vector<BufferRef> results = executable.run(executable.plan(symbols), {inputs.data(), inputs.size()});
  // An output that is an input handed through would be the caller's memory: it gets a copy.
  for (BufferRef &result : results)
    if (result->isBorrowed()) {
      BufferRef copy = Buffer::allocate(result->size());
      std::memcpy(copy->data(), result->data(), result->size());
      result = copy;
    }
  return results;
}

} // namespace

extern "C" {

MLXIR_API const char *mlxir_last_error(void) { return lastError.c_str(); }

MLXIR_API mlxir_program *mlxir_program_load(const void *data, size_t size) {
  return guarded<mlxir_program *>(nullptr, [&] {
    std::string error;
    std::unique_ptr<Program> program = readProgram(static_cast<const uint8_t *>(data), size, error);
    if (!program)
      fail("mlxir_program_load", error);
    auto loaded = std::make_unique<mlxir_program>();
    loaded->executable = Executable::load(std::move(program));
    return loaded.release();
  });
}

MLXIR_API void mlxir_program_free(mlxir_program *program) { delete program; }

MLXIR_API size_t mlxir_program_num_symbols(const mlxir_program *program) {
  return program->executable->program().numSymbols;
}
MLXIR_API size_t mlxir_program_num_inputs(const mlxir_program *program) {
  return program->executable->program().inputs.size();
}
MLXIR_API size_t mlxir_program_num_outputs(const mlxir_program *program) {
  return program->executable->program().outputs.size();
}

MLXIR_API int mlxir_program_run(mlxir_program *program, const int64_t *symbols, const mlxir_operand *inputs,
                                mlxir_buffer **outputs) {
  return guarded(-1, [&] {
    std::vector<BufferRef> results = runProgram(*program->executable, symbols, inputs);
    std::vector<std::unique_ptr<mlxir_buffer>> made;
    for (BufferRef &result : results)
      made.push_back(std::make_unique<mlxir_buffer>(mlxir_buffer{std::move(result)}));
    for (size_t i = 0; i < made.size(); ++i)
      outputs[i] = made[i].release();
    return 0;
  });
}

MLXIR_API void *mlxir_buffer_data(const mlxir_buffer *buffer) { return buffer->buffer->data(); }
MLXIR_API size_t mlxir_buffer_size(const mlxir_buffer *buffer) { return buffer->buffer->size(); }
MLXIR_API void mlxir_buffer_free(mlxir_buffer *buffer) { delete buffer; }

MLXIR_API void mlxir_memory_info(size_t *active, size_t *peak, size_t *cached) {
  MemoryInfo info = memoryInfo();
  *active = info.active;
  *peak = info.peak;
  *cached = info.cached;
}

MLXIR_API void mlxir_memory_clear_cache(void) { clearMemoryCache(); }

MLXIR_API unsigned mlxir_threads(unsigned count) {
  if (count)
    setNumThreads(count);
  return numThreads();
}

} // extern "C"
