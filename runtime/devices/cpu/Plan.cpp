// Lifetimes, placement, and the evaluation of a schedule's sizes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/cpu/Plan.h"

#include <algorithm>
#include <map>

namespace mlxir {
namespace {

constexpr uint64_t kAlign = 64;
/// From the first write to a donated buffer on, a run cannot be stopped: a step's counter is not worth that.
constexpr uint64_t kLeastDonated = 4096;
constexpr int64_t kMaxBytes = int64_t(1) << 62;

void touch(Lifetime &life, uint32_t command) {
  life.first = std::min(life.first, command);
  life.last = std::max(life.last, command);
}

/// What is touched inside a loop lives through all of it. Repeats until inner loops have widened into outer ones.
void widenOverLoops(const Program &program, std::vector<Lifetime> &lives) {
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t at = 0; at < program.commands.size(); ++at) {
      const Command &c = program.commands[at];
      bool jumps = c.kind == CommandKind::Jump || c.kind == CommandKind::Branch;
      if (!jumps || c.target > at)
        continue;
      for (Lifetime &life : lives) {
        if (!life.isUsed() || life.first > at || life.last < c.target)
          continue;
        changed |= life.first > c.target || life.last < at;
        touch(life, c.target);
        touch(life, at);
      }
    }
  }
}

/// Free ranges of the arena by offset.
class FreeRanges {
public:
  uint64_t take(uint64_t bytes) {
    auto best = ranges.end();
    for (auto it = ranges.begin(); it != ranges.end(); ++it)
      if (it->second >= bytes && (best == ranges.end() || it->second < best->second))
        best = it;
    if (best == ranges.end())
      return grow(bytes);
    uint64_t offset = best->first, left = best->second - bytes;
    ranges.erase(best);
    if (left)
      ranges.emplace(offset + bytes, left);
    return offset;
  }
  void give(uint64_t offset, uint64_t bytes) {
    auto after = ranges.lower_bound(offset);
    if (after != ranges.end() && offset + bytes == after->first) {
      bytes += after->second;
      after = ranges.erase(after);
    }
    if (after != ranges.begin()) {
      auto before = std::prev(after);
      if (before->first + before->second == offset) {
        before->second += bytes;
        return;
      }
    }
    ranges.emplace(offset, bytes);
  }
  uint64_t size() const { return end; }

private:
  /// At the end of the arena, starting within a free range that reaches it.
  uint64_t grow(uint64_t bytes) {
    uint64_t offset = end;
    if (!ranges.empty()) {
      auto last = std::prev(ranges.end());
      if (last->first + last->second == end) {
        offset = last->first;
        ranges.erase(last);
      }
    }
    end = offset + bytes;
    return offset;
  }
  std::map<uint64_t, uint64_t> ranges;
  uint64_t end = 0;
};

int64_t evaluateSize(Size size, const std::vector<int64_t> &expressions) {
  return size.isConstant() ? size.value() : expressions[size.id()];
}

/// Both buffers are equally large and not small, the input is handed on to nobody, and is not read after the output is
/// written.
bool donationHolds(const Program &program, const std::vector<Lifetime> &lifetimes, const Plan &plan,
                   const Donation &donation) {
  uint32_t out = program.outputs[donation.output].buffer;
  for (uint32_t in = 0; in < program.buffers.size(); ++in) {
    if (program.buffers[in].kind != BufferKind::Input || program.buffers[in].index != donation.input)
      continue;
    bool isReturned = false;
    for (const ProgramOutput &o : program.outputs)
      isReturned |= o.buffer == in;
    return !isReturned && program.buffers[out].kind == BufferKind::Output &&
           program.buffers[out].index == donation.output && plan.bytes[in] == plan.bytes[out] &&
           plan.bytes[in] >= kLeastDonated && lifetimes[in].isUsed() && lifetimes[in].last <= lifetimes[out].first;
  }
  return false;
}

} // namespace

std::vector<Lifetime> bufferLifetimes(const Program &program) {
  std::vector<Lifetime> lives(program.buffers.size());
  for (uint32_t at = 0; at < program.commands.size(); ++at)
    for (const CommandArg &arg : program.commands[at].args)
      if (arg.kind == ArgKind::Buffer)
        touch(lives[arg.index], at);
  widenOverLoops(program, lives);
  return lives;
}

uint64_t placeBlocks(const std::vector<Lifetime> &lifetimes, const std::vector<uint64_t> &bytes,
                     std::vector<uint64_t> &offsets) {
  std::vector<uint32_t> starts;
  for (uint32_t i = 0; i < lifetimes.size(); ++i)
    if (lifetimes[i].isUsed() && bytes[i])
      starts.push_back(i);
  std::vector<uint32_t> ends = starts;
  std::sort(starts.begin(), starts.end(), [&](uint32_t a, uint32_t b) {
    return std::make_pair(lifetimes[a].first, a) < std::make_pair(lifetimes[b].first, b);
  });
  std::sort(ends.begin(), ends.end(), [&](uint32_t a, uint32_t b) {
    return std::make_pair(lifetimes[a].last, a) < std::make_pair(lifetimes[b].last, b);
  });
  auto rounded = [&](uint32_t i) { return (bytes[i] + kAlign - 1) / kAlign * kAlign; };
  offsets.assign(lifetimes.size(), 0);
  FreeRanges free;
  size_t done = 0;
  for (uint32_t i : starts) {
    for (; lifetimes[ends[done]].last < lifetimes[i].first; ++done)
      free.give(offsets[ends[done]], rounded(ends[done]));
    offsets[i] = free.take(rounded(i));
  }
  return free.size();
}

std::unique_ptr<Plan> makePlan(const Program &program, const std::vector<Lifetime> &lifetimes,
                               const std::vector<int64_t> &symbols, std::string &error) {
  auto plan = std::make_unique<Plan>();
  plan->symbols = symbols;
  std::vector<int64_t> expressions;
  program.sizes.evaluateAll(symbols.data(), expressions);
  auto size = [&](Size s) {
    int64_t value = evaluateSize(s, expressions);
    if (value < 0 || value > kMaxBytes) {
      error = "a size of the Program is out of range: " + program.sizes.str(s);
      value = 0;
    }
    return value;
  };

  std::vector<uint64_t> temporary;
  for (const ProgramBuffer &buffer : program.buffers) {
    plan->bytes.push_back(static_cast<uint64_t>(size(buffer.bytes)));
    bool isTemporary = buffer.kind == BufferKind::Temporary;
    temporary.push_back(isTemporary ? plan->bytes.back() : 0);
  }
  plan->arenaBytes = placeBlocks(lifetimes, temporary, plan->offsets);

  for (const Command &c : program.commands) {
    PlannedCommand planned = {c.kind,
                              c.callee,
                              c.target,
                              size(c.grid),
                              std::max<int64_t>(size(c.grain), 1),
                              static_cast<uint64_t>(size(c.scratch)),
                              static_cast<uint32_t>(plan->words.size()),
                              static_cast<uint32_t>(c.args.size())};
    for (const CommandArg &arg : c.args) {
      auto word = static_cast<uint32_t>(plan->words.size());
      plan->words.push_back(0);
      if (arg.kind == ArgKind::Size)
        plan->words[word] = static_cast<uint64_t>(evaluateSize(arg.size, expressions));
      else
        plan->patches.push_back({word, arg.index, arg.kind == ArgKind::Literal});
    }
    plan->commands.push_back(planned);
    plan->maxScratch = std::max(plan->maxScratch, planned.scratch);
  }
  for (const Donation &d : program.donations)
    if (donationHolds(program, lifetimes, *plan, d))
      plan->donations.push_back(d);
  return error.empty() ? std::move(plan) : nullptr;
}

} // namespace mlxir
