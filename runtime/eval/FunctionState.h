// The inside of a jitted function, and one call of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/cache/Store.h"
#include "runtime/eval/Function.h"
#include "runtime/record/Capture.h"

#include <atomic>
#include <optional>

namespace mlxir {

inline constexpr size_t kNoInput = SIZE_MAX;

struct Function::State {
  std::string name;
  size_t numExplicit = 0, numOutputs = 0;
  CapturedGraph graph;
  std::vector<ArrayRef> hidden;       // inputs after the explicit ones
  std::vector<Value> fixed;           // inputs after the hidden ones; then outputs that were there before
  std::vector<ArrayRef> written;      // outputs after the explicit ones
  std::vector<size_t> inputOfWritten; // which input a written array also is, or kNoInput
  std::vector<TensorType> outputTypes;

  /// What an output of the function is: an output of the Program, or an input handed through.
  struct Source {
    bool isInput;
    uint32_t index;
  };
  std::vector<Source> sources;
  bool computes = false; // some output is no input
  SizeMode sizes = SizeMode::Changed;

  /// An integer argument that meets arrays of another dtype: what is given must be a number that the dtype can hold.
  struct NumberCast {
    uint32_t input;
    DType dtype;
  };
  std::vector<NumberCast> numberCasts;
  /// An integer argument that is an index into a dim.
  struct NumberIndex {
    uint32_t input;
    int64_t axis, extent;
  };
  std::vector<NumberIndex> numberIndices;

  std::shared_ptr<Structure> structure;

  /// What runs. Once it is there it stays, so no lock guards it that a fork could leave taken.
  struct Ready {
    CacheEntryRef entry;
    std::shared_ptr<const Plan> plan;
  };
  std::atomic<const Ready *> ready{nullptr};

  ~State() { delete ready.load(std::memory_order_acquire); }
  void program(std::shared_ptr<const Plan> &plan, CacheEntryRef &entry);
  bool accepts(const std::vector<Value> &values) const;
  void requireTypes(const std::vector<Value> &inputs) const;
  void findNumberUses();
  void requireFittingNumbers(const std::vector<Value> &inputs) const;
  std::vector<Value> recordInline(std::vector<Value> inputs);
};

/// One call outside of all scopes. Shared with the thread that finishes it if it was interrupted too late to stop.
class FunctionCall : public std::enable_shared_from_this<FunctionCall> {
public:
  FunctionCall(FunctionRef function, Function::State &state, std::vector<Value> inputs, Span<const uint32_t> donate,
               std::vector<ReplacedArray> replaced);
  ~FunctionCall();
  std::vector<Value> run(bool *interrupted);

private:
  /// A handle that gets an output: an array that the function writes, or one that the caller replaces.
  struct Write {
    ArrayRef handle;
    size_t input; // that it holds, or kNoInput
    size_t output;
    bool isReplaced;
  };

  void gather();
  bool claimWritten();
  bool isUsable(const Write &write, const Value &held) const;
  void keepReplaced();
  void takeInputs();
  void takeInput(size_t i, bool mayDonate);
  Value resultOf(size_t output) const;
  std::vector<Value> promiseResults();
  void takeOutputs();
  void finish();
  void publish();

  FunctionRef function; // keeps `f`
  Function::State &f;
  std::vector<Value> inputs;
  size_t numGiven;
  std::vector<bool> donated; // may be given up
  std::vector<RunInput> runs;
  std::vector<bool> taken;
  std::shared_ptr<const Plan> plan;
  CacheEntryRef entry;
  std::optional<Run> execution;
  std::vector<BufferRef> outputs;
  std::vector<Write> writes;
  // What their handles hold meanwhile, and what they held if that is no input.
  std::vector<Value> pending, before;
  std::vector<std::pair<Value, size_t>> promised; // results that were returned before they were made
  uint32_t claim = 0;
};

} // namespace mlxir
