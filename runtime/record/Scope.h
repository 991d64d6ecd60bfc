// Scopes: what is being traced on this thread. A grad keeps a tape, a jit lifts captured arrays, vmap and regions hold
// placeholders. A scope that is left by an exception restores everything.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/array/Array.h"

#include <memory>
#include <string>
#include <vector>

namespace mlxir {

enum class ScopeKind : uint8_t {
  Grad,   // grad, vjp, jvp: nodes keep their operands when evaluated
  Vmap,   // placeholders without batch dim
  Jit,    // placeholders; captured handles become hidden inputs
  Region, // the body of a composite
};

struct ScopeState;

/// A captured array that jit lifted: re-read at each call.
struct HiddenInput {
  ArrayRef handle;
  Value placeholder;
};
/// A captured array that was written: its old value, and what it holds at the end.
struct WrittenArray {
  ArrayRef handle;
  Value before, after;
};

/// Opened and closed in stack order on one thread; the destructor closes.
class MLXIR_API Scope {
public:
  /// `name` is the transformed function's, for errors.
  Scope(ScopeKind kind, const char *name);
  ~Scope();
  Scope(const Scope &) = delete;
  Scope &operator=(const Scope &) = delete;

  uint32_t id() const;
  /// A fresh input. `describe` names it in errors: "argument 0 of loss".
  Value placeholder(DType dtype, Span<const int64_t> dims, bool weak = false, std::string describe = "");
  /// A fresh identity node over `value` (D7), for grad and jvp.
  Value identity(const Value &value);

  /// Jit only: captured arrays are constants of the function, so what they hold may be read.
  void keepConstants();
  /// Jit only, in order of first read and first write. `close` fills `after` and puts `before` back.
  const std::vector<HiddenInput> &hiddenInputs() const;
  const std::vector<WrittenArray> &writtenArrays() const;
  /// Ends the scope. Values that were captured before stay valid; a placeholder that is used later is a leaked tracer.
  void close();

  const ScopeState &inside() const { return *state; }

private:
  std::unique_ptr<ScopeState> state;
};

/// The value that ops and transforms work on: `array.get()`, or under jit the hidden input that stands for it.
MLXIR_API Value use(Array &array);
/// The value to read elements of: `array.get()`, or under jit the hidden input, which has none: at the next call the
/// array may hold others.
MLXIR_API Value useElements(Array &array);
/// An in-place write: the handle holds `value` from now on. Under jit, a captured array becomes a hidden output.
/// Raises if the value depends on a placeholder of a vmap that the handle outlives.
MLXIR_API void assign(Array &array, const Value &value);

/// True if the thread is inside a scope of this kind.
MLXIR_API bool insideScope(ScopeKind kind);
/// Raises if `value` depends on a placeholder: says which function's tracer, where it was made, and what to do.
MLXIR_API void requireConcrete(const Value &value);

} // namespace mlxir
