// A Program loaded for this CPU: its code mapped, its plans remembered, its schedule run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/alloc/Buffer.h"
#include "runtime/devices/cpu/CodeImage.h"
#include "runtime/devices/cpu/Plan.h"
#include "runtime/devices/cpu/ThreadPool.h"
#include "runtime/support/Span.h"

#include <memory>
#include <vector>

namespace mlxir {

/// One input of a run: a buffer or the bits of a literal. A donated buffer may be written by the run.
struct RunInput {
  BufferRef buffer;
  uint64_t bits = 0;
  bool donate = false;
};

class Executable {
public:
  /// Raises Error(Runtime) if this processor cannot run the code, Error(Memory) if it cannot be mapped.
  static std::unique_ptr<Executable> load(std::unique_ptr<Program> program);

  const Program &program() const { return *prog; }

  /// The plan for these symbol values. Raises Error(Runtime) if a size is out of range.
  std::shared_ptr<const Plan> plan(const std::vector<int64_t> &symbols);

  /// Runs the schedule to its end: one buffer per output.
  std::vector<BufferRef> run(std::shared_ptr<const Plan> plan, Span<RunInput> inputs) const;

private:
  friend class Run;
  explicit Executable(std::unique_ptr<Program> program);

  std::unique_ptr<Program> prog;
  CodeImage image;
  std::vector<Lifetime> lifetimes;
  std::vector<uint32_t> inputBuffers, outputBuffers; // buffer numbers
  std::vector<uint32_t> firstWrites;                 // by buffer: the command that first writes it
  std::vector<std::shared_ptr<const Plan>> plans;    // latest first
};

/// One run of a schedule, of an executable and for inputs that outlive it.
class Run {
public:
  /// Takes all memory, so that a failure leaves every input as it was.
  Run(const Executable &executable, std::shared_ptr<const Plan> plan, Span<RunInput> inputs);

  /// Runs commands until the end. Raises Error(Interrupted) if the user interrupts before a donated buffer is written:
  /// nothing has happened then. From there on it has to be finished: with `mayPause` it returns false when the user
  /// interrupts, and finish() goes on, on any thread.
  bool execute(bool mayPause);
  void finish();

  /// After the end: one buffer per output. Inputs whose buffer was donated are left null.
  std::vector<BufferRef> outputs();

  /// What finish() needs of reserveScratch() on its thread.
  size_t scratchBytes() const { return plan->maxScratch; }

private:
  void chooseDonors();
  void takeMemory();
  void step();
  void launch(const PlannedCommand &c);
  void move(GridFn fn, uint32_t command);
  const uint64_t *argsOf(const PlannedCommand &c) const { return words.data() + c.firstWord; }

  const Executable &executable;
  const Program &program;
  std::shared_ptr<const Plan> plan;
  Span<RunInput> inputs;
  BufferRef arena;
  std::vector<BufferRef> made;   // by buffer
  std::vector<uint32_t> donorOf; // by output: the input whose buffer it takes over
  std::vector<uint64_t> words;
  uint32_t next;             // command
  uint32_t lastStop;         // once this command has begun, the inputs are not what they were
  bool interruptible = true; // no such command has begun
};

} // namespace mlxir
