// Runs a schedule: memory first, then command by command.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/cpu/Executable.h"

#include "runtime/devices/cpu/ThreadPool.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Interrupt.h"

#include <algorithm>
#include <cstring>

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

bool moveBytes(GridFn run, const uint64_t *args, uint64_t bytes, bool interruptible) {
  GridTask task;
  task.run = run;
  task.args = args;
  task.items = static_cast<int64_t>(bytes);
  task.grain = kMoveGrain;
  task.interruptible = interruptible;
  return runGrid(task);
}

/// One run of a schedule.
class Run {
public:
  Run(const Program &program, const Plan &plan, const CodeImage &image)
      : program(program), plan(plan), image(image), words(plan.words), addresses(program.buffers.size(), nullptr) {}

  std::vector<void *> &buffers() { return addresses; }

  void fillWords(Span<RunInput> inputs) {
    for (const PatchedWord &p : plan.patches)
      words[p.word] = p.isLiteral ? inputs[p.index].bits : reinterpret_cast<uint64_t>(addresses[p.index]);
  }

  /// Once command `lastStop` has begun, it and those after it run to the end whatever the user types.
  void execute(uint32_t lastStop) {
    auto count = static_cast<uint32_t>(plan.commands.size());
    bool interruptible = true;
    for (uint32_t at = 0; at < count;) {
      const PlannedCommand &c = plan.commands[at];
      if (interruptible)
        mayStopBefore(c);
      interruptible &= at < lastStop;
      switch (c.kind) {
      case CommandKind::Launch:
        launch(c, interruptible);
        break;
      case CommandKind::Copy:
        // A donated buffer is its own copy.
        if (argsOf(c)[0] != argsOf(c)[1])
          done(moveBytes(copyItems, argsOf(c), bytesOf(at), interruptible));
        break;
      case CommandKind::Fill:
        done(moveBytes(fillItems, argsOf(c), bytesOf(at), interruptible));
        break;
      case CommandKind::Branch:
        if (!*reinterpret_cast<const uint8_t *>(*argsOf(c))) {
          at = c.target;
          continue;
        }
        break;
      case CommandKind::Jump:
        at = c.target;
        continue;
      case CommandKind::Return:
        return;
      }
      ++at;
    }
  }

private:
  [[noreturn]] static void raiseInterrupted() { throw Error(ErrorKind::Interrupted, "", "interrupted"); }
  static void done(bool finished) {
    if (!finished)
      raiseInterrupted();
  }

  const uint64_t *argsOf(const PlannedCommand &c) const { return words.data() + c.firstWord; }
  uint64_t bytesOf(uint32_t command) const { return plan.bytes[program.commands[command].args[0].index]; }

  static void mayStopBefore(const PlannedCommand &c) {
    if (interruptRequested())
      raiseInterrupted();
    if (c.kind == CommandKind::Launch && fault("launch"))
      throw Error(ErrorKind::Runtime, "", "a kernel launch failed");
  }

  void launch(const PlannedCommand &c, bool interruptible) {
    GridTask task;
    task.run = reinterpret_cast<CpuKernel>(reinterpret_cast<uintptr_t>(image.at(program.kernels[c.callee].entry)));
    task.args = argsOf(c);
    task.items = c.grid;
    task.grain = c.grain;
    task.scratch = c.scratch;
    task.interruptible = interruptible;
    done(runGrid(task));
  }

  const Program &program;
  const Plan &plan;
  const CodeImage &image;
  std::vector<uint64_t> words;
  std::vector<void *> addresses;
};

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

std::unique_ptr<Executable> Executable::load(std::unique_ptr<Program> program, std::string &error) {
  std::unique_ptr<Executable> loaded(new Executable(std::move(program)));
  Program &p = *loaded->prog;
  if (!loaded->image.map(p.code, p.codeReadOnly)) {
    error = "no executable memory for " + std::to_string(p.code.size()) + " bytes of code";
    return nullptr;
  }
  return loaded;
}

std::shared_ptr<const Plan> Executable::plan(const std::vector<int64_t> &symbols) {
  std::lock_guard<std::mutex> lock(planMutex);
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

std::vector<BufferRef> Executable::run(const Plan &plan, Span<RunInput> inputs) const {
  Run run(*prog, plan, image);
  std::vector<BufferRef> made(prog->buffers.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputBuffers[i] != kNone)
      made[inputBuffers[i]] = inputs[i].buffer;

  // Which output takes over which input's buffer.
  std::vector<uint32_t> donorOf(prog->outputs.size(), kNone);
  for (const Donation &d : plan.donations) {
    RunInput &in = inputs[d.input];
    // Held by this list and by `made`.
    bool free = in.donate && in.buffer && !in.buffer->isBorrowed() && in.buffer->useCount() == 2;
    if (free && donorOf[d.output] == kNone) {
      donorOf[d.output] = d.input;
      in.donate = false;
    }
  }

  BufferRef arena;
  if (plan.arenaBytes)
    arena = Buffer::allocate(plan.arenaBytes);
  uint32_t lastStop = kNone;
  for (uint32_t i = 0; i < prog->buffers.size(); ++i) {
    const ProgramBuffer &buffer = prog->buffers[i];
    if (buffer.kind == BufferKind::Temporary) {
      run.buffers()[i] = arena ? static_cast<char *>(arena->data()) + plan.offsets[i] : nullptr;
      continue;
    }
    if (buffer.kind == BufferKind::Output) {
      uint32_t donor = donorOf[buffer.index];
      if (donor == kNone) {
        made[i] = Buffer::allocate(plan.bytes[i]);
      } else {
        made[i] = inputs[donor].buffer;
        lastStop = std::min(lastStop, firstWrites[i]);
      }
    }
    run.buffers()[i] = made[i] ? made[i]->data() : nullptr;
  }
  reserveScratch(plan.maxScratch);
  run.fillWords(inputs);
  run.execute(lastStop);

  std::vector<BufferRef> outputs;
  for (uint32_t i = 0; i < prog->outputs.size(); ++i) {
    outputs.push_back(made[outputBuffers[i]]);
    if (donorOf[i] != kNone)
      inputs[donorOf[i]].buffer = BufferRef();
  }
  return outputs;
}

} // namespace mlxir
