// The runtime with a small stand-in for the compiler: recording, the lazy cut, sizes, donation, transforms, jit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mlxir/runtime.h"
#include "runtime/alloc/Allocator.h"
#include "runtime/array/NodeBuilder.h"
#include "runtime/cache/Cache.h"
#include "runtime/devices/cpu/Plan.h"
#include "runtime/eval/Eval.h"
#include "runtime/eval/Function.h"
#include "runtime/eval/Transform.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Location.h"
#include "test/c/Check.h"
#include "test/c/FakeCompiler.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace mlxir;

static Value floatsOf(int64_t n, float value) {
  BufferRef buffer = Buffer::allocate(static_cast<size_t>(n) * 4);
  for (int64_t i = 0; i < n; ++i)
    static_cast<float *>(buffer->data())[i] = value;
  return makeBufferLeaf(buffer, DType::Float32, {n});
}

static float at(const Value &v, int64_t i = 0) { return static_cast<float *>(materialize(v)->data())[i]; }

static Value add(const Value &a, const Value &b) { return apply(Op::Add, {a, b}); }
static Value mul(const Value &a, const Value &b) { return apply(Op::Multiply, {a, b}); }
static Value mul(const Value &a, double b) { return apply(Op::Multiply, {a, Scalar::of(b)}); }
static Value total(const Value &a) {
  std::vector<int64_t> axes;
  for (unsigned i = 0; i < a.rank(); ++i)
    axes.push_back(i);
  return record(Op::Sum, {a}, Attrs().integers(axes));
}

template <typename F> static std::string errorOf(F &&f, ErrorKind kind) {
  try {
    f();
  } catch (const Error &e) {
    CHECK(e.kind() == kind);
    return e.what();
  }
  return "no error";
}

static bool contains(const std::string &text, const char *part) { return text.find(part) != std::string::npos; }

//===----------------------------------------------------------------------===//
// Memory and nodes
//===----------------------------------------------------------------------===//

static void testAllocator() {
  clearMemoryCache();
  size_t before = memoryInfo().active;
  {
    BufferRef a = Buffer::allocate(1000), big = Buffer::allocate(size_t(9) << 20);
    CHECK(reinterpret_cast<uintptr_t>(a->data()) % 64 == 0);
    CHECK(reinterpret_cast<uintptr_t>(big->data()) % (size_t(2) << 20) == 0);
    CHECK(memoryInfo().active >= before + 1000 + (size_t(9) << 20));
  }
  MemoryInfo info = memoryInfo();
  CHECK(info.active == before && info.cached > size_t(9) << 20 && info.peak > size_t(9) << 20);
  void *first = Buffer::allocate(5000)->data();
  CHECK(Buffer::allocate(5000)->data() == first); // the same block again
  clearMemoryCache();
  CHECK(memoryInfo().cached == 0);

  size_t limit = setMemoryLimit(1 << 20);
  std::string text = errorOf([] { Buffer::allocate(2 << 20); }, ErrorKind::Memory);
  CHECK(contains(text, "2097152 bytes") && contains(text, "live") && contains(text, "cached"));
  setMemoryLimit(limit);
  errorOf([] { Buffer::allocate(SIZE_MAX); }, ErrorKind::Memory);
  size_t cacheLimit = setCacheLimit(0);
  Buffer::allocate(5000);
  CHECK(memoryInfo().cached == 0);
  setCacheLimit(cacheLimit);
}

static void testBorrowed() {
  int released = 0;
  float data[4] = {1, 2, 3, 4};
  {
    BufferRef buffer = Buffer::borrow(data, sizeof data, [](void *c) { ++*static_cast<int *>(c); }, &released);
    BufferRef part = Buffer::slice(buffer, 8, 8);
    buffer = nullptr;
    CHECK(released == 0 && static_cast<float *>(part->data())[0] == 3);
    errorOf([&] { Buffer::slice(part, 8, 1); }, ErrorKind::Value);
  }
  CHECK(released == 1);
}

static void testLongChain() {
  uint64_t before = liveNodes();
  {
    Value v = floatsOf(4, 1);
    for (int i = 0; i < 100000; ++i)
      v = record(Op::Add, {v, v});
    CHECK(liveNodes() == before + 100001);
  }
  CHECK(liveNodes() == before);
}

//===----------------------------------------------------------------------===//
// Recording
//===----------------------------------------------------------------------===//

static void testRecording() {
  Value a = floatsOf(3, 1), b = floatsOf(3, 2);
  Value c = add(a, b);
  CHECK(c.dtype() == DType::Float32 && c.dims().size() == 1 && c.dims()[0] == 3 && !c.isEvaluated());
  CHECK(record(Op::Less, {a, b}).dtype() == DType::Bool);
  CHECK(record(Op::Less, {a, b}).dtype() == DType::Bool); // by the fast path

  setLocation(internLocation("model.py", 12));
  std::string text = errorOf([&] { add(a, floatsOf(4, 1)); }, ErrorKind::Value);
  CHECK(contains(text, "[add]") && contains(text, "(3,) and (4,)") && contains(text, "model.py:12"));
  {
    FunctionName outer("mean");
    text = errorOf([&] { add(a, floatsOf(4, 1)); }, ErrorKind::Value);
    CHECK(contains(text, "[mean]"));
  }
  text =
      errorOf([&] { apply(Op::Add, {broadcastTo(cast(a, DType::Int8), {2, 3}), Scalar::of(300)}); }, ErrorKind::Value);
  CHECK(contains(text, "int8") && contains(text, "300"));
  setLocation(0);
  errorOf([&] { fill(Scalar::of(0.0), DType::Float32, {int64_t(1) << 40, int64_t(1) << 40}); }, ErrorKind::Memory);
}

static void testPromotion() {
  CHECK(promoteTypes(DType::Int32, DType::Float16) == DType::Float16);
  CHECK(promoteTypes(DType::BFloat16, DType::Float16) == DType::Float32);
  CHECK(promoteTypes(DType::UInt64, DType::Int64) == DType::Float32);
  CHECK(promoteScalar(DType::Int8, Scalar::of(1.5)) == DType::Float32);
  CHECK(promoteScalar(DType::Float16, Scalar::of(1.5)) == DType::Float16);
  CHECK(scalarBits(Scalar::of(1.0), DType::Float16) == 0x3c00);
  CHECK(scalarBits(Scalar::of(-2), DType::Int8) == 0xfe);
  CHECK(scalarBits(Scalar::of(65520.0), DType::Float16) == 0x7c00);
  CHECK(scalarBits(Scalar::of(5.9604645e-8), DType::Float16) == 1);
  CHECK(scalarBits(Scalar::of(1.0), DType::BFloat16) == 0x3f80);
  Value weak = weakLiteral(Scalar::of(2.0));
  CHECK(apply(Op::Multiply, {weak, Scalar::of(3)}).isWeak());
  CHECK(apply(Op::Multiply, {weak, cast(floatsOf(2, 1), DType::Float16)}).dtype() == DType::Float16);
}

//===----------------------------------------------------------------------===//
// The lazy cut
//===----------------------------------------------------------------------===//

static void testEvaluation() {
  Value x = floatsOf(16, 1);
  Value y = x;
  for (int i = 0; i < 10; ++i)
    y = add(mul(y, 1.25), x);
  float expected = 1;
  for (int i = 0; i < 10; ++i)
    expected = expected * 1.25f + 1;
  CHECK(at(y, 15) == expected);
  CHECK(y.node()->operands().empty());

  int compiles = fake::compiles;
  Value z = x; // the same structure with other numbers: no compilation
  for (int i = 0; i < 10; ++i)
    z = add(mul(z, 1.5), x);
  CHECK(at(z) != expected && fake::compiles == compiles);
}

static void testOutputsOfACut() {
  Value x = floatsOf(8, 2);
  ArrayRef cheap = Array::make(mul(x, 3.0)), expensive = Array::make(total(cheap->get()));
  Value last = add(expensive->get(), expensive->get());
  CHECK(at(last) == 96);
  CHECK(expensive->get().isEvaluated() && !cheap->get().isEvaluated());
  CHECK(at(cheap->get()) == 6);

  // A cheap update that outlives an evaluation and is needed again is handed out: the chain does not grow.
  ArrayRef w = Array::make(floatsOf(8, 1));
  int compiles = 0;
  for (int i = 0; i < 6; ++i) {
    w->set(add(w->get(), mul(x, 0.25)));
    at(total(w->get()));
    if (i == 2)
      compiles = fake::compiles;
  }
  CHECK(fake::compiles == compiles);
  CHECK(at(w->get()) == 4);
}

static void testSizes() {
  auto f = [](int64_t n) { return at(total(add(mul(floatsOf(n, 1), 3.25), floatsOf(n, 1)))); };
  int before = fake::compiles;
  CHECK(f(10) == 42.5f);
  CHECK(fake::compiles == before + 1);
  CHECK(f(20) == 85);
  CHECK(fake::compiles == before + 2);
  for (int64_t n = 21; n < 60; ++n)
    CHECK(f(n) == 4.25f * static_cast<float>(n));
  CHECK(fake::compiles == before + 2);
  CHECK(f(1) == 4.25f); // another class of sizes
  CHECK(fake::compiles == before + 3);

  // Two sizes that happened to be equal, and then are not.
  auto g = [](int64_t n, int64_t m) { return at(add(total(floatsOf(n, 1)), total(mul(floatsOf(m, 1), 7.0)))); };
  CHECK(g(5, 5) == 40 && g(6, 6) == 48);
  before = fake::compiles;
  CHECK(g(9, 9) == 72 && fake::compiles == before);
  CHECK(g(9, 3) == 30 && fake::compiles == before + 1);
  CHECK(g(4, 17) == 123 && fake::compiles == before + 1);
}

static void testDonation() {
  Value x = floatsOf(2000, 1);
  void *memory = x.buffer()->data();
  Value y = mul(x, 1.75);
  x = Value();
  CHECK(materialize(y)->data() == memory && at(y, 1999) == 1.75f);

  float data[100] = {};
  int released = 0;
  Value borrowed = makeBufferLeaf(
      Buffer::borrow(data, sizeof data, [](void *c) { ++*static_cast<int *>(c); }, &released), DType::Float32, {100});
  Value z = apply(Op::Add, {borrowed, Scalar::of(7.0)});
  borrowed = Value();
  CHECK(at(z, 99) == 7 && data[99] == 0 && released == 1);

  ArrayRef kept = Array::make(floatsOf(50, 1));
  CHECK(at(mul(kept->get(), 5.0)) == 5 && at(kept->get()) == 1);
}

static void testFailureLeavesGraph() {
  Value x = floatsOf(64, 2);
  Value y = mul(x, 1.125);
  x = Value();
  for (const char *point : {"alloc:1", "launch:1"}) {
    setFaults(point);
    CHECK(!y.isEvaluated());
    errorOf([&] { evaluate({y}); }, point[0] == 'a' ? ErrorKind::Memory : ErrorKind::Runtime);
    setFaults(nullptr);
  }
  CHECK(at(y, 63) == 2.25f);
  Value unsupported = record(Op::Exp, {floatsOf(3, 1)});
  CHECK(contains(errorOf([&] { evaluate({unsupported}); }, ErrorKind::Runtime), "no kernel for exp"));
  fake::badProgram = true;
  Value damaged = total(add(mul(floatsOf(3, 1), 3.0), floatsOf(3, 4)));
  errorOf([&] { evaluate({damaged}); }, ErrorKind::Runtime);
  fake::badProgram = false;
  CHECK(at(damaged) == 21);
}

static void testFlush() {
  setFlushLimits(100, 0);
  Value v = floatsOf(4, 1);
  int flushes = 0, before = fake::compiles;
  for (int i = 0; i < 1000; ++i) {
    setLocation(7);
    v = apply(Op::Add, {v, Scalar::of(3.0)});
    setLocation(8);
    v = apply(Op::Multiply, {v, Scalar::of(0.25)});
    if (flushIsDue(v)) {
      evaluate({v});
      ++flushes;
    }
  }
  setLocation(0);
  CHECK(flushes >= 10 && flushes <= 20 && std::fabs(at(v) - 1) < 1e-5f);
  CHECK(fake::compiles - before <= 3);
  setFlushLimits(4096, 0);
}

//===----------------------------------------------------------------------===//
// Transforms and jit
//===----------------------------------------------------------------------===//

static void testGradient() {
  for (int round = 0; round < 2; ++round) {
    int before = fake::transforms;
    for (int64_t n : {3, 5, 7}) {
      Value x = floatsOf(n, 3), gradient;
      {
        Scope scope(ScopeKind::Grad, "f");
        Value in = scope.identity(x);
        Value out = mul(mul(in, in), in);
        Value other = add(x, x); // a closure over the same array is not differentiated
        out = mul(out, other);
        if (round == 1)
          CHECK(at(out) == 162); // read on the way: the tape keeps what the gradient needs
        gradient = vjp(scope, {in}, {out}, {floatsOf(n, 1)})[0];
      }
      CHECK(at(gradient, n - 1) == 162); // d(6 x^3) with 6 fixed: 3 x^2 * 6
    }
    CHECK(fake::transforms == before + (round == 0 ? 1 : 0));
  }
  // Second order: the inner gradient depends on the outer input.
  Value x = floatsOf(4, 2), second;
  {
    Scope outer(ScopeKind::Grad, "g");
    Value a = outer.identity(x), first;
    {
      Scope inner(ScopeKind::Grad, "f");
      Value b = inner.identity(a);
      first = vjp(inner, {b}, {mul(mul(b, b), b)}, {floatsOf(4, 1)})[0];
    }
    second = vjp(outer, {a}, {first}, {floatsOf(4, 1)})[0];
  }
  CHECK(at(second) == 12); // 6 x
}

static void testPlaceholders() {
  Value leaked;
  setLocation(internLocation("leak.py", 3));
  {
    Scope scope(ScopeKind::Vmap, "rows");
    Value p = scope.placeholder(DType::Float32, {4}, false, "argument 0");
    leaked = add(p, p);
    std::string text = errorOf([&] { at(leaked); }, ErrorKind::Value);
    CHECK(contains(text, "argument 0 of rows") && contains(text, "vmap") && contains(text, "leak.py:3"));
  }
  CHECK(contains(errorOf([&] { at(leaked); }, ErrorKind::Value), "leaked tracer"));
  setLocation(0);
}

static FunctionRef jitStep(const ArrayRef &state, const ArrayRef &captured) {
  Scope scope(ScopeKind::Jit, "step");
  Value x = scope.placeholder(DType::Float32, {8});
  Value rate = scope.placeholder(DType::Float32, {}, true);
  assign(*state, add(use(*state), apply(Op::Multiply, {x, rate})));
  Value loss = total(mul(use(*state), use(*captured)));
  return Function::capture(scope, {x, rate}, {loss, x});
}

static void testFunction() {
  ArrayRef state = Array::make(floatsOf(8, 1)), captured = Array::make(floatsOf(8, 1));
  FunctionRef f = jitStep(state, captured);
  CHECK(at(state->get()) == 1 && f->hiddenInputs().size() == 2 && f->writtenArrays().size() == 1);
  CHECK(f->numInputs() == 2 && f->numOutputs() == 2);

  Value x = floatsOf(8, 1);
  void *memory = state->get().buffer()->data();
  int before = fake::compiles;
  std::vector<Value> out = f->call({x, weakLiteral(Scalar::of(0.5))});
  CHECK(at(out[0]) == 12 && out[1] == x && at(state->get()) == 1.5f);
  CHECK(fake::compiles == before + 1);
  // Another number and another captured array: the same Program.
  captured->set(floatsOf(8, 2));
  CHECK(at(f->call({x, weakLiteral(Scalar::of(0.25))})[0]) == 28 && at(state->get()) == 1.75f);
  CHECK(fake::compiles == before + 1);
  (void)memory;

  // A failing run leaves the state as it was.
  setFaults("launch:3");
  errorOf([&] { f->call({x, weakLiteral(Scalar::of(1.0))}); }, ErrorKind::Runtime);
  setFaults(nullptr);
  CHECK(at(state->get()) == 1.75f);

  // Inside a grad the function is recorded, and can be differentiated.
  Value gradient;
  {
    Scope scope(ScopeKind::Grad, "g");
    Value in = scope.identity(x);
    FunctionRef square;
    {
      Scope jit(ScopeKind::Jit, "square");
      Value p = jit.placeholder(DType::Float32, {8});
      square = Function::capture(jit, {p}, {mul(p, p)});
    }
    gradient = vjp(scope, {in}, square->call({in}), {floatsOf(8, 1)})[0];
  }
  CHECK(at(gradient) == 2);
  CHECK(contains(errorOf([&] { f->call({floatsOf(9, 1), weakLiteral(Scalar::of(1.0))}); }, ErrorKind::Value), "step"));
}

static void testStateDonation() {
  ArrayRef state = Array::make(floatsOf(2000, 1));
  FunctionRef f;
  {
    Scope scope(ScopeKind::Jit, "grow");
    assign(*state, mul(use(*state), 3.0));
    f = Function::capture(scope, {}, {});
  }
  void *memory = state->get().buffer()->data();
  f->call({});
  CHECK(state->get().buffer()->data() == memory && at(state->get()) == 3);
  Value view = state->get();
  f->call({});
  CHECK(state->get().buffer()->data() != memory && at(view) == 3 && at(state->get()) == 9);
}

//===----------------------------------------------------------------------===//
// The C API and plans
//===----------------------------------------------------------------------===//

static void testProgramOfC() {
  Trace trace; // x * literal + x, for any length
  trace.numSymbols = 1;
  trace.sample = {4};
  TensorType vector = {DType::Float32, {trace.sizes.symbol(0)}}, scalar = {DType::Float32, {}};
  trace.inputs = {{InputKind::Array, vector}, {InputKind::Literal, scalar}};
  auto node = [&](Op op, std::vector<ValueId> operands, std::vector<int64_t> attrs) {
    TraceNode n;
    n.op = static_cast<uint16_t>(op);
    n.operands = std::move(operands);
    n.attrs = std::move(attrs);
    n.types = {vector};
    trace.nodes.push_back(n);
  };
  node(Op::Broadcast, {1}, {0, 1, vector.dims[0].bits});
  node(Op::Multiply, {0, 2}, {});
  node(Op::Add, {3, 0}, {});
  trace.outputs = {4};
  fake::Builder builder(trace);
  std::string error;
  CHECK(builder.build(error));
  std::vector<uint8_t> flat;
  writeProgram(builder.p, flat);

  mlxir_program *program = mlxir_program_load(flat.data(), flat.size());
  CHECK(program && mlxir_program_num_inputs(program) == 2 && mlxir_program_num_outputs(program) == 1);
  float x[3] = {1, 2, 3}, number = 0.5f;
  mlxir_operand inputs[2] = {{x, sizeof x, 0}, {nullptr, 0, 0}};
  std::memcpy(&inputs[1].literal, &number, sizeof number);
  int64_t length = 3;
  mlxir_buffer *output = nullptr;
  CHECK(mlxir_program_run(program, &length, inputs, &output) == 0);
  CHECK(mlxir_buffer_size(output) == sizeof x && static_cast<float *>(mlxir_buffer_data(output))[2] == 4.5f);
  mlxir_buffer_free(output);
  length = 4;
  CHECK(mlxir_program_run(program, &length, inputs, &output) == -1);
  CHECK(contains(mlxir_last_error(), "expected input 0 of 16 bytes, got 12"));
  mlxir_program_free(program);
}

/// Blocks whose lifetimes touch never overlap, and the arena is no larger than all that is alive at once, twice.
static void testPlacement() {
  unsigned state = 1;
  auto next = [&](unsigned below) { return (state = state * 1664525 + 1013904223) >> 8 & 0xffff ? state % below : 0; };
  for (int round = 0; round < 200; ++round) {
    std::vector<Lifetime> lives(40);
    std::vector<uint64_t> bytes, offsets, alive(100);
    for (Lifetime &life : lives) {
      life.first = next(90);
      life.last = life.first + next(10);
      bytes.push_back(next(1000));
      for (uint32_t t = life.first; t <= life.last; ++t)
        alive[t] += bytes.back() + 64;
    }
    uint64_t size = placeBlocks(lives, bytes, offsets);
    CHECK(size <= 2 * *std::max_element(alive.begin(), alive.end()));
    for (size_t i = 0; i < lives.size(); ++i)
      for (size_t j = 0; j < i; ++j) {
        bool together = lives[i].first <= lives[j].last && lives[j].first <= lives[i].last;
        bool apart = offsets[i] + bytes[i] <= offsets[j] || offsets[j] + bytes[j] <= offsets[i];
        CHECK(!together || apart || !bytes[i] || !bytes[j]);
        CHECK(offsets[i] % 64 == 0 && offsets[i] + bytes[i] <= size);
      }
  }
}

/// A buffer used in a loop lives through all of it; branches and jumps are taken.
static void testLoops() {
  // counter = 3 times: acc += x; counted down by a kernel of the test.
  Program p;
  p.target = "fake";
  std::vector<uint8_t> &code = p.code;
  auto kernel = [&](CpuKernel k) {
    p.kernels.push_back({"k", fake::emitJump(code, k)});
    return static_cast<uint32_t>(p.kernels.size() - 1);
  };
  p.inputs = {{false, DType::Float32, {}}};
  p.outputs = {{DType::Float32, {}, 1}};
  p.buffers = {{BufferKind::Input, 0, Size::constant(4)},
               {BufferKind::Output, 0, Size::constant(4)},
               {BufferKind::Temporary, 0, Size::constant(1)},
               {BufferKind::Temporary, 0, Size::constant(1)}};
  auto buffer = [](uint32_t i, bool written) { return CommandArg{ArgKind::Buffer, i, Size(), written}; };
  auto command = [&](CommandKind kind, std::vector<CommandArg> args, uint32_t callee, uint32_t target) {
    Command c;
    c.kind = kind;
    c.args = std::move(args);
    c.callee = callee;
    c.target = target;
    c.grid = c.grain = Size::constant(1);
    c.scratch = Size::constant(0);
    p.commands.push_back(c);
  };
  CpuKernel start = [](const uint64_t *args, int64_t, int64_t, void *) { *reinterpret_cast<uint8_t *>(args[0]) = 3; };
  CpuKernel body = [](const uint64_t *args, int64_t, int64_t, void *) {
    *fake::floats(args[1]) += *fake::floats(args[0]);
    --*reinterpret_cast<uint8_t *>(args[2]);
  };
  command(CommandKind::Fill, {buffer(1, true)}, 0, 0);
  command(CommandKind::Launch, {buffer(2, true)}, kernel(start), 0);
  command(CommandKind::Branch, {buffer(2, false)}, 0, 6); // the loop's head
  command(CommandKind::Launch, {buffer(0, false), buffer(1, true), buffer(2, true)}, kernel(body), 0);
  command(CommandKind::Copy, {buffer(2, false), buffer(3, true)}, 0, 0);
  command(CommandKind::Jump, {}, 0, 2);
  command(CommandKind::Return, {}, 0, 0);
  while (code.size() % 4096)
    code.push_back(0xcc);
  p.codeReadOnly = code.size();
  std::vector<Lifetime> lives = bufferLifetimes(p);
  CHECK(lives[3].first == 2 && lives[3].last == 5 && lives[2].first == 1 && lives[2].last == 5);

  std::vector<uint8_t> flat;
  writeProgram(p, flat);
  mlxir_program *program = mlxir_program_load(flat.data(), flat.size());
  CHECK(program);
  float x = 2.5f;
  mlxir_operand input = {&x, sizeof x, 0};
  mlxir_buffer *output = nullptr;
  CHECK(program && mlxir_program_run(program, nullptr, &input, &output) == 0);
  CHECK(*static_cast<float *>(mlxir_buffer_data(output)) == 7.5f);
  mlxir_buffer_free(output);
  mlxir_program_free(program);
}

int main() {
  setenv("MLXIR_CACHE", "off", 1);
  fake::install();
  testAllocator();
  testBorrowed();
  testLongChain();
  testRecording();
  testPromotion();
  testEvaluation();
  testOutputsOfACut();
  testSizes();
  testDonation();
  testFailureLeavesGraph();
  testFlush();
  testGradient();
  testPlaceholders();
  testFunction();
  testStateDonation();
  testProgramOfC();
  testPlacement();
  testLoops();
  return check::finish();
}
