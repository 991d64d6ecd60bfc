// A Program loaded for this CPU: its code mapped, its plans remembered, its schedule run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/alloc/Buffer.h"
#include "runtime/devices/cpu/CodeImage.h"
#include "runtime/devices/cpu/Plan.h"
#include "runtime/support/Span.h"

#include <mutex>

namespace mlxir {

/// One input of a run: a buffer or the bits of a literal. A donated buffer may be written by the run.
struct RunInput {
  BufferRef buffer;
  uint64_t bits = 0;
  bool donate = false;
};

class Executable {
public:
  /// Null with `error` set if the code cannot be mapped.
  static std::unique_ptr<Executable> load(std::unique_ptr<Program> program, std::string &error);

  const Program &program() const { return *prog; }

  /// The plan for these symbol values. Raises Error(Runtime) if a size is out of range.
  std::shared_ptr<const Plan> plan(const std::vector<int64_t> &symbols);

  /// Runs the schedule: one buffer per output. Inputs whose buffer was donated are left null. All memory is taken
  /// before the first command, so that a failure leaves every input as it was; an interrupt is obeyed until a command
  /// writes a donated buffer.
  std::vector<BufferRef> run(const Plan &plan, Span<RunInput> inputs) const;

private:
  explicit Executable(std::unique_ptr<Program> program);

  std::unique_ptr<Program> prog;
  CodeImage image;
  std::vector<Lifetime> lifetimes;
  std::vector<uint32_t> inputBuffers, outputBuffers; // buffer numbers
  std::vector<uint32_t> firstWrites;                 // by buffer: the command that first writes it
  std::mutex planMutex;
  std::vector<std::shared_ptr<const Plan>> plans; // latest first
};

} // namespace mlxir
