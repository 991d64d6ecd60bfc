// Runs a schedule: memory first, then command by command.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/cpu/Executable.h"

#include "runtime/alloc/Guards.h"
#include "runtime/devices/cpu/HostFeatures.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Interrupt.h"

#include <algorithm>
#include <cstring>
#include <mutex>

namespace mlxir {
namespace {

constexpr size_t kMaxPlans = 64;
constexpr uint32_t kNone = UINT32_MAX;
constexpr int64_t kMoveGrain = int64_t(1) << 20; // bytes

void copyItems(const uint64_t *args, int64_t begin, int64_t end, void *) {
  std::memcpy(reinterpret_cast<char *>(args[1]) + begin, reinterpret_cast<const char *>(args[0]) + begin,
              static_cast<size_t>(end - begin));
}

void fillItems(const uint64_t *args, int64_t begin, int64_t end, void *) {
  std::memset(reinterpret_cast<char *>(args[0]) + begin, 0, static_cast<size_t>(end - begin));
}

/// Of the plans of all executables: a child must not find one taken.
std::mutex &plansMutex() {
  static std::mutex *const instance = new std::mutex;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Plans, [] { return &plansMutex(); });

[[noreturn]] void raiseInterrupted() { throw Error(ErrorKind::Interrupted, "", "interrupted"); }

} // namespace

Executable::Executable(std::unique_ptr<Program> program)
    : prog(std::move(program)), lifetimes(bufferLifetimes(*prog)), inputBuffers(prog->inputs.size(), kNone),
      outputBuffers(prog->outputs.size(), kNone), firstWrites(prog->buffers.size(), kNone) {
  for (uint32_t i = 0; i < prog->buffers.size(); ++i) {
    const ProgramBuffer &buffer = prog->buffers[i];
    if (buffer.kind == BufferKind::Input)
      inputBuffers[buffer.index] = i;
  }
  for (uint32_t i = 0; i < prog->outputs.size(); ++i)
    outputBuffers[i] = prog->outputs[i].buffer;
  for (uint32_t at = 0; at < prog->commands.size(); ++at)
    for (const CommandArg &arg : prog->commands[at].args)
      if (arg.kind == ArgKind::Buffer && arg.written)
        firstWrites[arg.index] = std::min(firstWrites[arg.index], at);
}

std::unique_ptr<Executable> Executable::load(std::unique_ptr<Program> program) {
  std::unique_ptr<Executable> loaded(new Executable(std::move(program)));
  Program &p = *loaded->prog;
  if (std::string missing = missingFeature(p.target); !missing.empty())
    throw Error(ErrorKind::Runtime, "",
                "expected a processor with " + missing + ", which code for " + p.target.substr(0, p.target.rfind(':')) +
                    " uses (MLXIR_CPU), got one without");
  if (!loaded->image.map(p.code, p.codeReadOnly))
    throw Error(ErrorKind::Memory, "",
                "expected executable memory for " + std::to_string(p.code.size()) + " bytes of code, got none");
  return loaded;
}

std::shared_ptr<const Plan> Executable::plan(const std::vector<int64_t> &symbols) {
  std::lock_guard<std::mutex> lock(plansMutex());
  for (size_t i = 0; i < plans.size(); ++i)
    if (plans[i]->symbols == symbols) {
      if (i)
        std::rotate(plans.begin(), plans.begin() + static_cast<ptrdiff_t>(i),
                    plans.begin() + static_cast<ptrdiff_t>(i) + 1);
      return plans[0];
    }
  std::string error;
  std::shared_ptr<const Plan> made = makePlan(*prog, lifetimes, symbols, error);
  if (!made)
    throw Error(ErrorKind::Runtime, "", error);
  plans.insert(plans.begin(), made);
  if (plans.size() > kMaxPlans)
    plans.pop_back();
  return made;
}

std::vector<BufferRef> Executable::run(std::shared_ptr<const Plan> plan, Span<RunInput> inputs) const {
  Run run(*this, std::move(plan), inputs);
  run.execute(/*mayPause=*/false);
  return run.outputs();
}

Run::Run(const Executable &executable, std::shared_ptr<const Plan> thePlan, Span<RunInput> inputs)
    : executable(executable), program(*executable.prog), plan(std::move(thePlan)), inputs(inputs),
      made(program.buffers.size()), donorOf(program.outputs.size(), kNone), words(plan->words), next(0),
      lastStop(kNone) {
  for (size_t i = 0; i < inputs.size(); ++i)
    if (executable.inputBuffers[i] != kNone)
      made[executable.inputBuffers[i]] = inputs[i].buffer;
  chooseDonors();
  takeMemory();
}

void Run::chooseDonors() {
  for (const Donation &d : plan->donations) {
    RunInput &in = inputs[d.input];
    // Held by the inputs and by `made`.
    bool free = in.donate && in.buffer && !in.buffer->isBorrowed() && in.buffer->useCount() == 2;
    if (free && donorOf[d.output] == kNone) {
      donorOf[d.output] = d.input;
      in.donate = false;
    }
  }
}

void Run::takeMemory() {
  std::vector<void *> addresses(program.buffers.size(), nullptr);
  bool guarded = guardsAreOn(); // then temporaries have memory of their own
  if (plan->arenaBytes && !guarded)
    arena = Buffer::allocate(plan->arenaBytes);
  for (uint32_t i = 0; i < program.buffers.size(); ++i) {
    const ProgramBuffer &buffer = program.buffers[i];
    if (buffer.kind == BufferKind::Temporary && !guarded) {
      addresses[i] = arena ? static_cast<char *>(arena->data()) + plan->offsets[i] : nullptr;
      continue;
    }
    if (buffer.kind == BufferKind::Temporary) {
      made[i] = Buffer::allocate(plan->bytes[i]);
    } else if (buffer.kind == BufferKind::Output) {
      uint32_t donor = donorOf[buffer.index];
      if (donor == kNone) {
        made[i] = Buffer::allocate(plan->bytes[i]);
      } else {
        made[i] = inputs[donor].buffer;
        lastStop = std::min(lastStop, executable.firstWrites[i]);
      }
    }
    addresses[i] = made[i] ? made[i]->data() : nullptr;
  }
  reserveScratch(plan->maxScratch);
  for (const PatchedWord &p : plan->patches)
    words[p.word] = p.isLiteral ? inputs[p.index].bits : reinterpret_cast<uint64_t>(addresses[p.index]);
}

bool Run::execute(bool mayPause) {
  auto count = static_cast<uint32_t>(plan->commands.size());
  while (next < count) {
    if (interruptible || mayPause) {
      if (interruptRequested()) {
        if (!interruptible)
          return false;
        raiseInterrupted();
      }
    }
    if (interruptible && plan->commands[next].kind == CommandKind::Launch && fault("launch"))
      throw Error(ErrorKind::Runtime, "", "a kernel launch failed");
    interruptible &= next < lastStop;
    step();
  }
  return true;
}

void Run::finish() { execute(/*mayPause=*/false); }

/// Executes the next command.
void Run::step() {
  uint32_t at = next++;
  const PlannedCommand &c = plan->commands[at];
  switch (c.kind) {
  case CommandKind::Launch:
    launch(c);
    break;
  case CommandKind::Copy:
    // A donated buffer is its own copy.
    if (argsOf(c)[0] != argsOf(c)[1])
      move(copyItems, at);
    break;
  case CommandKind::Fill:
    move(fillItems, at);
    break;
  case CommandKind::Branch:
    if (!*reinterpret_cast<const uint8_t *>(*argsOf(c)))
      next = c.target;
    break;
  case CommandKind::Jump:
    next = c.target;
    break;
  case CommandKind::Return:
    next = static_cast<uint32_t>(plan->commands.size());
    break;
  }
}

void Run::launch(const PlannedCommand &c) {
  const void *code = executable.image.at(program.kernels[c.callee].entry);
  GridTask task;
  task.run = reinterpret_cast<CpuKernel>(reinterpret_cast<uintptr_t>(code));
  task.args = argsOf(c);
  task.items = c.grid;
  task.grain = c.grain;
  task.scratch = c.scratch;
  task.interruptible = interruptible;
  if (!runGrid(task))
    raiseInterrupted();
}

void Run::move(GridFn fn, uint32_t command) {
  GridTask task;
  task.run = fn;
  task.args = argsOf(plan->commands[command]);
  task.items = static_cast<int64_t>(plan->bytes[program.commands[command].args[0].index]);
  task.grain = kMoveGrain;
  task.interruptible = interruptible;
  if (!runGrid(task))
    raiseInterrupted();
}

std::vector<BufferRef> Run::outputs() {
  std::vector<BufferRef> outputs;
  for (uint32_t i = 0; i < program.outputs.size(); ++i) {
    outputs.push_back(made[executable.outputBuffers[i]]);
    if (donorOf[i] != kNone)
      inputs[donorOf[i]].buffer = BufferRef();
  }
  made.clear();
  return outputs;
}

} // namespace mlxir
