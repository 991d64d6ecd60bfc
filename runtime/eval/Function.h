// A jitted function: its captured graph, called again and again with other arrays, numbers and sizes (D6).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/record/Scope.h"

#include <utility>

namespace mlxir {

/// An array handle that the caller fills with an output instead of the input that it holds: nobody else knows the
/// handle, so the input's buffer may become the output's (D10). The handle is pending meanwhile.
struct ReplacedArray {
  ArrayRef handle;
  uint32_t input, output;
};

/// Immutable after capture; any thread may call it.
class MLXIR_API Function {
public:
  /// Call at the end of a Jit scope, before it is closed. `inputs` are its placeholders in argument order. Outputs of
  /// the function are `outputs`, then the written arrays of the scope.
  static Ref<Function> capture(Scope &scope, Span<const Value> inputs, Span<const Value> outputs);

  /// Runs it: hidden inputs are read from their handles, written arrays set. Inputs are values of the captured dtypes
  /// and dims (weak literals for numbers). `donate` lists inputs that the caller gives up: their buffers may be
  /// reused if nobody else holds them; so may those of `replaced` arrays, which hold their outputs afterwards.
  /// Inside another scope the graph is recorded there instead of being run. Call without the GIL. Returns the explicit
  /// outputs. An interrupt raises Error(Interrupted) and leaves everything as it was. If that is too late, since memory
  /// of an input is being written, the call is finished by another thread: `interrupted` is set, outputs and written
  /// arrays are pending. Without `interrupted` it is finished here.
  std::vector<Value> call(std::vector<Value> inputs, Span<const uint32_t> donate = {},
                          std::vector<ReplacedArray> replaced = {}, bool *interrupted = nullptr);

  /// True if `inputs` and the arrays that were captured still have the types they were traced with. Otherwise trace
  /// the function again.
  bool accepts(Span<const Value> inputs) const;

  /// From now on hidden inputs that are not written keep the values they have now: constants.
  void freezeHidden();

  /// Before the first call: whether all sizes are run-time values, or none, and not those that change.
  void setDynamic(bool dynamic);

  unsigned numInputs() const;
  unsigned numOutputs() const;
  const std::vector<ArrayRef> &hiddenInputs() const;
  const std::vector<ArrayRef> &writtenArrays() const;
  /// Number of nodes, for reports.
  unsigned numNodes() const;

  /// The flat trace as the compiler gets it (constant sizes).
  std::vector<uint8_t> traceBytes() const;
  /// Text of the named stages ("mlxir,kernels,linalg,llvm,asm"), from the compiler.
  std::vector<std::pair<std::string, std::string>> stages(const std::string &names) const;

  void retain() { refs.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

  struct State;

private:
  Function();
  ~Function();
  std::unique_ptr<State> state;
  std::atomic<uint32_t> refs{1};
};

using FunctionRef = Ref<Function>;

} // namespace mlxir
