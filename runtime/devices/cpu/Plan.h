// A plan: everything of a Program that follows from its symbol values. Offsets of temporaries come from lifetimes by
// one pass over the schedule (D3); it is made once per tuple of symbol values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/format/Program.h"
#include "runtime/support/Export.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace mlxir {

/// First and last command that touches a buffer; loops count as a whole.
struct Lifetime {
  uint32_t first = UINT32_MAX, last = 0;
  bool isUsed() const { return first != UINT32_MAX; }
};
MLXIR_API std::vector<Lifetime> bufferLifetimes(const Program &program);

/// Places blocks of `bytes` with the given lifetimes; returns the arena's size. Unused blocks get offset 0.
MLXIR_API uint64_t placeBlocks(const std::vector<Lifetime> &lifetimes, const std::vector<uint64_t> &bytes,
                               std::vector<uint64_t> &offsets);

struct PlannedCommand {
  CommandKind kind;
  uint32_t callee, target;
  int64_t grid, grain;
  uint64_t scratch;
  uint32_t firstWord, numWords; // of Plan::words
};

/// An argument word that a run fills in: the address of a buffer, or bits of a literal.
struct PatchedWord {
  uint32_t word, index;
  bool isLiteral;
};

struct Plan {
  std::vector<int64_t> symbols;
  std::vector<uint64_t> bytes;   // of each buffer
  std::vector<uint64_t> offsets; // of temporaries, in the arena
  uint64_t arenaBytes = 0;
  uint64_t maxScratch = 0; // of any command
  std::vector<PlannedCommand> commands;
  std::vector<uint64_t> words; // arguments, sizes filled in
  std::vector<PatchedWord> patches;
  std::vector<Donation> donations; // those whose sizes agree
};

/// Null with `error` set if a size is negative or beyond 2^62: the Program does not fit these symbols.
std::unique_ptr<Plan> makePlan(const Program &program, const std::vector<Lifetime> &lifetimes,
                               const std::vector<int64_t> &symbols, std::string &error);

} // namespace mlxir
