// Scopes, the lifting of captured arrays, and what is said about tracers that escape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Scope.h"

#include "runtime/array/NodeBuilder.h"
#include "runtime/record/Graph.h"
#include "runtime/record/Recorder.h"
#include "runtime/record/ScopeState.h"
#include "runtime/record/Tape.h"
#include "runtime/record/ThreadState.h"
#include "runtime/support/Location.h"

#include <atomic>

namespace mlxir {
namespace {

std::atomic<uint32_t> lastScopeId{0};

const char *kindName(ScopeKind kind) {
  switch (kind) {
  case ScopeKind::Grad:
    return "grad";
  case ScopeKind::Vmap:
    return "vmap";
  case ScopeKind::Jit:
    return "jit";
  case ScopeKind::Region:
    break;
  }
  return "composite";
}

ScopeState *innermost(ScopeKind kind) {
  ScopeState *s = threadState.scopes;
  while (s && s->kind != kind)
    s = s->outer;
  return s;
}

/// Words of a placeholder: name of what it stands for, whether it is a number, scope kind, name of the function.
enum PlaceholderWord { kDescribe, kIsLiteral, kKind, kFunction, kNumWords };

bool scopeIsOpen(uint32_t id) {
  for (ScopeState *s = threadState.scopes; s; s = s->outer)
    if (s->id == id)
      return true;
  return false;
}

} // namespace

Scope::Scope(ScopeKind kind, const char *name) : state(std::make_unique<ScopeState>()) {
  ThreadState &t = threadState;
  state->kind = kind;
  state->id = lastScopeId.fetch_add(1, std::memory_order_relaxed) + 1;
  state->name = name ? name : "";
  state->outer = t.scopes;
  state->outerScope = t.scope;
  state->outerJit = t.jitScope;
  state->outerTape = t.tape;
  if (kind == ScopeKind::Grad && !t.tape) {
    std::lock_guard<std::mutex> lock(graphLock());
    Tape::open(state->id);
    t.tape = state->id;
  }
  t.scopes = state.get();
  t.scope = state->id;
  if (kind == ScopeKind::Jit)
    t.jitScope = state->id;
}

Scope::~Scope() { close(); }

void Scope::close() {
  if (!state->open)
    return;
  state->open = false;
  ThreadState &t = threadState;
  t.scopes = state->outer;
  t.scope = state->outerScope;
  t.jitScope = state->outerJit;
  t.tape = state->outerTape;
  for (WrittenArray &w : state->written) {
    w.after = w.handle->get();
    w.handle->set(w.before);
  }
  if (state->kind == ScopeKind::Grad && !state->outerTape) {
    std::vector<Value> dropped;
    {
      std::lock_guard<std::mutex> lock(graphLock());
      Tape::close(state->id, dropped);
    }
  }
}

void Scope::keepConstants() { state->keepsConstants = true; }
uint32_t Scope::id() const { return state->id; }
const std::vector<HiddenInput> &Scope::hiddenInputs() const { return state->hidden; }
const std::vector<WrittenArray> &Scope::writtenArrays() const { return state->written; }

Value Scope::placeholder(DType dtype, Span<const int64_t> dims, bool weak, std::string describe) {
  NodeShape shape;
  shape.attrs = kNumWords;
  shape.dims = static_cast<unsigned>(dims.size());
  NodeBuilder builder(NodeKind::Placeholder, 0, shape);
  builder.attr(internName(describe.c_str()));
  builder.attr(weak && state->kind == ScopeKind::Jit);
  builder.attr(static_cast<int64_t>(state->kind));
  builder.attr(internName(state->name.c_str()));
  builder.result(dtype, dims, weak);
  builder.setOrigin(threadState.location, state->id, 0);
  return Value(builder.finish());
}

Value Scope::identity(const Value &value) {
  NodeShape shape;
  shape.operands = 1;
  shape.dims = value.rank();
  NodeBuilder builder(NodeKind::Identity, 0, shape);
  builder.operand(value);
  builder.result(value.dtype(), value.dims(), value.isWeak());
  builder.setOrigin(threadState.location, state->id, threadState.tape);
  return Value(builder.finish());
}

Value use(Array &array) {
  if (__builtin_expect(threadState.jitScope == 0, true))
    return array.get();
  ScopeState *jit = innermost(ScopeKind::Jit);
  if (array.scope() >= jit->id || jit->writtenIndex.count(&array))
    return array.get();
  auto [it, isNew] = jit->hiddenIndex.try_emplace(&array, jit->hidden.size());
  if (!isNew)
    return jit->hidden[it->second].placeholder;
  Value now = array.get();
  NodeShape shape;
  shape.attrs = kNumWords;
  shape.dims = now.rank();
  NodeBuilder builder(NodeKind::Placeholder, 0, shape);
  builder.attr(internName("a captured array"));
  builder.attr(0);
  builder.attr(static_cast<int64_t>(ScopeKind::Jit));
  builder.attr(internName(jit->name.c_str()));
  builder.result(now.dtype(), now.dims());
  builder.setOrigin(threadState.location, jit->id, 0);
  Value placeholder(builder.finish());
  jit->hidden.push_back({ArrayRef(&array), placeholder});
  return placeholder;
}

Value useElements(Array &array) {
  ScopeState *jit = threadState.jitScope ? innermost(ScopeKind::Jit) : nullptr;
  return jit && !jit->keepsConstants ? use(array) : array.get();
}

void assign(Array &array, const Value &value) {
  ThreadState &t = threadState;
  if (!t.scope) {
    array.set(value);
    return;
  }
  ScopeState *vmap = innermost(ScopeKind::Vmap);
  if (vmap && array.scope() < vmap->id && value.node()->scope() >= vmap->id)
    if (NodeRef found = placeholderBelow(value))
      if (found->scope() >= vmap->id)
        raise(ErrorKind::Value, "expected an in-place write under vmap to an array made inside "
                                "the mapped function, got one from outside: return the new "
                                "value instead");
  ScopeState *jit = innermost(ScopeKind::Jit);
  if (jit && array.scope() < jit->id) {
    auto [it, isNew] = jit->writtenIndex.try_emplace(&array, jit->written.size());
    if (isNew)
      jit->written.push_back({ArrayRef(&array), array.get(), Value()});
  }
  array.set(value);
}

bool insideScope(ScopeKind kind) { return innermost(kind) != nullptr; }

NodeRef placeholderBelow(const Value &value) {
  std::lock_guard<std::mutex> lock(graphLock());
  GraphWalk walk(GraphWalk::Evaluate);
  walk.visit({&value, 1});
  return NodeRef(walk.placeholder());
}

void requireConcrete(const Value &value) {
  if (value.isEvaluated())
    return;
  if (NodeRef found = placeholderBelow(value))
    raisePlaceholder(found.get(), threadState.location);
}

void raisePlaceholder(const Node *placeholder, uint32_t userLocation) {
  Span<const int64_t> words = placeholder->attrs();
  auto kind = static_cast<ScopeKind>(words[kKind]);
  std::string function = nameOf(words[kFunction]);
  std::string what = nameOf(words[kDescribe]);
  std::string of = function.empty() ? "" : " of " + function;
  if (what.empty())
    what = "an argument";
  std::string text;
  if (scopeIsOpen(placeholder->scope()))
    text = std::string("expected a concrete array, got a value that depends "
                       "on ") +
           what + of + " inside " + kindName(kind) +
           ": values cannot be read while a function is traced; return them, "
           "or use where() instead of if" +
           (placeholder->slot(0).weak ? ", or make the number a static argument (static_argnums)" : "");
  else
    text = std::string("expected an array, got a leaked tracer: it depends "
                       "on ") +
           what + of + ", whose " + kindName(kind) +
           " has ended or runs in another thread; return the value instead of storing it";
  Location made;
  if (placeholder->location() && resolveLocation(placeholder->location(), made))
    text += " (traced at " + made.file + ":" + std::to_string(made.line) + ")";
  throw Error(ErrorKind::Value, currentFunction(), std::move(text), userLocation);
}

} // namespace mlxir
