// The Program: kernels plus a schedule, the only executable thing (D3). Device-neutral but for the kernels' code.
// docs/rfcs/0002-trace-and-calls.md is its specification; its flat form is the disk-cache entry.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/Size.h"
#include "runtime/format/DType.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mlxir {

inline constexpr uint32_t kProgramVersion = 2;

/// Where a buffer of a Program comes from.
enum class BufferKind : uint8_t {
  Input,    // the caller's; index = input number
  Output,   // made by the Program, handed to the caller; index = output number
  Temporary // planned into one arena by the runtime from lifetimes and sizes
};

struct ProgramBuffer {
  BufferKind kind = BufferKind::Temporary;
  uint32_t index = 0;
  Size bytes; // dense row-major
};

enum class CommandKind : uint8_t {
  Launch, // run kernel `callee` over `grid` work items
  Copy,   // copy `args[0]` to `args[1]`, both whole buffers of equal bytes
  Fill,   // set buffer `args[0]` to zero bytes
  Branch, // to command `target` if the bool in buffer `args[0]` is false
  Jump,   // to command `target`
  Return,
};

enum class ArgKind : uint8_t {
  Buffer, // pointer to the buffer's first byte
  Size,   // value of a size expression
  Literal // bits of literal input `index`
};

struct CommandArg {
  ArgKind kind = ArgKind::Buffer;
  uint32_t index = 0;
  Size size;
  bool written = false; // Buffer: the command writes it
};

struct Command {
  CommandKind kind = CommandKind::Return;
  uint32_t callee = 0;
  uint32_t target = 0;
  Size grid;    // work items
  Size grain;   // work items below which splitting does not pay
  Size scratch; // bytes of private memory per thread
  std::vector<CommandArg> args;
  uint32_t location = 0; // trace node that a fault in this command is reported for
};

/// A buffer may take another's memory when the caller gives it up: the kernels are exact-alias safe (D10).
struct Donation {
  uint32_t output = 0, input = 0; // Program output and input numbers
};

struct ProgramOutput {
  DType dtype = DType::Float32;
  std::vector<Size> dims;
  uint32_t buffer = 0; // may be an Input buffer: the output is that input, reshaped
};

/// What one of the last outputs says, with MLXIR_DEBUG: an int64 scalar, the first row-major position in an array of
/// these dims at which something is wrong, or a number beyond all positions.
struct ProgramCheck {
  enum Kind : uint8_t { Nan, Bounds } kind = Nan;
  std::string function;
  uint32_t location = 0; // trace node
  DType dtype = DType::Float32;
  std::vector<Size> dims;
  uint32_t axis = 0; // Bounds: of the array that is indexed, and that dim's size
  Size extent;
};

struct ProgramInput {
  bool isLiteral = false;
  DType dtype = DType::Float32;
  std::vector<Size> dims;
};

struct Kernel {
  std::string name;
  uint64_t entry = 0; // offset into the code image
};

struct Program {
  std::string target;  // "llvm-cpu:TRIPLE:CPU:+avx2,+fma,...": whom the code is for, and all that it may use
  std::string buildId; // of the compiler that made it
  SizeArena sizes;
  uint32_t numSymbols = 0;
  std::vector<SizeGuard> guards;
  std::vector<ProgramInput> inputs;
  std::vector<ProgramOutput> outputs;
  std::vector<ProgramCheck> checks; // one for each of the last outputs, in the order of the trace
  std::vector<ProgramBuffer> buffers;
  std::vector<Kernel> kernels;
  std::vector<Command> commands;
  std::vector<Donation> donations;
  std::vector<uint8_t> code; // position-independent image; for the CPU: text and constants, no relocations left
  uint64_t codeReadOnly = 0; // bytes from here on are constants, mapped without execute permission; page-aligned
};

/// Kernel entry point of the CPU target. `args` holds one 64-bit word per CommandArg: a pointer, a size or the
/// literal's bits. Items [begin, end) of the grid are computed; `scratch` is private, 64-byte aligned.
using CpuKernel = void (*)(const uint64_t *args, int64_t begin, int64_t end, void *scratch);

void writeProgram(const Program &program, std::vector<uint8_t> &out);
/// As readTrace: nothing is trusted. Indices of buffers, kernels, commands, inputs are checked here, once.
std::unique_ptr<Program> readProgram(const uint8_t *data, size_t size, std::string &error);

} // namespace mlxir
